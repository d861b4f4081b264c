/** Payments while D1 or an object fails: an unknown outcome is learnt, never paid for twice. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { endConsent } from '#consents/end-consent.flow.ts';
import { listConsents } from '#consents/list-consents.flow.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { consentStub } from '../support/consents.ts';
import { type Fault, faultyDatabase } from '../support/faulty-database.ts';
import { ledgerFaults } from '../support/ledger.ts';
import { balanceOf, newPayable, openPaying, PAYMENTS_PATH, sendPayment } from '../support/paying.ts';
import { INTERNATIONAL_PAYMENT } from '../support/payments.ts';
import { testScope } from '../support/scope.ts';
import { runTick } from '../support/tick.ts';

const AMOUNT = 16_588;
/** The payment's batch is the second of its request. */
const READ: Fault = 'none';

/** Consent objects that do not learn how their consent ended. */
function deafConsents(): typeof env.CONSENTS {
  return new Proxy(env.CONSENTS, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (name !== 'get') return member.bind(target);
      return (id: DurableObjectId) =>
        new Proxy(target.get(id), {
          get(stub, method) {
            if (method === 'learnEnd') return () => Promise.reject(new Error('object away'));
            const call = Reflect.get(stub, method) as unknown;
            if (typeof call !== 'function') return call;
            return (...values: unknown[]) =>
              (stub as unknown as Record<string, (...given: unknown[]) => unknown>)[String(method)]?.(
                ...values,
              );
          },
        });
    },
  });
}

async function dueRows(app: TestApp): Promise<number> {
  const row = await env.DB.prepare('SELECT count(*) AS n FROM outbox WHERE due_at <= ?1')
    .bind(app.nowMs() / 1000)
    .first<{ n: number }>();
  return row?.n ?? Number.NaN;
}

describe('a connection to D1 that is lost', () => {
  it.each<[string, Fault[], number]>([
    ['while reading', ['before commit'], 201],
    ['before the payment is committed', [READ, 'before commit'], 201],
    ['after the payment was committed', [READ, 'after commit'], 201],
    ['before and after', [READ, 'before commit', 'after commit'], 503],
    ['after, and again before', [READ, 'after commit', 'before commit'], 503],
    ['before, twice', [READ, 'before commit', 'before commit'], 503],
    ['after, and while its outcome is read', [READ, 'after commit', 'none', 'before commit'], 201],
    [
      'after, and twice while its outcome is read',
      [READ, 'after commit', 'none', 'before commit', 'before commit'],
      503,
    ],
  ])('%s', async (_what, faults, status) => {
    const faulty = faultyDatabase();
    const app = testApp({ bindings: { DB: faulty.binding } });
    const paying = await openPaying();
    const held = await newPayable(paying);
    faulty.plan(faults);
    const first = await sendPayment(app, held, { key: 'lost' });
    faulty.plan([]);
    expect(first.status).toBe(status);
    if (status === 503) expect(first.headers.get('retry-after')).not.toBeNull();
    else expect(first.headers.get('idempotency-replayed')).toBeNull();
    const again = await sendPayment(app, held, { key: 'lost' });
    expect(again.status).toBe(201);
    if (status === 201) expect(await again.text()).toBe(await first.text());
    expect(await balanceOf(paying.tenantId)).toEqual([1_000_000 - AMOUNT, 0]);
    expect(await ledgerFaults(paying.tenantId)).toEqual([]);
  });
});

describe('a crash between the commit and the consent object', () => {
  it('leaves a consent that reads consumed everywhere, and an object that learns it from the outbox', async () => {
    const app = testApp({ bindings: { CONSENTS: deafConsents() } });
    const paying = await openPaying();
    const held = await newPayable(paying);
    const answer = await sendPayment(app, held);
    expect(answer.status).toBe(201);
    const { payment_id: paymentId } = await answer.json<{ payment_id: string }>();
    expect(app.lines.map(({ event }) => event)).toContain('outbox_retry');
    const scope = testScope();
    const said = await consentStub(held.consentId).read(scope.nowMs);
    expect(said?.consent.status).toBe('authorized');

    const consumed = { status: 'consumed', paymentId };
    expect(await readConsent(scope, held.consentId)).toMatchObject(consumed);
    const list = await listConsents(scope, { clientId: paying.client.clientId, limit: 5 });
    expect(list).toMatchObject({ ok: true, value: { consents: [consumed] } });
    const other = await sendPayment(testApp(), held);
    expect([other.status, (await other.json<{ code: string }>()).code]).toEqual([409, 'consent_consumed']);
    const ended = await endConsent(scope, held.consentId, { by: 'tpp' });
    expect(ended).toMatchObject({ ok: false, refusal: { code: 'consent_consumed' } });
  });

  it('is made good by the schedule a minute later', async () => {
    const app = testApp({ bindings: { CONSENTS: deafConsents() } });
    const held = await newPayable(await openPaying());
    await sendPayment(app, held);
    expect(await dueRows(app)).toBe(0);
    app.advance(60_000);
    expect(await dueRows(app)).toBeGreaterThan(0);
    const lines = await runTick(app.nowMs());
    expect(lines.map(({ reason }) => reason)).toContainEqual(expect.stringMatching(/^\d+ delivered/));
    const said = await consentStub(held.consentId).read(app.nowMs());
    expect(said?.consent.status).toBe('consumed');
    expect(await dueRows(app)).toBe(0);
  });
});

it('an international payment goes on by the schedule where its request died', async () => {
  const faulty = faultyDatabase();
  const app = testApp({ bindings: { DB: faulty.binding } });
  const paying = await openPaying();
  const held = await newPayable(paying, { payment: INTERNATIONAL_PAYMENT });
  // Read, pay; then the step that sends fails twice, and its retry with it.
  faulty.plan([READ, 'none', 'before commit', 'before commit']);
  const { payment_id: paymentId } = await (await sendPayment(app, held)).json<{ payment_id: string }>();
  expect(await balanceOf(paying.tenantId)).toEqual([1_000_000, 10_500]);
  app.advance(60_000);
  await runTick(app.nowMs());
  const path = `${PAYMENTS_PATH}/${paymentId}`;
  const after = await app.request(path, { headers: held.headers });
  expect(await after.json()).toMatchObject({ status: 'completed' });
  expect(await balanceOf(paying.tenantId)).toEqual([1_000_000 - 10_500, 0]);
  expect(await ledgerFaults(paying.tenantId)).toEqual([]);
});
