/**
 * Payments against a model of plain numbers: whatever is asked for, repeated, revoked, forgotten and lost, in whatever
 * order, both agree on each answer and on each penny.
 */
import { abortAllDurableObjects } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { endConsent } from '#consents/end-consent.flow.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import { drainOutbox } from '#edge/outbox.flow.ts';
import { ok } from '#kernel/result.ts';
import { paymentHandlers } from '#payments/deliver-payment.flow.ts';
import { sandboxSettlement } from '#sandbox/settlement.flow.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { newTenantId } from '../support/bank-rows.ts';
import { awaitingConsent, codeBinding, consentStub } from '../support/consents.ts';
import { type Fault, type FaultyDatabase, faultyDatabase } from '../support/faulty-database.ts';
import { ledgerFaults } from '../support/ledger.ts';
import { balanceOf, CUSTOMER, openTestAccount, payableHeaders, sendPayment } from '../support/paying.ts';
import { DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT, paymentRequestOf } from '../support/payments.ts';
import { testScope } from '../support/scope.ts';
import { makeClient, type TestClient } from '../support/test-client.ts';

const LONG = env.TEST_LENGTH === 'long';
const SEED = Number(env.FUZZ_SEED) || Math.floor(Math.random() * 2 ** 31);
const DAY = 86_400;
const QUOTE = 900;
const CHARGE = 500;

const ACCOUNTS = [
  { accountId: 'acc_11111111', id: '608371-11111111', bookedMinor: 100_000, limitMinor: 0 },
  { accountId: 'acc_22222222', id: '608371-22222222', bookedMinor: -5_000, limitMinor: 60_000 },
] as const;

/** Where the money goes: another bank, the other account, abroad; abroad and back, for the payee's bank rejects it. */
const WAYS = ['elsewhere', 'inside', 'abroad', 'returned'] as const;
type Way = (typeof WAYS)[number];

/** What the payment's batches meet, behind its read; the first two are made good by the request itself. */
const FAULTS = {
  none: [],
  before: ['none', 'before commit'],
  after: ['none', 'after commit'],
  'lost before': ['none', 'before commit', 'before commit'],
  'lost after': ['none', 'after commit', 'before commit'],
} as const satisfies Record<string, readonly Fault[]>;
type FaultName = keyof typeof FAULTS;

type Step =
  | { readonly kind: 'open'; readonly way: Way; readonly from: number; readonly amountMinor: number }
  | {
      readonly kind: 'pay';
      readonly consent: number;
      readonly key: number;
      readonly isChanged: boolean;
      readonly fault: FaultName;
    }
  | { readonly kind: 'retry'; readonly call: number }
  | { readonly kind: 'authorize' | 'revoke'; readonly consent: number }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'abort' }
  | { readonly kind: 'drain' };

const nat = fc.nat({ max: 7 });
const open = fc.record({
  kind: fc.constant('open' as const),
  way: fc.constantFrom(...WAYS),
  from: fc.nat({ max: ACCOUNTS.length - 1 }),
  amountMinor: fc.oneof(
    fc.integer({ min: 1, max: 30_000 }),
    fc.constantFrom(15_000, 15_001, 100_000, 100_001),
  ),
});
const pay = fc.record({
  kind: fc.constant('pay' as const),
  consent: nat,
  key: fc.nat({ max: 3 }),
  isChanged: fc.constantFrom(false, false, false, false, false, true),
  fault: fc.constantFrom<FaultName>('none', 'none', 'before', 'after', 'lost before', 'lost after'),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: open },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('authorize' as const), consent: nat }) },
  { weight: 8, arbitrary: pay },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('retry' as const), call: nat }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revoke' as const), consent: nat }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      seconds: fc.constantFrom(0, 1, 60, QUOTE, DAY),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drain' as const) }) },
);
/** Each run begins with a few consents that can be paid. */
const steps = fc
  .tuple(fc.array(open, { minLength: 1, maxLength: 3 }), fc.array(step, { minLength: 3, maxLength: 8 }))
  .map(([opened, others]): Step[] =>
    opened.flatMap((one, consent): Step[] => [one, { kind: 'authorize', consent }]).concat(others),
  );

interface ModelConsent {
  readonly consentId: string;
  readonly payment: object;
  readonly way: Way;
  readonly from: number;
  readonly debitMinor: number;
  readonly createdAt: number;
  approvedAt?: number;
  end?: 'revoked' | 'consumed';
  /** Held, to be settled by the outbox from then on. */
  settlesAt?: number;
}

