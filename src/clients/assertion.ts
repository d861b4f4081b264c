/**
 * Client assertions before any key is asked: their form, claims and times. Times are epoch seconds. Source: RFC 7521
 * section 4.2, RFC 7523 section 3, FAPI 2.0 section 5.3.2.1.
 */
import { CLIENT_ALGORITHMS, type ClientAlgorithm } from '#clients/client.ts';
import { isUuid } from '#kernel/ids.ts';
import { decodeUnverified } from '#kernel/jwt.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** How far ahead an assertion's `exp` may lie: the UK registration tool uses all of it. */
const ASSERTION_LIFETIME_SECONDS = 1_800;
/** How far a client's clock may run ahead. Source: FAPI 2.0 section 5.3.2.1 (0 to 10 s must be accepted). */
const CLOCK_LEEWAY_SECONDS = 10;
/** Longest assertion taken, characters: one with a 4096-bit RSA signature has about 1,200. */
const MAXIMUM_LENGTH = 8_192;
// RFC 7519 section 5.1; RFC 7515 section 4.1.9: media types, so in either case, "application/" left out or not.
const TYPES: ReadonlySet<string> = new Set(['jwt', 'client-authentication+jwt']);

/** What a request brings to authenticate its client. */
export interface Credentials {
  /** The form's, each sent once. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly authorizationHeader: string | undefined;
  /** What `aud` may say: the issuer, the token URL, the URL called. */
  readonly audiences: readonly string[];
}

/** An assertion whose every word but the signature was checked. */
export interface Assertion {
  readonly token: string;
  readonly clientId: string;
  readonly algorithm: ClientAlgorithm;
  readonly assertionId: string;
  readonly expiresAt: number;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function refuseAssertion(message: string): Result<never> {
  return refuse('invalid_client', message, { message });
}

function checkHeader(header: Readonly<Record<string, unknown>>): Result<ClientAlgorithm> {
  const { typ, crit, kid } = header;
  const algorithm = CLIENT_ALGORITHMS.find((name) => name === header['alg']);
  if (algorithm === undefined) {
    return refuseAssertion(`The client assertion must be signed with ${CLIENT_ALGORITHMS.join(', ')}.`);
  }
  if (typ !== undefined) {
    const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '';
    if (!TYPES.has(type)) {
      return refuseAssertion('The typ of the client assertion must be JWT or client-authentication+jwt.');
    }
  }
  if (crit !== undefined) return refuseAssertion('The client assertion has a crit header.');
  if (kid !== undefined && !isText(kid))
    return refuseAssertion('The kid of the client assertion is no string.');
  return ok(algorithm);
}

function checkTimes({ exp, iat, nbf }: Readonly<Record<string, unknown>>, now: number): Result<number> {
  if (typeof exp !== 'number' || !Number.isFinite(exp)) {
    return refuseAssertion('The client assertion needs exp, a number.');
  }
  if (exp <= now) return refuseAssertion('The client assertion has expired.');
  if (exp > now + ASSERTION_LIFETIME_SECONDS) {
    return refuseAssertion('The exp of the client assertion is more than 1800 seconds ahead.');
  }
  for (const time of [iat, nbf]) {
    if (time === undefined) continue;
    if (typeof time !== 'number' || !Number.isFinite(time)) {
      return refuseAssertion('iat and nbf of the client assertion must be numbers.');
    }
    if (time > now + CLOCK_LEEWAY_SECONDS) {
      return refuseAssertion('iat or nbf of the client assertion is more than 10 seconds ahead.');
    }
  }
  return ok(exp);
}

/** RFC 7523 section 3: aud identifies this server. Each value must, so that nobody else was meant too. */
function isForUs(aud: unknown, audiences: readonly string[]): boolean {
  const values: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return values.length > 0 && values.every((value) => isText(value) && audiences.includes(value));
}

function checkMethod({ parameters, authorizationHeader }: Credentials): Result<string> {
  const token = parameters.get('client_assertion');
  const hasBasic = /^basic(\s|$)/i.test(authorizationHeader ?? '');
  if (token === undefined) {
    return refuseAssertion('Authenticate with private_key_jwt: client_assertion_type and client_assertion.');
  }
  // RFC 6749 section 2.3: one method a request.
  if (hasBasic || parameters.has('client_secret')) {
    return refuse('invalid_request', 'second authentication method', {
      message: 'More than one client authentication method was used.',
    });
  }
  if (parameters.get('client_assertion_type') !== ASSERTION_TYPE) {
    return refuseAssertion(`client_assertion_type must be ${ASSERTION_TYPE}.`);
  }
  return token.length <= MAXIMUM_LENGTH ? ok(token) : refuseAssertion('The client assertion is too long.');
}

/**
 * Reads the client assertion of a request. Refuses with `invalid_client`, a second method beside it with
 * `invalid_request`; no refusal depends on whether the client exists.
 */
export function parseAssertion(credentials: Credentials, now: number): Result<Assertion> {
  const token = checkMethod(credentials);
  if (!token.ok) return token;
  const decoded = decodeUnverified(token.value);
  if (decoded === undefined) return refuseAssertion('The client assertion is not a signed JWT.');
  const { header, claims } = decoded;
  const algorithm = checkHeader(header);
  if (!algorithm.ok) return algorithm;
  const { iss, sub, jti, aud } = claims;
  const clientId = credentials.parameters.get('client_id') ?? sub;
  if (!isText(iss) || !isText(sub) || iss !== sub || sub !== clientId) {
    return refuseAssertion('iss and sub of the client assertion must both be the client_id.');
  }
  if (!isText(jti)) return refuseAssertion('The client assertion needs a jti, a string.');
  if (!isForUs(aud, credentials.audiences)) {
    return refuseAssertion('The aud of the client assertion must be the issuer or the URL of the endpoint.');
  }
  const expiresAt = checkTimes(claims, now);
  if (!expiresAt.ok) return expiresAt;
  // Client ids are UUIDs in lower case: any other name is nobody's.
  if (!isUuid(sub) || sub !== sub.toLowerCase()) return refuse('invalid_client', 'client_id is not a UUID');
  return ok({
    token: token.value,
    clientId: sub,
    algorithm: algorithm.value,
    assertionId: jti,
    expiresAt: Math.ceil(expiresAt.value),
  });
}
