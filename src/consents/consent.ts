/** Consents: their states, the moves between them, and what ends them. Times are epoch seconds. */
import type { ConsentType } from '#kernel/consent-id.ts';
import { DAY_SECONDS } from '#kernel/time.ts';

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

const MOVES: Readonly<Record<ConsentStatus, Partial<Record<ConsentEvent, ConsentStatus>>>> = {
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
): ConsentStatus | undefined {
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
/** An identity-only grant ends this long after the customer gave it, as consents do at most. */
export const IDENTITY_GRANT_SECONDS = 90 * DAY_SECONDS;
/** Lifetime of an authorization code. Source: FAPI 2.0 section 5.3.2.1 (at most 60 s). */
export const CODE_LIFETIME_SECONDS = 60;

/** Who did what to a consent, and when; kept with it for the customer and the operator. */
export interface HistoryEntry {
  readonly at: number;
  readonly event: 'created' | 'authorized' | 'rejected' | 'expired' | 'revoked' | 'consumed' | 'code_reused';
  readonly by: 'tpp' | 'customer' | 'bank';
  /** For example that the sandbox helper stood in for log-in and one-time code. */
  readonly note?: string;
}

/** What a TPP asked for, as parsed; later types add their own details. */
export interface AccountAccessRequest {
  readonly type: 'account-access';
  readonly permissions: readonly Permission[];
  /** Already cut to the cap. */
  readonly expiresAt: number;
  /** Bounds of the transactions it opens, inclusive. */
  readonly transactionFrom?: number;
  readonly transactionTo?: number;
}

export type ConsentRequest = AccountAccessRequest;

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
  readonly accountIds: readonly string[];
  /** Grows with each change; the D1 projection never goes back. */
  readonly version: number;
}

/** What the authorization request fixed, kept with the code it led to. */
export interface CodeBinding {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge?: string;
  readonly nonce?: string;
  /** Scope granted: requested, registered and opened by the consent's type. */
  readonly scopes: readonly string[];
  /** When the customer authenticated. */
  readonly authTime: number;
  /** Pairwise subject. */
  readonly subject: string;
}

/** Epoch seconds from which a consent is expired, or undefined where its state has no end. */
export function expiryOf(consent: Pick<Consent, 'status' | 'createdAt' | 'request'>): number | undefined {
  if (isFinal(consent.status)) return undefined;
  if (consent.status === 'authorized') return consent.request.expiresAt;
  return Math.min(consent.createdAt + AUTHORIZATION_WINDOW_SECONDS, consent.request.expiresAt);
}

/** The consent as it stands at `now`: expired from the very second of its end, whether or not that was noted yet. */
export function consentAt(consent: Consent, now: number): Consent {
  const expiresAt = expiryOf(consent);
  if (expiresAt === undefined || now < expiresAt) return consent;
  return { ...consent, status: 'expired', statusUpdatedAt: expiresAt };
}

/** When a consent created at `now` ends: as asked, but never beyond the cap. */
export function cutToCap(now: number, wantedAt: number | undefined): number {
  return Math.min(wantedAt ?? Number.POSITIVE_INFINITY, now + CONSENT_CAP_SECONDS);
}