interface Call {
  readonly consent: number;
  readonly key: number;
  readonly isChanged: boolean;
}

interface KeptCall extends Call {
  readonly at: number;
  text?: string;
}

/** One run: the bank and its model side by side. */
interface Run {
  readonly app: TestApp;
  readonly faulty: FaultyDatabase;
  readonly client: TestClient;
  readonly tenantId: string;
  readonly consents: ModelConsent[];
  readonly kept: Map<number, KeptCall>;
  readonly calls: Call[];
  readonly booked: number[];
  readonly held: number[];
}

const nowOf = ({ app }: Run) => app.nowMs() / 1000;
const scopeOf = ({ app }: Run) => testScope({ nowMs: app.nowMs() });
const isAbroad = (way: Way) => way === 'abroad' || way === 'returned';
const handlers = paymentHandlers(() => ok(sandboxSettlement));

function change(sums: number[], of: number, byMinor: number): void {
  sums[of] = (sums[of] ?? 0) + byMinor;
}

/** The way back is known by its amount. */
const RETURNED_MINOR = 40_401;

function paymentOf({ way, from, amountMinor }: Extract<Step, { kind: 'open' }>): object {
  const amount = (way === 'returned' ? RETURNED_MINOR : amountMinor) / 100;
  const instructed_amount = { amount: amount.toFixed(2), currency: 'GBP' };
  if (isAbroad(way)) return { ...INTERNATIONAL_PAYMENT, instructed_amount };
  const other = ACCOUNTS[1 - from]?.id ?? '';
  const account = { scheme: 'SortCodeAccountNumber', id: other };
  return way === 'inside'
    ? { ...DOMESTIC_PAYMENT, instructed_amount, creditor: { name: 'Inside', account } }
    : { ...DOMESTIC_PAYMENT, instructed_amount };
}

async function openConsent(run: Run, asked: Extract<Step, { kind: 'open' }>): Promise<void> {
  const payment = paymentOf(asked);
  const scope = scopeOf(run);
  const { consentId } = await awaitingConsent(scope, {
    clientId: run.client.clientId,
    request: paymentRequestOf(scope, payment),
  });
  const { way, from } = asked;
  const amountMinor = way === 'returned' ? RETURNED_MINOR : asked.amountMinor;
  const debitMinor = amountMinor + (isAbroad(way) ? CHARGE : 0);
  run.consents.push({ consentId, payment, way, from, debitMinor, createdAt: scope.now });
}

/** What the model says of a consent that no payment and no revocation has ended. */
function timeOf(
  { way, createdAt, approvedAt }: ModelConsent,
  now: number,
): 'over' | 'awaiting' | 'authorized' {
  const windowEnd = (approvedAt ?? createdAt) + DAY;
  const endsAt = isAbroad(way) ? Math.min(windowEnd, createdAt + QUOTE) : windowEnd;
  if (now >= endsAt) return 'over';
  return approvedAt === undefined ? 'awaiting' : 'authorized';
}

async function authorizeConsent(run: Run, consent: ModelConsent): Promise<void> {
  const scope = scopeOf(run);
  const answer = await consentStub(consent.consentId).approve({
    nowMs: scope.nowMs,
    consentId: consent.consentId,
    tenantId: run.tenantId,
    customerId: CUSTOMER,
    accountIds: [ACCOUNTS[consent.from]?.accountId ?? ''],
    binding: codeBinding(scope, { clientId: run.client.clientId }),
    codeDigest: crypto.randomUUID(),
    note: undefined,
  });
  const isAwaiting = consent.end === undefined && timeOf(consent, scope.now) === 'awaiting';
  expect(answer.outcome).toBe(isAwaiting ? 'changed' : 'not_awaiting');
  if (isAwaiting) consent.approvedAt = scope.now;
}

async function revokeConsent(run: Run, consent: ModelConsent): Promise<void> {
  const ended = await endConsent(scopeOf(run), consent.consentId, { by: 'tpp' });
  if (consent.end === 'consumed') {
    expect(ended).toMatchObject({ ok: false, refusal: { code: 'consent_consumed' } });
    return;
  }
  expect(ended.ok).toBe(true);
  if (consent.end === undefined && timeOf(consent, nowOf(run)) !== 'over') consent.end = 'revoked';
}

