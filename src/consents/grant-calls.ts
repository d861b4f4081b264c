/** The calls the token endpoint and the AIS guard make on a grant's object (a consent, or an identity-only grant). */
import type { CodeBinding, Consent } from '#consents/consent.ts';

/** Redeems a code. Nothing happens unless client and secret match; the code is spent only when every check passes. */
export interface RedeemRequest {
  readonly nowMs: number;
  readonly clientId: string;
  /** SHA-256 of the code's secret, base64url. */
  readonly secretDigest: string;
  readonly redirectUri: string | undefined;
  readonly codeVerifier: string | undefined;
  /** Digest of the refresh token to accept from now on, where the client may have one. */
  readonly refreshDigest: string | undefined;
}

export interface RefreshRequest {
  readonly nowMs: number;
  readonly clientId: string;
  readonly secretDigest: string;
}

/** What a token may be issued for. */
export interface Granted {
  readonly binding: CodeBinding;
  /** Absent for identity-only grants. */
  readonly consentId?: string;
  /** Epoch seconds after which the grant is over; access tokens do not outlive it. */
  readonly grantExpiresAt: number;
  /** Whether the refresh token asked for is now in force (never for an identity-only grant without offline_access). */
  readonly refreshable: boolean;
}

/** `reason` is for the log; on the wire every refusal is `invalid_grant`. */
export type GrantAnswer =
  | { readonly ok: true; readonly granted: Granted }
  | { readonly ok: false; readonly reason: string };

/** What the guard of the open-banking API learns from the consent object in its one call. */
export type ConsentUse = { readonly found: true; readonly consent: Consent } | { readonly found: false };
