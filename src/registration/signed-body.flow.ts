/**
 * Verifies a registration request that is a JWT signed by the software's keys. D1: none. Objects: one (its `jti` is used
 * up). Source: UK Open Banking Dynamic Client Registration 3.3, CDR Register "Client Registration".
 */
import type { SoftwareId } from '#clients/client.ts';
import { CLIENT_ALGORITHMS, type ClientKeys } from '#clients/client.ts';
import { checkSignatureByEndpoint } from '#clients/client-keys.flow.ts';
import { organisationIdOf } from '#clients/organisation.ts';
import { isSignedBy, type Signed, verifyingSet } from '#clients/signature.ts';
import { useSignedBody } from '#clients/use-signed-body.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { decodeUnverified } from '#kernel/jwt.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import { DAY_SECONDS, MINUTE_SECONDS } from '#kernel/time.ts';

/** How far ahead `exp` may lie: so long its `jti` is remembered. */
const LIFETIME_MAXIMUM_SECONDS = DAY_SECONDS;
/** How far a client's clock may run ahead, as with its software statement. */
const AHEAD_SECONDS = MINUTE_SECONDS;
const BODY_ID_LENGTH_MAXIMUM = 200;

type Claims = Readonly<Record<string, unknown>>;

/** A signed body taken apart; only its form and algorithm were checked. */
export interface SignedBody {
  readonly signed: Signed;
  readonly claims: Claims;
}

export interface SignedBodyExpectation {
  readonly software: SoftwareId;
  readonly keys: ClientKeys;
  /** Whether those are the software statement's, not ones that came with the body. */
  readonly isCertified: boolean;
  /** Each of the body's `aud` must be one of these. */
  readonly audiences: readonly string[];
}

function refuseBody(reason: string): Result<never> {
  return refuse('invalid_client_metadata', `signed body: ${reason}`, {
    message: `The signed request is not acceptable: ${reason}.`,
  });
}

/** Takes a signed body apart. Refuses with `invalid_client_metadata`. */
export function parseSignedBody(text: string): Result<SignedBody> {
  const token = text.trim();
  const decoded = decodeUnverified(token);
  if (decoded === undefined) return refuseBody('it is no JWT');
  const algorithm = CLIENT_ALGORITHMS.find((name) => name === decoded.header['alg']);
  if (algorithm === undefined) return refuseBody(`its alg is not one of ${CLIENT_ALGORITHMS.join(', ')}`);
  if (decoded.header['crit'] !== undefined) return refuseBody('it has a crit header');
  return ok({ signed: { token, algorithm }, claims: decoded.claims });
}

function isAhead(time: unknown, now: number): boolean {
  return time !== undefined && (typeof time !== 'number' || !(time <= now + AHEAD_SECONDS));
}

function areAudiences(aud: unknown, audiences: readonly string[]): boolean {
  const named: unknown[] = Array.isArray(aud) ? aud : [aud];
  return named.length > 0 && named.every((one) => typeof one === 'string' && audiences.includes(one));
}

function checkClaims(
  { iss, aud, exp, iat, nbf, jti }: Claims,
  { software, audiences }: SignedBodyExpectation,
  now: number,
): Result<{ readonly bodyId: string; readonly expiresAt: number }> {
  if (iss !== software.softwareId) return refuseBody('iss is not the software_id of its statement');
  if (!areAudiences(aud, audiences)) return refuseBody('aud is not the issuer or the registration URL');
  if (typeof exp !== 'number' || !(exp > now)) return refuseBody('it has no exp or has expired');
  if (exp > now + LIFETIME_MAXIMUM_SECONDS) return refuseBody('exp is more than a day ahead');
  if (isAhead(iat, now) || isAhead(nbf, now)) return refuseBody('iat or nbf lies ahead');
  if (typeof jti !== 'string' || jti === '' || jti.length > BODY_ID_LENGTH_MAXIMUM) {
    return refuseBody('it has no jti of 1 to 200 characters');
  }
  return ok({ bodyId: jti, expiresAt: Math.ceil(exp) });
}

async function isSigned(scope: Scope, keys: ClientKeys, signed: Signed): Promise<boolean> {
  if (keys.by === 'reference') {
    return (await checkSignatureByEndpoint(scope, keys.jwksUri, signed)) === 'signed';
  }
  return isSignedBy(verifyingSet(keys.jwks.keys), signed);
}

/** Verifies a signed body and uses it up. Refuses with `invalid_client_metadata`, `rate_limit_exceeded`. */
export async function verifySignedBody(
  scope: Scope,
  { signed, claims }: SignedBody,
  expected: SignedBodyExpectation,
): Promise<Result<void>> {
  const checked = checkClaims(claims, expected, scope.now);
  if (!checked.ok) return checked;
  if (!(await isSigned(scope, expected.keys, signed))) return refuseBody('its signature does not verify');
  const { directoryIssuer, orgId, softwareId } = expected.software;
  const use = await useSignedBody(scope, {
    organisationId: await organisationIdOf(directoryIssuer, orgId),
    softwareId,
    isCertified: expected.isCertified,
    ...checked.value,
  });
  if (use === 'used') return refuseBody('its jti was used before');
  return use === 'full'
    ? refuse('rate_limit_exceeded', 'too many signed bodies', { retryAfterSeconds: 3_600 })
    : ok(undefined);
}
