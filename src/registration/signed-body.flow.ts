/**
 * Verifies a registration request that is a JWT signed by the software's keys. D1: none. Objects: one (its `jti` is used
 * up). Source: UK Open Banking Dynamic Client Registration 3.3, CDR Register "Client Registration".
 */
import type { ClientKeys, SoftwareId } from '#clients/client.ts';
import { checkSignature } from '#clients/client-keys.flow.ts';
import { organisationIdOf } from '#clients/organisation.ts';
import { checkJwtUse, parseSignedJwt, type SignedJwt } from '#clients/signed-jwt.ts';
import { useSignedBody } from '#clients/use-signed-body.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Refused, type Result, refuse, refuseOpenly } from '#kernel/result.ts';
import { DAY_SECONDS, MINUTE_SECONDS } from '#kernel/time.ts';

/** How far ahead `exp` may lie: so long its `jti` is remembered. */
const LIFETIME_MAXIMUM_SECONDS = DAY_SECONDS;
/** How far a client's clock may run ahead, as with its software statement. */
const AHEAD_SECONDS = MINUTE_SECONDS;
const BODY_ID_LENGTH_MAXIMUM = 200;

export interface SignedBodyExpectation {
  readonly software: SoftwareId;
  readonly keys: ClientKeys;
  /** Whether those are the software statement's, not ones that came with the body. */
  readonly isCertified: boolean;
  /** Each of the body's `aud` must be one of these. */
  readonly audiences: readonly string[];
}

function refuseFault(fault: string): Refused {
  return refuseOpenly('invalid_client_metadata', `The signed request ${fault}.`);
}

/** Takes a signed body apart. Refuses with `invalid_client_metadata`. */
export function parseSignedBody(text: string): Result<SignedJwt> {
  return parseSignedJwt(text.trim(), refuseFault);
}

/** Verifies a signed body and uses it up. Refuses with `invalid_client_metadata`, `rate_limit_exceeded`. */
export async function verifySignedBody(
  scope: Scope,
  { signed, claims }: SignedJwt,
  { software, keys, isCertified, audiences }: SignedBodyExpectation,
): Promise<Result<void>> {
  const { directoryIssuer, orgId, softwareId } = software;
  if (claims['iss'] !== softwareId)
    return refuseFault('must have the software_id of its statement as its iss');
  const used = checkJwtUse(
    claims,
    { audiences, now: scope.now, lifetimeSeconds: LIFETIME_MAXIMUM_SECONDS, aheadSeconds: AHEAD_SECONDS },
    refuseFault,
  );
  if (!used.ok) return used;
  const { jwtId, expiresAt } = used.value;
  if (jwtId.length > BODY_ID_LENGTH_MAXIMUM) return refuseFault('has a jti of more than 200 characters');
  if ((await checkSignature(scope, keys, signed)) !== 'signed') {
    return refuseFault('is not signed by a key of the software');
  }
  const use = await useSignedBody(scope, {
    organisationId: await organisationIdOf(directoryIssuer, orgId),
    softwareId,
    isCertified,
    bodyId: jwtId,
    expiresAt,
  });
  if (use === 'used') return refuseFault('has a jti that was used before');
  return use === 'full'
    ? refuse('rate_limit_exceeded', 'too many signed bodies', { retryAfterSeconds: 3_600 })
    : ok(undefined);
}