/** The model's answer to a payment, without what D1 loses. */
function foretell(run: Run, { consent: index, key, isChanged }: Call): string {
  const now = nowOf(run);
  const consent = run.consents[index];
  if (consent === undefined) throw new Error('a payment without a consent');
  const kept = run.kept.get(key);
  if (kept !== undefined && now < kept.at + DAY) {
    return kept.consent === index && kept.isChanged === isChanged ? 'replay' : 'idempotency_key_reused';
  }
  if (consent.end !== undefined) return `consent_${consent.end}`;
  const time = timeOf(consent, now);
  if (time === 'over') return isAbroad(consent.way) ? 'quote_expired' : 'consent_expired';
  if (time === 'awaiting') return 'invalid_consent';
  if (isChanged) return 'payment_mismatch';
  const { from, debitMinor } = consent;
  const available = (run.booked[from] ?? 0) - (run.held[from] ?? 0) + (ACCOUNTS[from]?.limitMinor ?? 0);
  return debitMinor > available ? 'insufficient_funds' : 'made';
}

function settle(run: Run, consent: ModelConsent): void {
  delete consent.settlesAt;
  change(run.held, consent.from, -consent.debitMinor);
  if (consent.way === 'abroad') change(run.booked, consent.from, -consent.debitMinor);
}

/** The model after a payment was committed; `isDelivered` when what follows it has happened too. */
function commit(run: Run, call: Call, isDelivered: boolean): void {
  const consent = run.consents[call.consent];
  if (consent === undefined) return;
  consent.end = 'consumed';
  run.kept.set(call.key, { ...call, at: nowOf(run) });
  const { from, debitMinor, way } = consent;
  if (isAbroad(way)) {
    change(run.held, from, debitMinor);
    consent.settlesAt = nowOf(run) + 60;
    if (isDelivered) settle(run, consent);
  } else {
    change(run.booked, from, -debitMinor);
    if (way === 'inside') change(run.booked, 1 - from, debitMinor);
  }
}

/** That what follows a payment was written with it, exactly once. */
async function expectOutbox({ way, consentId }: ModelConsent): Promise<void> {
  const { results } = await env.DB.prepare(
    'SELECT topic FROM outbox WHERE subject = (SELECT payment_id FROM payments WHERE consent_id = ?1) ORDER BY id',
  )
    .bind(consentId)
    .all<{ topic: string }>();
  const topics = ['payment.posted', ...(isAbroad(way) ? ['payment.settle'] : [])];
  expect(results.map(({ topic }) => topic)).toEqual(topics);
}

async function makePayment(run: Run, call: Call, fault: FaultName): Promise<void> {
  const consent = run.consents[call.consent];
  if (consent === undefined) return;
  run.calls.push(call);
  const foretold = foretell(run, call);
  const headers = await payableHeaders(run.client.clientId, consent.consentId, scopeOf(run));
  const payment = call.isChanged ? { ...consent.payment, end_to_end_id: 'CHANGED' } : consent.payment;
  run.faulty.plan(FAULTS[fault]);
  const answer = await sendPayment(
    run.app,
    { consentId: consent.consentId, payment, headers },
    {
      key: `key-${call.key}`,
    },
  );
  run.faulty.plan([]);
  const text = await answer.text();
  if (foretold === 'made') {
    const isLost = fault.startsWith('lost');
    expect([fault, answer.status]).toEqual([fault, isLost ? 503 : 201]);
    expect(answer.headers.get('idempotency-replayed')).toBeNull();
    if (fault === 'lost before') return;
    const isDelivered = fault !== 'after' && fault !== 'lost after';
    commit(run, call, isDelivered);
    const kept = run.kept.get(call.key);
    if (kept !== undefined && !isLost) kept.text = text;
    if (!isDelivered) await expectOutbox(consent);
  } else if (foretold === 'replay') {
    expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    const kept = run.kept.get(call.key);
    if (kept === undefined) return;
    // The answer to the first may have been lost; then this is it.
    kept.text ??= text;
    expect(text).toBe(kept.text);
  } else {
    expect((JSON.parse(text) as { code: string }).code).toBe(foretold);
  }
}

async function drain(run: Run): Promise<void> {
  await drainOutbox(scopeOf(run), handlers);
  for (const consent of run.consents) {
    if (consent.settlesAt !== undefined && consent.settlesAt <= nowOf(run)) settle(run, consent);
  }
}

