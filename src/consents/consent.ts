/** Consents: their states, the moves between them, and what ends them. Times are epoch seconds. */
import type { Quote } from '#bank/exchange.ts';
import type { DebtorAccount, PaymentInstruction } from '#consents/payment-instruction.ts';
import type { ConsentType } from '#kernel/consent-id.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '#kernel/time.ts';

export const PERMISSIONS = ['ReadAccounts', 'ReadBalances', 'ReadTransactions'] as const;
export type Permission = (typeof PERMISSIONS)[number];

export type ConsentStatus =
  | 'awaiting_authorization'
  | 'authorized'
  | 'rejected'
  | 'expired'
  | 'revoked'
  | 'consumed';

export type RevokedBy = 'tpp' | 'customer' | 'bank';

/** What can happen to a consent. */
export type ConsentEvent = 'approve' | 'deny' | 'expire' | 'revoke' | 'consume';

/** The state an event leaves behind. */
export type MovedStatus = Exclude<ConsentStatus, 'awaiting_authorization'>;

const MOVES: Readonly<Record<ConsentStatus, Partial<Record<ConsentEvent, MovedStatus>>>> = {
  awaiting_authorization: {
    approve: 'authorized',
    deny: 'rejected',
    expire: 'expired',
    revoke: 'revoked',
  },
  authorized: { expire: 'expired', revoke: 'revoked', consume: 'consumed' },
  rejected: {},
  expired: {},
  revoked: {},
  consumed: {},
};

/** The state after an event, or undefined where the event does not exist in that state. Only payments are consumed. */
export function nextStatus(
  type: ConsentType,
  status: ConsentStatus,
  event: ConsentEvent,
): MovedStatus | undefined {
  if (event === 'consume' && type !== 'payment') return undefined;
  return MOVES[status][event];
}

/** Whether nothing can happen to a consent in this state any more. */
export function isFinal(status: ConsentStatus): boolean {
  return Object.keys(MOVES[status]).length === 0;
}

/** A consent lives at most this long from its creation (account access, funds confirmation). Source: RTS Article 10. */
export const CONSENT_CAP_SECONDS = 90 * DAY_SECONDS;
/** Nobody authorized it in time: awaiting consents expire a day after creation. */
const AUTHORIZATION_WINDOW_SECONDS = DAY_SECONDS;
/** An approved payment is to be made within a day. */
const PAYMENT_WINDOW_SECONDS = DAY_SECONDS;
/** A consumed payment's refresh token lives on this long, to learn what became of the payment. */
const CONSUMED_GRANT_SECONDS = DAY_SECONDS;
/** A use is noted when the last one noted is older than this: one write an hour, whatever the traffic. */
const USE_NOTED_SECONDS = HOUR_SECONDS;
/** An object whose consent is over forgets it after this long; its row in D1 stays. */
export const ENDED_CONSENT_KEPT_SECONDS = 30 * DAY_SECONDS;
/** An identity-only grant ends this long after the customer gave it, as consents do at most. */
export const IDENTITY_GRANT_SECONDS = 90 * DAY_SECONDS;
/** Lifetime of an authorization code. Source: FAPI 2.0 section 5.3.2.1 (at most 60 s). */
export const CODE_LIFETIME_SECONDS = 60;

/** Who did what to a consent, and when; kept with it for the customer and the operator. */
export interface HistoryEntry {
  readonly at: number;
  readonly event: 'created' | MovedStatus | 'code_reused';
  readonly by: 'tpp' | 'customer' | 'bank';
  /** For example that the sandbox helper stood in for log-in and one-time code. */
  readonly note?: string | undefined;
}

/** What a TPP asked for, as parsed: to read accounts. */
export interface AccountAccessRequest {
  readonly type: 'account-access';
  readonly permissions: readonly Permission[];
  /** Already cut to the cap. */
  readonly expiresAt: number;
  /** Bounds of the transactions it opens, inclusive. */
  readonly transactionFrom?: number | undefined;
  readonly transactionTo?: number | undefined;
}

/** To make one payment. */
export interface PaymentRequest {
  readonly type: 'payment';
  readonly payment: PaymentInstruction;
  /** International: what was promised, fixed at creation. */
  readonly quote?: Quote;
  /** The quote's end, or when the last moment to authorize and to pay have passed. */
  readonly expiresAt: number;
}

/** To ask whether an account holds enough. */
export interface FundsConfirmationRequest {
  readonly type: 'funds-confirmation';
  /** As the TPP named it; the account chosen stands in `accountIds`. */
  readonly debtorAccount: DebtorAccount;
  /** Already cut to the cap. */
  readonly expiresAt: number;
}

