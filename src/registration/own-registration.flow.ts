/**
 * Finds the registration that a caller may manage. D1: one read; none for a malformed token. Objects: none; an ended
 * client's, for who holds its token.
 * Source: RFC 7592 section 2, UK Open Banking Dynamic Client Registration 3.3.
 */
import { tellClientObject } from '#clients/call-client.flow.ts';
import { findRegistration } from '#clients/find-registration.flow.ts';
import type { Registration } from '#clients/statement.ts';
import type { Scope } from '#edge/scope.ts';
import { parseBearer } from '#kernel/bearer.ts';
import { digestOf, equalInConstantTime } from '#kernel/encoding.ts';
import { isUuid } from '#kernel/ids.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import { isClientCredentials } from '#tokens/access-token.ts';
import { verifyAccessToken } from '#tokens/verify-token.flow.ts';

export interface OwnRegistration {
  readonly registration: Registration;
  /** As presented; undefined for a caller with an access token, who is never told it. */
  readonly registrationToken: string | undefined;
}

export interface OwnershipClaim {
  /** As in the path. */
  readonly clientId: string;
  readonly authorizationHeader: string | undefined;
  readonly query: URLSearchParams;
}

const REGISTRATION_TOKEN = /^reg_token_[A-Za-z0-9_-]{43}$/;
/** Stands in for the digest of a client that is not there, so that both take the same path. */
const NO_DIGEST = 'A'.repeat(43);

function refused(reason: string): Result<never> {
  return refuse('invalid_token', reason);
}

/**
 * For who holds the client's token: whether it still lives. The object of one that has ended is told so again: a DELETE
 * that did not reach it was answered 503, and what comes now may be that DELETE repeated, whose 401 must be true.
 */
async function isActive(scope: Scope, { client }: Registration): Promise<boolean> {
  if (client.status === 'ended') await tellClientObject(scope, client);
  return client.status === 'active';
}

/**
 * The registration that a registration access token opens. Refuses with `invalid_token`, the same for a wrong token, an ended
 * client and one that never was.
 */
export async function findByRegistrationToken(
  scope: Scope,
  clientId: string,
  token: string,
): Promise<Result<OwnRegistration>> {
  if (!REGISTRATION_TOKEN.test(token) || !isUuid(clientId)) return refused('malformed');
  const [digest, registration] = await Promise.all([digestOf(token), findRegistration(scope, clientId)]);
  const isRight = equalInConstantTime(digest, registration?.client.registrationTokenDigest ?? NO_DIGEST);
  return isRight && registration !== undefined && (await isActive(scope, registration))
    ? ok({ registration, registrationToken: token })
    : refused('token of no active client');
}

/**
 * Takes the registration access token or, of a client registered by a signed body, its client-credentials token.
 * Refuses with `invalid_token`, the same for a wrong token, an ended client and one that never was.
 */
export async function findOwnRegistration(
  scope: Scope,
  { clientId, authorizationHeader, query }: OwnershipClaim,
): Promise<Result<OwnRegistration>> {
  const token = parseBearer(authorizationHeader);
  if (token !== undefined && REGISTRATION_TOKEN.test(token)) {
    if (query.has('access_token')) return refused('access_token in the query');
    return findByRegistrationToken(scope, clientId, token);
  }
  const access = await verifyAccessToken(scope, authorizationHeader, query);
  if (!access.ok) return access;
  if (!isClientCredentials(access.value) || access.value.clientId !== clientId) {
    return refused('token not of this client');
  }
  const registration = await findRegistration(scope, clientId);
  return registration?.client.registeredBySignedBody === true && (await isActive(scope, registration))
    ? ok({ registration, registrationToken: undefined })
    : refused('not registered by a signed body');
}