async function take(run: Run, taken: Step): Promise<void> {
  if (taken.kind === 'open') return openConsent(run, taken);
  if (taken.kind === 'pass') return run.app.advance(taken.seconds * 1000);
  if (taken.kind === 'abort') return abortAllDurableObjects();
  if (taken.kind === 'drain') return drain(run);
  if (taken.kind === 'retry') {
    const call = run.calls[taken.call % Math.max(run.calls.length, 1)];
    return call === undefined ? undefined : makePayment(run, call, 'none');
  }
  const index = taken.consent % run.consents.length;
  if (taken.kind === 'pay') return makePayment(run, { ...taken, consent: index }, taken.fault);
  const consent = run.consents[index];
  if (consent === undefined) return undefined;
  return taken.kind === 'authorize' ? authorizeConsent(run, consent) : revokeConsent(run, consent);
}

/** At most one payment a consent and a key, and none without its end; every end known everywhere. */
async function expectEnds(run: Run): Promise<void> {
  const { results: payments } = await env.DB.prepare(
    'SELECT consent_id, payment_id, status FROM payments WHERE tenant_id = ?1',
  )
    .bind(run.tenantId)
    .all<{ consent_id: string; payment_id: string; status: string }>();
  const consumed = run.consents.filter(({ end }) => end === 'consumed');
  expect(payments.map(({ consent_id }) => consent_id).toSorted()).toEqual(
    consumed.map(({ consentId }) => consentId).toSorted(),
  );
  const expectEnd = async ({ consentId, end, way }: ModelConsent) => {
    if (end === undefined) return;
    const row = await env.DB.prepare(
      'SELECT outcome, payment_id FROM payment_consent_ends WHERE consent_id = ?1',
    )
      .bind(consentId)
      .first<{ outcome: string; payment_id: string | null }>();
    const payment = payments.find(({ consent_id }) => consent_id === consentId);
    expect(row).toEqual({ outcome: end, payment_id: payment?.payment_id ?? null });
    const said = await consentStub(consentId).read(run.app.nowMs());
    expect(said?.consent.status).toBe(end);
    expect((await readConsent(scopeOf(run), consentId))?.status).toBe(end);
    if (payment !== undefined) expect(payment.status).toBe(way === 'returned' ? 'failed' : 'completed');
  };
  await Promise.all(run.consents.map(expectEnd));
}

async function expectBalances(run: Run): Promise<void> {
  expect(await ledgerFaults(run.tenantId)).toEqual([]);
  const found = await Promise.all(ACCOUNTS.map(({ accountId }) => balanceOf(run.tenantId, accountId)));
  expect(found).toEqual(ACCOUNTS.map((_, of) => [run.booked[of], run.held[of]]));
}

let client: TestClient | undefined;

async function checkSteps(taken: readonly Step[]): Promise<void> {
  client ??= await makeClient({ roles: ['PISP'], scopes: ['openid', 'payments'] });
  const faulty = faultyDatabase();
  const tenantId = newTenantId();
  await Promise.all(
    ACCOUNTS.map(({ accountId, bookedMinor, limitMinor }) =>
      openTestAccount(tenantId, accountId, { bookedMinor, overdraftLimitMinor: limitMinor }),
    ),
  );
  const run: Run = {
    app: testApp({ bindings: { DB: faulty.binding, RATE_LIMIT_PER_MINUTE: '1000000' } }),
    faulty,
    client,
    tenantId,
    consents: [],
    kept: new Map(),
    calls: [],
    booked: ACCOUNTS.map(({ bookedMinor }) => bookedMinor),
    held: ACCOUNTS.map(() => 0),
  };
  // Keys belong to the client, who is the same in every run.
  await env.DB.prepare('DELETE FROM idempotency_keys WHERE client_id = ?1').bind(client.clientId).run();
  for (const one of taken) await take(run, one);
  run.app.advance(60_000);
  await drain(run);
  await expectBalances(run);
  await expectEnds(run);
}

it(`agrees with plain numbers, whatever happens (FUZZ_SEED=${SEED})`, { timeout: 1_800_000 }, async () => {
  await fc.assert(fc.asyncProperty(steps, checkSteps), { numRuns: LONG ? 2_000 : 100, seed: SEED });
});
