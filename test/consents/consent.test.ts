/** States of a consent: every pair of state and event, and every time at, below and above its bound. */
import { describe, expect, it } from 'vitest';
import {
  type Consent,
  type ConsentEvent,
  type ConsentStatus,
  consentAt,
  cutToCap,
  expiryOf,
  grantEndOf,
  isFinal,
  nextStatus,
  paymentExpiryOf,
} from '#consents/consent.ts';
import { endedAs } from '#consents/consent-end.ts';
import { DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT, instructionOf } from '../support/payments.ts';

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

/** A payment consent; with a quote it ends by that. */
function payment(status: ConsentStatus, quoteSeconds?: number): Consent {
  const quote =
    quoteSeconds === undefined
      ? undefined
      : {
          exchangeRate: { from: 'GBP', to: 'EUR', rate: '1.165200' } as const,
          charges: [],
          totalDebitMinor: 100,
          transferMinor: 117,
          quoteExpiresAt: CREATED + quoteSeconds,
        };
  const asked = instructionOf(quote === undefined ? DOMESTIC_PAYMENT : INTERNATIONAL_PAYMENT);
  return {
    ...consent(status, 0),
    type: 'payment',
    request: {
      type: 'payment',
      payment: asked,
      ...(quote === undefined ? {} : { quote }),
      expiresAt: paymentExpiryOf(CREATED, quote),
    },
  };
}

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

/** The same, its state of a later time. */
function approvedAt(given: Consent, seconds: number): Consent {
  return { ...given, statusUpdatedAt: CREATED + seconds };
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

  it.each([
    ['awaiting, by the day', payment('awaiting_authorization'), DAY],
    ['awaiting, by its quote', payment('awaiting_authorization', 900), 900],
    ['authorized at once, by the day', payment('authorized'), DAY],
    ['authorized late, by the day after', approvedAt(payment('authorized'), DAY - 1), 2 * DAY - 1],
    ['authorized late, by its quote', approvedAt(payment('authorized', 900), 899), 900],
  ])('payment %s', (_what, given, end) => {
    const endsAt = CREATED + end;
    expect(expiryOf(given)).toBe(endsAt);
    expect(consentAt(given, endsAt - 1)).toBe(given);
    expect(consentAt(given, endsAt)).toMatchObject({ status: 'expired', statusUpdatedAt: endsAt });
    expect(given.request.expiresAt).toBeGreaterThanOrEqual(endsAt);
  });

  it.each([
    ['awaiting_authorization', undefined],
    ['authorized', DAY],
    ['rejected', undefined],
    ['expired', undefined],
    ['revoked', undefined],
    ['consumed', DAY],
  ] as const)('the grant of a payment that is %s', (status, end) => {
    expect(grantEndOf(payment(status))).toBe(end === undefined ? undefined : CREATED + end);
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

describe('the end in D1 is right', () => {
  const consumed = { outcome: 'consumed', at: CREATED + 7, paymentId: 'pay_1' } as const;
  const revoked = { outcome: 'revoked', at: CREATED + 7 } as const;

  it.each(STATUSES)('over %s', (status) => {
    const given = payment(status);
    expect(endedAs(given, undefined)).toBe(given);
    for (const end of [consumed, revoked]) {
      const ended = endedAs(given, end);
      expect(ended.status).toBe(end.outcome);
      if (status === end.outcome) expect(ended).toBe(given);
      else expect(ended.statusUpdatedAt).toBe(end.at);
    }
  });
});
