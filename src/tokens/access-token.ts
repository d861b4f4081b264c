/** Access tokens: what stands in them and how long they live. Source: RFC 9068, RFC 6750. */

/** Lifetime of an access token, seconds. */
export const ACCESS_TOKEN_LIFETIME_SECONDS = 600;

/** The claims of one of our access tokens after its signature, issuer, audience, type and expiry were checked. */
export interface AccessToken {
  readonly clientId: string;
  /** Pairwise: a keyed digest of organisation and customer; for client-credentials tokens the client_id. */
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly tokenId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The consent the token belongs to; absent in client-credentials and identity-only tokens. */
  readonly consentId?: string | undefined;
  /** The identity-only grant's object id, where the token belongs to one. */
  readonly identityGrantId?: string | undefined;
}

/** The audience of every access token: the open-banking API below this issuer. */
export function audienceOf(issuer: string): string {
  return `${issuer}/open-banking/v1`;
}

/** Client-credentials tokens stand for the client alone (RFC 9068 section 2.2: sub is then the client_id). */
export function isClientCredentials(token: AccessToken): boolean {
  return token.consentId === undefined && token.identityGrantId === undefined;
}