export type ConsentRequest = AccountAccessRequest | PaymentRequest | FundsConfirmationRequest;
type RequestOf<T extends ConsentType> = Extract<ConsentRequest, { readonly type: T }>;

/** A consent as its object keeps it and others may read it. */
export interface Consent {
  readonly consentId: string;
  readonly type: ConsentType;
  readonly clientId: string;
  readonly organisationId: string;
  readonly request: ConsentRequest;
  readonly status: ConsentStatus;
  readonly revokedBy?: RevokedBy;
  readonly createdAt: number;
  readonly statusUpdatedAt: number;
  /** Set when the customer decided. */
  readonly tenantId?: string;
  readonly customerId?: string;
  /** Chosen by the customer; one alone but for account access. */
  readonly accountIds: readonly string[];
  /** The payment that consumed it. */
  readonly paymentId?: string;
  /**
   * When a call under it last came with a good token, exact to an hour: for the customer's page. A payment's has none:
   * its payment says it.
   */
  readonly lastUsedAt?: number;
  /** Grows with each change; the D1 projection never goes back. */
  readonly version: number;
}

/** What a consent of this type asks for; of another type it is a bug, for guards let only their own through. */
export function requestOf<T extends ConsentType>(
  { request }: Pick<Consent, 'request'>,
  type: T,
): RequestOf<T> {
  if (request.type !== type) throw new Error(`a consent of type ${request.type} where ${type} was asked for`);
  return request as RequestOf<T>;
}

/** The permissions a consent holds; only account access has any. */
export function permissionsOf({ request }: Pick<Consent, 'request'>): readonly Permission[] {
  return request.type === 'account-access' ? request.permissions : [];
}

/** What the authorization request fixed, kept with the code it led to. */
export interface CodeBinding {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge?: string | undefined;
  readonly nonce?: string | undefined;
  /** Scope granted: requested, registered and opened by the consent's type. */
  readonly scopes: readonly string[];
  /** When the customer authenticated. */
  readonly authTime: number;
  /** Pairwise subject. */
  readonly subject: string;
}

/** Epoch seconds from which a consent is expired, or undefined where its state has no end. */
export function expiryOf(
  consent: Pick<Consent, 'status' | 'createdAt' | 'statusUpdatedAt' | 'request'>,
): number | undefined {
  const { status, request } = consent;
  if (isFinal(status)) return undefined;
  if (status === 'awaiting_authorization') {
    return Math.min(consent.createdAt + AUTHORIZATION_WINDOW_SECONDS, request.expiresAt);
  }
  return request.type === 'payment'
    ? Math.min(consent.statusUpdatedAt + PAYMENT_WINDOW_SECONDS, request.expiresAt)
    : request.expiresAt;
}

/** Epoch seconds at which a consent's code and tokens are over, or undefined where its state allows none. */
export function grantEndOf(consent: Consent): number | undefined {
  if (consent.status === 'authorized') return expiryOf(consent);
  return consent.status === 'consumed' ? consent.statusUpdatedAt + CONSUMED_GRANT_SECONDS : undefined;
}

/** The consent as it stands at `now`: expired from the very second of its end, whether or not that was noted yet. */
export function consentAt(consent: Consent, now: number): Consent {
  const expiresAt = expiryOf(consent);
  if (expiresAt === undefined || now < expiresAt) return consent;
  return { ...consent, status: 'expired', statusUpdatedAt: expiresAt };
}

/** Whether a use at `now` is worth noting: of a consent that opens something, and none was noted lately. */
export function isUseNews({ type, status, lastUsedAt }: Consent, now: number): boolean {
  if (type === 'payment' || status !== 'authorized') return false;
  return lastUsedAt === undefined || now - lastUsedAt >= USE_NOTED_SECONDS;
}

/** When a consent created at `now` ends: as asked, but never beyond the cap. */
export function cutToCap(now: number, wantedAt: number | undefined): number {
  return Math.min(wantedAt ?? Number.POSITIVE_INFINITY, now + CONSENT_CAP_SECONDS);
}

/** When a payment consent created at `now` ends at the latest: with its quote, or after both windows. */
export function paymentExpiryOf(now: number, quote: Quote | undefined): number {
  return quote?.quoteExpiresAt ?? now + AUTHORIZATION_WINDOW_SECONDS + PAYMENT_WINDOW_SECONDS;
}
