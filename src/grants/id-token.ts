/** What stands in an id_token. Times are epoch seconds. Source: OpenID Connect Core 1.0 sections 2, 3.1.3.6 and 12.2. */
import { STRONG_AUTHENTICATION } from '#authorization/strong-authentication.ts';
import type { CodeBinding } from '#consents/consent.ts';
import { toBase64Url, utf8 } from '#kernel/encoding.ts';

/** Lifetime of an id_token, seconds: it is read when it arrives. */
const ID_TOKEN_LIFETIME_SECONDS = 600;

export interface IdTokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly exp: number;
  readonly iat: number;
  readonly auth_time: number;
  readonly nonce?: string | undefined;
  readonly acr?: typeof STRONG_AUTHENTICATION;
  readonly at_hash: string;
  /** The consent. Source: OBIE security profile. */
  readonly openbanking_intent_id?: string;
}

/** Every claim an id_token of ours can have. */
export const ID_TOKEN_CLAIMS: readonly (keyof IdTokenClaims)[] = [
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'nonce',
  'acr',
  'at_hash',
  'openbanking_intent_id',
];

export interface IdTokenFacts {
  readonly issuer: string;
  readonly now: number;
  readonly binding: CodeBinding;
  /** Absent for identity-only grants. */
  readonly consentId?: string | undefined;
  readonly accessToken: string;
  /** Whether a code was redeemed: a refreshed id_token has no nonce (section 12.2). */
  readonly isFirst: boolean;
}

/** The left half of the access token's SHA-256 digest: each of our algorithms signs with SHA-256. */
async function halfDigest(text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))).slice(0, 16));
}

export async function idTokenClaims({
  issuer,
  now,
  binding,
  consentId,
  accessToken,
  isFirst,
}: IdTokenFacts): Promise<IdTokenClaims> {
  return {
    iss: issuer,
    sub: binding.subject,
    aud: binding.clientId,
    exp: now + ID_TOKEN_LIFETIME_SECONDS,
    iat: now,
    auth_time: binding.authTime,
    nonce: isFirst ? binding.nonce : undefined,
    ...(consentId === undefined ? {} : { acr: STRONG_AUTHENTICATION, openbanking_intent_id: consentId }),
    at_hash: await halfDigest(accessToken),
  };
}
