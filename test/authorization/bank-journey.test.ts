/** The journey of the bank's own customers: codes by chance, sent by the bank's Worker; no test customers, no fixed code. */
import { describe, expect, it } from 'vitest';
import { bankJourney } from '#authorization/bank-journey.flow.ts';
import type { CodeMessage } from '#authorization/second-factor.ts';
import { PRODUCTION } from '../support/production.ts';
import { testScope } from '../support/scope.ts';

const MESSAGE: CodeMessage = {
  tenantId: 'bank',
  customerId: 'cus_1',
  code: '000042',
  softwareName: 'Nutkin',
  organisationName: 'Nutkin Money Ltd',
  purpose: 'identity',
};

function portsWith(sendCode: (message: unknown) => Promise<unknown>) {
  const scope = testScope({ bindings: { ...PRODUCTION, CODE_SENDER: { sendCode } } });
  const ports = bankJourney(scope);
  if (!ports.ok) throw new Error(ports.refusal.reason);
  return { scope, ports: ports.value };
}

describe('in production', () => {
  it('each code is six digits, and each digit comes at each place', () => {
    const { ports } = portsWith(() => Promise.resolve({}));
    const codes = Array.from({ length: 500 }, () => ports.secondFactor.newCode());
    expect(codes.filter((code) => !/^\d{6}$/.test(code))).toEqual([]);
    expect(new Set(codes).size).toBeGreaterThan(490);
    for (let place = 0; place < 6; place += 1)
      expect(new Set(codes.map((code) => code[place])).size).toBe(10);
  });

  it('the bank’s Worker is told the whole message and the request id, and says where it sent it', async () => {
    const told: unknown[] = [];
    const { scope, ports } = portsWith((message) => {
      told.push(message);
      return Promise.resolve({ sentTo: '…01' });
    });
    expect(await ports.codeSender.send(scope, MESSAGE)).toEqual({ ok: true, value: { sentTo: '…01' } });
    expect(told).toEqual([{ ...MESSAGE, requestId: scope.requestId }]);
  });

  it('a Worker that fails is a refusal, which names no code', async () => {
    const { scope, ports } = portsWith(() => Promise.reject(new Error('no route')));
    const sent = await ports.codeSender.send(scope, MESSAGE);
    expect(sent).toMatchObject({ ok: false, refusal: { code: 'service_unavailable' } });
    expect(JSON.stringify(sent)).not.toContain(MESSAGE.code);
  });

  it('every organisation meets the one tenant, and no test customers', async () => {
    const { scope, ports } = portsWith(() => Promise.resolve({}));
    expect(await ports.tenants.ready(scope, 'org_a')).toBe(await ports.tenants.peek(scope, 'org_b'));
    expect(ports.testCustomers).toBeUndefined();
  });
});
