/** The journey of the bank's own customers: codes by chance, sent by the bank's Worker; no test customers, no fixed code. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { bankJourney } from '#authorization/bank-journey.flow.ts';
import type { CodeMessage } from '#authorization/second-factor.ts';
import { hashPassword } from '#bank/password.ts';
import { testApp } from '../support/app.ts';
import { insertTestAccount } from '../support/bank-rows.ts';
import { type Landed, testBrowser } from '../support/browser.ts';
import { answerOf, beginJourney } from '../support/journey.ts';
import { PRODUCTION } from '../support/production.ts';
import { productionRing } from '../support/production-ring.ts';
import { testScope } from '../support/scope.ts';

const MESSAGE: CodeMessage = {
  tenantId: 'bank',
  customerId: 'cus_1',
  code: '000042',
  softwareName: 'Nutkin',
  organisationName: 'Nutkin Money Ltd',
  purpose: 'identity',
};

const PASSWORD = 'a pass phrase of its own';

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

it('a customer of the bank logs in with the code that the bank’s Worker sent, and approves', async () => {
  const tenantId = 'bank';
  const accountId = 'acc_7000000001';
  const digest = await hashPassword(PASSWORD);
  await insertTestAccount(tenantId, accountId);
  await env.DB.batch([
    env.DB.prepare('INSERT INTO customers VALUES (?, ?, ?, ?, ?, 0)').bind(
      tenantId,
      'cus_70',
      'nutmeg',
      'Nutmeg Hamster',
      digest.ok ? digest.value : '',
    ),
    env.DB.prepare('INSERT INTO account_holders VALUES (?, ?, ?)').bind(tenantId, 'cus_70', accountId),
  ]);
  const codes: string[] = [];
  const sendCode = ({ code, customerId }: CodeMessage) => {
    expect(customerId).toBe('cus_70');
    codes.push(code);
    return Promise.resolve({ sentTo: '•••• 4321' });
  };
  const bindings = { ...PRODUCTION, CODE_SENDER: { sendCode }, KEY_RING: productionRing() };
  const app = testApp({ origin: PRODUCTION.ISSUER, bindings });
  const journey = await beginJourney({ app });
  const browser = testBrowser(app);
  const post = (step: string, page: Landed, fields: Record<string, string>) =>
    browser.post(
      `/oauth/authorize/${step}`,
      { interaction: page.interaction, ...fields },
      { origin: PRODUCTION.ISSUER },
    );
  const follow = ({ location }: Landed) => browser.get(location ?? '/nowhere');
  const login = await browser.get(journey.url());
  expect(login.html).not.toContain('hamster-wheel');
  const asked = await follow(await post('login', login, { username: 'nutmeg', password: PASSWORD }));
  expect(asked.html).toContain('4321');
  expect(codes).toHaveLength(1);
  expect(asked.html).not.toContain(codes[0] ?? 'no code');
  const choice = await follow(await post('code', asked, { otp: codes[0] ?? '' }));
  const landed = await post('consent', choice, { decision: 'approve', account_id: accountId });
  expect(answerOf(landed)).toMatchObject({ code: expect.stringMatching(/^c\./), iss: PRODUCTION.ISSUER });
  expect((await journey.consent())?.status).toBe('authorized');
});
