/** Whatever happens to a consent in whatever order, what its object keeps stays consistent. */
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { expiryOf, grantEndOf, isFinal } from '#consents/consent.ts';
import {
  acknowledgeRecord,
  approveRecord,
  type ConsentRecord,
  dueAtMs,
  endRecord,
  isProjected,
  moveRecord,
  newRecord,
  noteUse,
  postponeRecord,
  reuseRecord,
  settleRecord,
} from '#consents/consent-record.ts';
import { newGrant, spendCode } from '#consents/grant.ts';
import { codeBinding } from '../support/consents.ts';
import { DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT, paymentRequestOf } from '../support/payments.ts';
import { TEST_NOW_MS, testScope } from '../support/scope.ts';

const BINDING = codeBinding(testScope());
const RUNS = env.TEST_LENGTH === 'long' ? 20_000 : 500;

type Step = (record: ConsentRecord, nowMs: number) => ConsentRecord | undefined;

/** What D1 says stands for ever; only payments have such an end. */
function learn(record: ConsentRecord, nowMs: number, wanted: 'consumed' | 'revoked') {
  if (record.consent.type !== 'payment') return undefined;
  const { status } = record.consent;
  const outcome = status === 'consumed' || status === 'revoked' ? status : wanted;
  const end = { outcome, at: nowMs / 1000, ...(outcome === 'consumed' ? { paymentId: 'pay_1' } : {}) };
  return endRecord(record, end, { by: 'tpp' }, nowMs);
}

/** Everything the object does to its record; undefined is a refusal, which keeps the record as it was. */
const STEPS: Readonly<Record<string, Step>> = {
  approve: (record, nowMs) =>
    approveRecord(settleRecord(record, nowMs), newGrant(BINDING, 'digest', nowMs), {
      nowMs,
      consentId: record.consent.consentId,
      tenantId: 'tenant',
      customerId: 'customer',
      accountIds: ['account'],
      binding: BINDING,
      codeDigest: 'digest',
      note: undefined,
    }),
  deny: (record, nowMs) => moveRecord(settleRecord(record, nowMs), 'deny', { by: 'customer' }, { nowMs }),
  revoke: (record, nowMs) => moveRecord(settleRecord(record, nowMs), 'revoke', { by: 'tpp' }, { nowMs }),
  consume: (record, nowMs) => moveRecord(settleRecord(record, nowMs), 'consume', { by: 'tpp' }, { nowMs }),
  spend: (record) =>
    record.grant === undefined
      ? undefined
      : { ...record, grant: spendCode(record.grant, 'attempt', 'refresh') },
  reuse: (record, nowMs) => reuseRecord(settleRecord(record, nowMs), nowMs),
  // D1's row: once it is there, it never says anything else.
  learnConsumed: (record, nowMs) => learn(record, nowMs, 'consumed'),
  learnRevoked: (record, nowMs) => learn(record, nowMs, 'revoked'),
  settle: settleRecord,
  use: noteUse,
  acknowledge: (record) => acknowledgeRecord(record, record.consent.version),
  acknowledgeLate: (record) => acknowledgeRecord(record, Math.max(0, record.consent.version - 1)),
  postpone: postponeRecord,
};

function expectConsistent(before: ConsentRecord, after: ConsentRecord, nowMs: number): void {
  const changes = after.consent.version - before.consent.version;
  expect(changes).toBeGreaterThanOrEqual(0);
  expect(changes).toBeLessThanOrEqual(2);
  // A version is a change of state, which stands in the history, or a use noted.
  if (changes === 0) expect(after.consent).toEqual(before.consent);
  expect(after.history.slice(0, before.history.length)).toEqual(before.history);
  const uses = after.consent.lastUsedAt === before.consent.lastUsedAt ? 0 : 1;
  expect(after.history.length - before.history.length).toBeGreaterThanOrEqual(changes - uses);
  if (uses > 0) expect(after.consent).toMatchObject({ type: 'account-access', status: 'authorized' });
  // By itself a final state is final; D1's row is right over what time or the customer did.
  const isOver = ['revoked', 'consumed'].includes(before.consent.status) || after.consent.type !== 'payment';
  if (isFinal(before.consent.status) && isOver) expect(after.consent).toEqual(before.consent);
  if (grantEndOf(after.consent) === undefined) expect(after.grant).toBeUndefined();
  expect(after.consent.status === 'revoked').toBe(after.consent.revokedBy !== undefined);
  expect(after.projection.acknowledged).toBeGreaterThanOrEqual(before.projection.acknowledged);
  // Something is always due: what can still happen by itself, and in the end to be forgotten.
  const isQuiet = isFinal(after.consent.status) && isProjected(after) && after.grant === undefined;
  const forgottenAtMs = (after.consent.statusUpdatedAt + 30 * 86_400) * 1000;
  expect(dueAtMs(after)).toBeLessThanOrEqual(isQuiet ? forgottenAtMs : Number.MAX_SAFE_INTEGER);
  if (isQuiet) expect(dueAtMs(after)).toBe(forgottenAtMs);
  const end = expiryOf(settleRecord(after, nowMs).consent);
  if (end !== undefined) expect(end * 1000).toBeGreaterThan(nowMs);
}

it(`stays consistent through ${RUNS} lives`, () => {
  const step = fc.record({
    name: fc.constantFrom(...Object.keys(STEPS)),
    pauseMs: fc.oneof(fc.constantFrom(0, 1, 59_999, 60_000, 86_399_999, 86_400_000), fc.nat(10 * 86_400_000)),
  });
  fc.assert(
    fc.property(
      fc.nat(95 * 86_400),
      fc.boolean(),
      fc.array(step, { maxLength: 20 }),
      (lifetime, pays, steps) => {
        let nowMs = TEST_NOW_MS;
        let record = newRecord({
          nowMs,
          consentId: 'consent',
          clientId: BINDING.clientId,
          organisationId: 'organisation',
          request: pays
            ? paymentRequestOf(testScope(), lifetime % 2 === 0 ? DOMESTIC_PAYMENT : INTERNATIONAL_PAYMENT)
            : {
                type: 'account-access',
                permissions: ['ReadAccounts'],
                expiresAt: nowMs / 1000 + lifetime,
              },
        });
        for (const { name, pauseMs } of steps) {
          nowMs += pauseMs;
          const after = STEPS[name]?.(record, nowMs) ?? record;
          expectConsistent(record, after, nowMs);
          record = after;
        }
      },
    ),
    { numRuns: RUNS },
  );
});

it('doubles the pause between pushes up to an hour', () => {
  let record = newRecord({
    nowMs: 0,
    consentId: 'consent',
    clientId: 'client',
    organisationId: 'organisation',
    request: { type: 'account-access', permissions: ['ReadAccounts'], expiresAt: 1_000_000 },
  });
  const pauses: number[] = [];
  for (let failure = 0; failure < 14; failure += 1) {
    record = postponeRecord(record, 0);
    pauses.push(record.projection.retryAtMs / 1000);
  }
  expect(pauses.slice(0, 4)).toEqual([5, 10, 20, 40]);
  expect(pauses.slice(-4)).toEqual([3_600, 3_600, 3_600, 3_600]);
});
