/**
 * Client assertions before any key is asked: their form, claims and times. Times are epoch seconds. Source: RFC 7521
 * section 4.2, RFC 7523 section 3, FAPI 2.0 section 5.3.2.1.
 */
import type { Signed } from '#clients/signature.ts';
import { checkJwtUse, type JwtUse, parseSignedJwt } from '#clients/signed-jwt.ts';
import { isUuid } from '#kernel/ids.ts';
import { ok, type Refused, type Result, refuse, refuseOpenly } from '#kernel/result.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** How far ahead an assertion's `exp` may lie: the UK registration tool uses all of it. */
const ASSERTION_LIFETIME_SECONDS = 1_800;
/** How far a client's clock may run ahead. Source: FAPI 2.0 section 5.3.2.1 (0 to 10 s must be accepted). */
const CLOCK_LEEWAY_SECONDS = 10;
/** Longest assertion taken, characters: one with a 4096-bit RSA signature has about 1,200. */
const MAXIMUM_LENGTH = 8_192;
// RFC 7519 section 5.1; RFC 7515 section 4.1.9: media types, so in either case, "application/" left out or not.
const TYPE = /^(?:application\/)?(?:jwt|client-authentication\+jwt)$/i;

/** What a request brings to authenticate its client. */
export interface Credentials {
  /** The form's, each sent once. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly authorizationHeader: string | undefined;
  /** What `aud` may say: the issuer, the token URL, the URL called. */
  readonly audiences: readonly string[];
}

/** An assertion whose every word but the signature was checked. */
export interface Assertion extends Signed, JwtUse {
  readonly clientId: string;
}

function refuseFault(fault: string): Refused {
  return refuseOpenly('invalid_client', `The client assertion ${fault}.`);
}

function checkMethod({ parameters, authorizationHeader }: Credentials): Result<string> {
  const token = parameters.get('client_assertion');
  if (token === undefined) {
    return refuseOpenly(
      'invalid_client',
      'Authenticate with private_key_jwt: client_assertion_type and client_assertion.',
    );
  }
  // RFC 6749 section 2.3: one method a request.
  if (/^basic(\s|$)/i.test(authorizationHeader ?? '') || parameters.has('client_secret')) {
    return refuseOpenly('invalid_request', 'More than one client authentication method was used.');
  }
  if (parameters.get('client_assertion_type') !== ASSERTION_TYPE) {
    return refuseOpenly('invalid_client', `client_assertion_type must be ${ASSERTION_TYPE}.`);
  }
  return token.length <= MAXIMUM_LENGTH ? ok(token) : refuseFault('is too long');
}

/**
 * Reads the client assertion of a request. Refuses with `invalid_client`, a second method beside it with
 * `invalid_request`; no refusal depends on whether the client exists.
 */
export function parseAssertion(credentials: Credentials, now: number): Result<Assertion> {
  const { parameters, audiences } = credentials;
  const token = checkMethod(credentials);
  if (!token.ok) return token;
  const parsed = parseSignedJwt(token.value, refuseFault);
  if (!parsed.ok) return parsed;
  const { signed, header, claims } = parsed.value;
  const { typ = 'jwt', kid } = header;
  if (typeof typ !== 'string' || !TYPE.test(typ)) {
    return refuseFault('must have the typ JWT or client-authentication+jwt');
  }
  if (kid !== undefined && (typeof kid !== 'string' || kid === '')) {
    return refuseFault('has a kid that is no string');
  }
  const { iss, sub } = claims;
  if (typeof sub !== 'string' || iss !== sub || sub !== (parameters.get('client_id') ?? sub)) {
    return refuseFault('must have the client_id as its iss and sub');
  }
  const use = checkJwtUse(
    claims,
    { audiences, now, lifetimeSeconds: ASSERTION_LIFETIME_SECONDS, aheadSeconds: CLOCK_LEEWAY_SECONDS },
    refuseFault,
  );
  if (!use.ok) return use;
  // Client ids are UUIDs in lower case: any other name is nobody's.
  if (!isUuid(sub) || sub !== sub.toLowerCase()) return refuse('invalid_client', 'client_id is not a UUID');
  return ok({ ...signed, ...use.value, clientId: sub });
}
