/** States of a consent: every pair of state and event, and every time at, below and above its bound. */
import { describe, expect, it } from 'vitest';
import {
  type Consent,
  type ConsentEvent,
  type ConsentStatus,
  consentAt,
  cutToCap,
  expiryOf,
  isFinal,
  nextStatus,
} from '#consents/consent.ts';

const DAY = 86_400;
const CREATED = 1_800_000_000;
const EVENTS: readonly ConsentEvent[] = ['approve', 'deny', 'expire', 'revoke', 'consume'];

/** The table of interface section 4; what it does not name does not exist. */
const TABLE: Readonly<Record<ConsentStatus, Partial<Record<ConsentEvent, ConsentStatus>>>> = {
  awaiting_authorization: {
    approve: 'authorized',
    deny: 'rejected',
    expire: 'expired',
    revoke: 'revoked',
  },
  authorized: { expire: 'expired', revoke: 'revoked' },
  rejected: {},
  expired: {},
  revoked: {},
  consumed: {},
};
const STATUSES = Object.keys(TABLE) as ConsentStatus[];

describe('moves', () => {
  it.each(STATUSES.flatMap((status) => EVENTS.map((event) => [status, event] as const)))(
    '%s, %s',
    (status, event) => {
      expect(nextStatus('account-access', status, event)).toBe(TABLE[status][event]);
      const asPayment = status === 'authorized' && event === 'consume' ? 'consumed' : TABLE[status][event];
      expect(nextStatus('payment', status, event)).toBe(asPayment);
    },
  );

  it.each(['rejected', 'expired', 'revoked', 'consumed'] as const)('%s is final', (status) => {
    expect(isFinal(status)).toBe(true);
  });
});

function consent(status: ConsentStatus, expiresAt: number): Consent {
  return {
    consentId: 'consent',
    type: 'account-access',
    clientId: 'client',
    organisationId: 'organisation',
    request: { type: 'account-access', permissions: ['ReadAccounts'], expiresAt },
    status,
    createdAt: CREATED,
    statusUpdatedAt: CREATED,
    accountIds: [],
    version: 1,
  };
}

describe('ends', () => {
  it.each([
    ['awaiting, by the day', 'awaiting_authorization', 90 * DAY, DAY],
    ['awaiting, by an expiration before that', 'awaiting_authorization', DAY - 1, DAY - 1],
    ['awaiting, by an expiration at that', 'awaiting_authorization', DAY, DAY],
    ['authorized, by its expiration alone', 'authorized', 90 * DAY, 90 * DAY],
  ] as const)('%s', (_what, status, lifetime, end) => {
    const given = consent(status, CREATED + lifetime);
    const endsAt = CREATED + end;
    expect(expiryOf(given)).toBe(endsAt);
    expect(consentAt(given, endsAt - 1)).toBe(given);
    for (const now of [endsAt, endsAt + 1, endsAt + DAY]) {
      expect(consentAt(given, now)).toEqual({ ...given, status: 'expired', statusUpdatedAt: endsAt });
    }
  });

  it.each(['rejected', 'expired', 'revoked', 'consumed'] as const)('%s never', (status) => {
    const given = consent(status, CREATED + 1);
    expect(expiryOf(given)).toBeUndefined();
    expect(consentAt(given, CREATED + 91 * DAY)).toBe(given);
  });
});

it.each([
  [undefined, 90 * DAY],
  [90 * DAY - 1, 90 * DAY - 1],
  [90 * DAY, 90 * DAY],
  [90 * DAY + 1, 90 * DAY],
])('cuts a wanted life of %s s to %i s', (wanted, given) => {
  expect(cutToCap(CREATED, wanted === undefined ? undefined : CREATED + wanted)).toBe(CREATED + given);
});
