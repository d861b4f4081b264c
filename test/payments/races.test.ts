/** Payments beside each other and beside revocations: as many as there is room for, one a key, one a consent. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { endConsent } from '#consents/end-consent.flow.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { consentStub } from '../support/consents.ts';
import { ledgerFaults } from '../support/ledger.ts';
import {
  balanceOf,
  newPayable,
  openPaying,
  PAYEE_ID,
  type Payable,
  type Paying,
  sendPayment,
} from '../support/paying.ts';
import { DOMESTIC_PAYMENT } from '../support/payments.ts';
import { testScope } from '../support/scope.ts';

const LONG = env.TEST_LENGTH === 'long';
const TIMEOUT = { timeout: LONG ? 3_600_000 : 120_000 };
/** Consents made at once: enough to be quick, few enough for the machine. */
const AT_ONCE = 50;
/** Requests in flight together. */
const IN_FLIGHT = 2_000;

const ONE_POUND = {
  ...DOMESTIC_PAYMENT,
  instructed_amount: { amount: '1.00', currency: 'GBP' },
  creditor: { name: 'Basil', account: { scheme: 'SortCodeAccountNumber', id: PAYEE_ID } },
};

function isolate(): TestApp {
  return testApp({ bindings: { RATE_LIMIT_PER_MINUTE: '10000000' } });
}
/** Two isolates, as requests of one client reach several. */
const ISOLATES = [isolate(), isolate()];
const isolateOf = (index: number) => ISOLATES[index % ISOLATES.length] ?? isolate();

async function payables(paying: Paying, count: number): Promise<Payable[]> {
  const made: Payable[] = [];
  while (made.length < count) {
    const size = Math.min(AT_ONCE, count - made.length);
    const part = Array.from({ length: size }, () => newPayable(paying, { payment: ONE_POUND }));
    made.push(...(await Promise.all(part)));
  }
  return made;
}

/** Runs calls beside each other, at most as many as one workerd carries; those that belong together stay together. */
async function inWaves<T, U>(calls: readonly T[], run: (call: T, index: number) => Promise<U>): Promise<U[]> {
  const done: U[] = [];
  for (let start = 0; start < calls.length; start += IN_FLIGHT) {
    const wave = shuffled(calls.slice(start, start + IN_FLIGHT));
    done.push(...(await Promise.all(wave.map(run))));
  }
  return done;
}

interface Outcome {
  readonly status: number;
  readonly code: string | undefined;
  readonly paymentId: string | undefined;
  readonly isReplay: boolean;
}

async function pay(app: TestApp, held: Payable, key: string): Promise<Outcome> {
  const answer = await sendPayment(app, held, { key });
  const body = await answer.json<{ code?: string; payment_id?: string }>();
  return {
    status: answer.status,
    code: body.code,
    paymentId: body.payment_id,
    isReplay: answer.headers.get('idempotency-replayed') === 'true',
  };
}

function shuffled<T>(rows: readonly T[]): T[] {
  return rows
    .map((row) => ({ row, place: Math.random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ row }) => row);
}

async function paymentsOf(paying: Paying): Promise<{ consent_id: string; payment_id: string }[]> {
  const { results } = await env.DB.prepare('SELECT consent_id, payment_id FROM payments WHERE tenant_id = ?1')
    .bind(paying.tenantId)
    .all<{ consent_id: string; payment_id: string }>();
  return results;
}

it('an account takes exactly as many payments as it has room for', TIMEOUT, async () => {
  const [room, payers] = LONG ? [120, 2_000] : [12, 60];
  const paying = await openPaying({ bookedMinor: room * 100 + 99 });
  const held = await payables(paying, payers);
  const outcomes = await Promise.all(held.map((one, index) => pay(isolateOf(index), one, `room-${index}`)));
  expect(outcomes.filter(({ status }) => status === 201)).toHaveLength(room);
  expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set([undefined, 'insufficient_funds']));
  expect(await balanceOf(paying.tenantId)).toEqual([99, 0]);
  expect(await ledgerFaults(paying.tenantId)).toEqual([]);
});

