/** What the server secrets are for: pairwise subjects, sealed form state and digests of one-time codes. */
import { CompactSign } from 'jose';
import { verifyOwnJwt } from '#edge/own-jwt.ts';
import type { Scope } from '#edge/scope.ts';
import type { KeySet } from '#edge/signing-keys.ts';
import { toBase64Url, utf8 } from '#kernel/encoding.ts';

/** Signed, not encrypted: the encryption half of a JOSE library would be a twentieth of the Worker. */
const SEAL_ALGORITHM = 'HS256';

async function keyedDigest(key: CryptoKey, parts: readonly string[]): Promise<string> {
  // JSON keeps the parts apart: ['ab', 'c'] and ['a', 'bc'] differ.
  return toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(JSON.stringify(parts)))));
}

/**
 * The `sub` by which an organisation knows a customer: the same in each of its clients, another in each organisation,
 * telling nothing. 43 base64url characters. Source: OpenID Connect Core 1.0 section 8.1.
 */
export async function pairwiseSubject(
  keys: Pick<KeySet, 'secrets'>,
  organisationId: string,
  tenantId: string,
  customerId: string,
): Promise<string> {
  return keyedDigest(keys.secrets.pairwise, [organisationId, tenantId, customerId]);
}

/** The digest a one-time code is kept as. `parts` hold the code and what it is bound to (interaction, what was shown). */
export async function oneTimeCodeDigest(
  keys: Pick<KeySet, 'secrets'>,
  parts: readonly string[],
): Promise<string> {
  return keyedDigest(keys.secrets.oneTimeCode, parts);
}

/**
 * A secret that comes of a form: the same for each time one form is posted, and not to be had from the form itself. `parts` begin
 * with what it is for and hold something that was random when the form was made. 256 bits, base64url.
 */
export async function secretOfForm(keys: Pick<KeySet, 'secrets'>, parts: readonly string[]): Promise<string> {
  return keyedDigest(keys.secrets.seal, parts);
}

/**
 * Seals form state that a browser carries and cannot change; what stands in it is the browser's own request, no secret.
 * `expiresAt` in epoch seconds. Source: RFC 7515.
 */
export async function seal(
  keys: Pick<KeySet, 'secrets'>,
  purpose: string,
  value: object,
  expiresAt: number,
): Promise<string> {
  return new CompactSign(utf8(JSON.stringify({ value, aud: purpose, exp: expiresAt })))
    .setProtectedHeader({ alg: SEAL_ALGORITHM })
    .sign(keys.secrets.seal);
}

/** What was sealed for this purpose; undefined when it was not, was changed, or has expired. */
export async function unseal(
  scope: Pick<Scope, 'nowMs'>,
  keys: Pick<KeySet, 'secrets'>,
  purpose: string,
  text: string,
): Promise<Record<string, unknown> | undefined> {
  const claims = await verifyOwnJwt(text, keys.secrets.seal, {
    audience: purpose,
    algorithms: [SEAL_ALGORITHM],
    currentDate: new Date(scope.nowMs),
    requiredClaims: ['exp'],
  });
  return claims?.['value'] as Record<string, unknown> | undefined;
}
