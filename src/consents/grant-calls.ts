/**
 * The calls the token endpoint and the AIS guard make on a grant's object (a consent, or an identity-only grant). While a
 * version rolls out, Workers of one ask objects of the other: what calls and answers look like does not change.
 */
import type { CodeBinding, Consent, ConsentRequest, HistoryEntry, RevokedBy } from '#consents/consent.ts';
import type { ConsentEnd } from '#consents/consent-end.ts';

/** Redeems a code. Nothing happens unless client and secret match; the code is spent only when every check passes. */
export interface RedeemRequest {
  readonly nowMs: number;
  /** Names this attempt: repeated after a lost answer, it gets the same answer and is no reuse. */
  readonly attempt: string;
  readonly clientId: string;
  /** SHA-256 of the code's secret, base64url. */
  readonly secretDigest: string;
  readonly redirectUri: string | undefined;
  readonly codeVerifier: string | undefined;
  /** The client's present scopes: where none of the code's is left, it is refused with `invalid_scope` and stays. */
  readonly clientScopes: readonly string[];
  /** Digest of the refresh token to accept from now on, where the client may have one. */
  readonly refreshDigest: string | undefined;
}

export interface RefreshRequest {
  readonly nowMs: number;
  readonly clientId: string;
  readonly secretDigest: string;
}

/** Whose identity-only grant it is, and from when to when. Times are epoch seconds. */
export interface IdentityHolder {
  readonly tenantId: string;
  readonly customerId: string;
  readonly givenAt: number;
  readonly expiresAt: number;
}

/** What a token may be issued for. */
export interface Granted {
  readonly binding: CodeBinding;
  /** Absent for identity-only grants. */
  readonly consentId?: string;
  /** The object id of an identity-only grant, for `grant_id` in its tokens. */
  readonly identityGrantId?: string;
  /** Of an identity-only grant. */
  readonly holder?: IdentityHolder;
  /** Whether the refresh token asked for is now in force (never for an identity-only grant without offline_access). */
  readonly refreshable: boolean;
}

/** `reason` is for the log; on the wire a refusal is `invalid_grant` unless `code` says otherwise. */
export type GrantAnswer =
  | { readonly ok: true; readonly granted: Granted }
  | {
      readonly ok: false;
      readonly reason: string;
      readonly code?: 'invalid_scope';
      /** The payment consent whose code came twice: to be ended in D1 before anything is answered. */
      readonly reusedConsentId?: string;
    };

/** A consent with who did what to it and when. */
export interface ConsentReading {
  readonly consent: Consent;
  readonly history: readonly HistoryEntry[];
}

/** What the guard of the open-banking API learns from the consent object in its one call. */
export type ConsentUse = { readonly found: true; readonly consent: Consent } | { readonly found: false };

export interface CreateRequest {
  readonly nowMs: number;
  readonly consentId: string;
  readonly clientId: string;
  readonly organisationId: string;
  readonly request: ConsentRequest;
}

export interface ApproveRequest {
  readonly nowMs: number;
  /** Whole: under another type's prefix it is another, unknown consent. */
  readonly consentId: string;
  readonly tenantId: string;
  readonly customerId: string;
  readonly accountIds: readonly string[];
  readonly binding: CodeBinding;
  /** SHA-256 of the code's secret, base64url. */
  readonly codeDigest: string;
  readonly note: string | undefined;
}

export interface DenyRequest {
  readonly nowMs: number;
  /** Names this attempt: repeated after a lost answer, it is the same denial. */
  readonly attempt: string;
  readonly consentId: string;
  readonly clientId: string;
  readonly tenantId: string;
  readonly customerId: string;
  readonly note: string | undefined;
}

/** `changed`: done now or by the same call before. */
export type DecisionAnswer =
  | { readonly outcome: 'changed'; readonly consent: Consent }
  | { readonly outcome: 'not_found' | 'not_awaiting' };

export interface RevokeRequest {
  readonly nowMs: number;
  readonly consentId: string;
  readonly by: RevokedBy;
  /** Where set, a consent of any other client is not found. */
  readonly clientId: string | undefined;
  readonly note: string | undefined;
}

/** `over`: it had ended before. `payment`: nothing was changed, for D1 decides first how a payment consent ends. */
export type RevokeAnswer =
  | { readonly outcome: 'ended' | 'over' | 'payment'; readonly consent: Consent }
  | { readonly outcome: 'not_found' };

/** The end of a payment consent as D1 has it. */
export interface EndRequest {
  readonly nowMs: number;
  readonly consentId: string;
  readonly end: ConsentEnd;
  readonly by: RevokedBy;
  readonly note: string | undefined;
}

export interface IdentityGrantRequest {
  readonly nowMs: number;
  readonly tenantId: string;
  readonly customerId: string;
  readonly binding: CodeBinding;
  readonly codeDigest: string;
}