it('twins under one key make one payment, and all get its answer', TIMEOUT, async () => {
  const [keys, twins] = LONG ? [200, 50] : [8, 10];
  const paying = await openPaying({ bookedMinor: keys * 100 });
  const held = await payables(paying, keys);
  const calls = held.flatMap((one) => Array.from({ length: twins }, () => one));
  const outcomes = await inWaves(calls, async (one, index) => {
    const outcome = await pay(isolateOf(index), one, one.consentId.slice(-40));
    return { consentId: one.consentId, outcome };
  });
  expect(outcomes.filter(({ outcome }) => outcome.status !== 201)).toEqual([]);
  expect(outcomes.filter(({ outcome }) => !outcome.isReplay)).toHaveLength(keys);
  const payments = await paymentsOf(paying);
  expect(payments).toHaveLength(keys);
  for (const { consent_id, payment_id } of payments) {
    const answered = outcomes.filter(({ consentId }) => consentId === consent_id);
    expect(new Set(answered.map(({ outcome }) => outcome.paymentId))).toEqual(new Set([payment_id]));
  }
  expect(await balanceOf(paying.tenantId)).toEqual([0, 0]);
  expect(await ledgerFaults(paying.tenantId)).toEqual([]);
});

it('a consent is paid once, under however many keys', TIMEOUT, async () => {
  const [consents, payers] = LONG ? [500, 20] : [10, 8];
  const paying = await openPaying({ bookedMinor: 10_000_000 });
  const held = await payables(paying, consents);
  const calls = held.flatMap((one) =>
    Array.from({ length: payers }, (_, index) => ({ one, key: `key-${index}-${one.consentId.slice(-24)}` })),
  );
  const outcomes = await inWaves(calls, ({ one, key }, index) => pay(isolateOf(index), one, key));
  expect(outcomes.filter(({ status }) => status === 201)).toHaveLength(consents);
  expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set([undefined, 'consent_consumed']));
  expect(await paymentsOf(paying)).toHaveLength(consents);
  expect(await balanceOf(paying.tenantId)).toEqual([10_000_000 - consents * 100, 0]);
  expect(await ledgerFaults(paying.tenantId)).toEqual([]);
});

it('of payment and revocation one happens, and none that begins after the revocation', TIMEOUT, async () => {
  const [rounds, payers] = LONG ? [1_000, 20] : [12, 6];
  const paying = await openPaying({ bookedMinor: 10_000_000 });
  const scope = testScope();
  let revoked = 0;
  for (let round = 0; round < rounds; round += 1) {
    const held = await newPayable(paying, { payment: ONE_POUND });
    let after: Promise<Outcome> | undefined;
    const revoke = async () => {
      const ended = await endConsent(scope, held.consentId, { by: 'tpp' });
      after = pay(isolateOf(round), held, `after-${round}`);
      return ended.ok;
    };
    const works = Array.from({ length: payers }, (_, index) => async () => {
      // Some reach D1 before the revocation, some behind it.
      await scheduler.wait(Math.floor(Math.random() * 16));
      return (await pay(isolateOf(index), held, `${round}-${index}`)).status === 201;
    });
    const [isRevoked, ...paid] = await Promise.all([
      scheduler.wait(Math.floor(Math.random() * 8)).then(revoke),
      ...works.map((work) => work()),
    ]);
    expect(paid.filter(Boolean)).toHaveLength(isRevoked ? 0 : 1);
    expect((await after)?.code).toBe(isRevoked ? 'consent_revoked' : 'consent_consumed');
    const said = await consentStub(held.consentId).read(scope.nowMs);
    expect(said?.consent.status).toBe(isRevoked ? 'revoked' : 'consumed');
    revoked += Number(isRevoked);
  }
  expect(await paymentsOf(paying)).toHaveLength(rounds - revoked);
  const { results: both } = await env.DB.prepare(
    `SELECT consent_id FROM payments AS p WHERE tenant_id = ?1 AND NOT EXISTS (SELECT 1 FROM payment_consent_ends AS e
       WHERE e.consent_id = p.consent_id AND e.outcome = 'consumed' AND e.payment_id = p.payment_id)`,
  )
    .bind(paying.tenantId)
    .all();
  expect(both).toEqual([]);
  expect(await ledgerFaults(paying.tenantId)).toEqual([]);
});
