/**
 * Issues tokens to a client that has authenticated itself. D1: none; where an identity-only grant has a
 * refresh token, one call. Objects: one for a code or refresh token (the grant's), none for client credentials; the
 * signing keys once a minute and isolate. Source: RFC 6749 section 4, OpenID Connect Core 1.0 section 3.1.3.
 */
import type { Client } from '#clients/client.ts';
import { type RedeemedGrant, redeemCode, refreshGrant } from '#consents/redeem-grant.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { idTokenClaims } from '#grants/id-token.ts';
import { scopeOfClient, scopeOfGrant } from '#grants/token-scope.ts';
import { ok, type Result } from '#kernel/result.ts';
import { mintAccessToken } from '#tokens/mint-token.flow.ts';

export interface IssuedTokens {
  readonly accessToken: string;
  /** Lifetime in seconds. */
  readonly expiresIn: number;
  readonly refreshToken?: string | undefined;
  readonly idToken?: string | undefined;
  readonly scopes: readonly string[];
  readonly consentId?: string | undefined;
}

export interface CodeExchange {
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string | undefined;
}

export interface RefreshExchange {
  readonly refreshToken: string;
  /** The parameter as sent. */
  readonly scope: string | undefined;
}

/** A token for the client itself. Refuses with `invalid_scope`. */
export async function issueToClient(
  scope: Scope,
  client: Client,
  requestedScope: string | undefined,
): Promise<Result<IssuedTokens>> {
  const scopes = scopeOfClient(client, requestedScope);
  if (!scopes.ok) return scopes;
  const { clientId } = client;
  const minted = await mintAccessToken(scope, { clientId, subject: clientId, scopes: scopes.value });
  return ok({ accessToken: minted.token, expiresIn: minted.expiresIn, scopes: scopes.value });
}

/**
 * Makes sure that the client's id_token can be signed, before anything is spent for it: the first RSA keys of a new
 * deployment are made some moments after its other keys. Throws an outage (503) meanwhile.
 */
async function expectSigningKey(scope: Scope, { idTokenAlgorithm: algorithm }: Client): Promise<void> {
  const keys = await signingKeys(scope);
  if (keys.publicJwks().keys.some(({ alg }) => alg === algorithm)) return;
  // Signing asks the key ring once more, which reading does not.
  await keys.sign({ exp: scope.now }, { algorithm, typ: 'JWT' });
}

interface GrantIssue {
  readonly grant: RedeemedGrant;
  readonly requestedScope: string | undefined;
  readonly isFirst: boolean;
}

async function issueForGrant(
  scope: Scope,
  client: Client,
  { grant, requestedScope, isFirst }: GrantIssue,
): Promise<Result<IssuedTokens>> {
  const { binding, consentId, identityGrantId, refreshToken } = grant;
  const scopes = scopeOfGrant(client, { granted: binding.scopes, consentId }, requestedScope);
  if (!scopes.ok) return scopes;
  const { token: accessToken, expiresIn } = await mintAccessToken(scope, {
    clientId: client.clientId,
    subject: binding.subject,
    scopes: scopes.value,
    consentId,
    identityGrantId,
  });
  const issued = { accessToken, expiresIn, refreshToken, scopes: scopes.value, consentId };
  if (!scopes.value.includes('openid')) return ok(issued);
  const { issuer } = scope.settings;
  const claims = await idTokenClaims({ issuer, now: scope.now, binding, accessToken, isFirst, consentId });
  const keys = await signingKeys(scope);
  const idToken = await keys.sign({ ...claims }, { algorithm: client.idTokenAlgorithm, typ: 'JWT' });
  return ok({ ...issued, idToken });
}

/** Tokens for an authorization code, which works once. Refuses with `invalid_grant`, `invalid_scope`. */
export async function issueForCode(
  scope: Scope,
  client: Client,
  { code, redirectUri, codeVerifier }: CodeExchange,
): Promise<Result<IssuedTokens>> {
  await expectSigningKey(scope, client);
  const grant = await redeemCode(scope, {
    code,
    clientId: client.clientId,
    // One that was taken from the client since is nobody's: the code is judged as if none had been sent.
    redirectUri: client.redirectUris.includes(redirectUri) ? redirectUri : undefined,
    codeVerifier,
    clientScopes: client.scopes,
    wantsRefresh: client.grantTypes.includes('refresh_token'),
  });
  if (!grant.ok) return grant;
  return issueForGrant(scope, client, { grant: grant.value, requestedScope: undefined, isFirst: true });
}

/**
 * Tokens for a refresh token, which stays as it is and is answered again: a lost answer can always be retried (FAPI 2.0
 * section 5.3.2.1, no rotation). Refuses with `invalid_grant`, `invalid_scope`.
 */
export async function issueForRefresh(
  scope: Scope,
  client: Client,
  { refreshToken, scope: requestedScope }: RefreshExchange,
): Promise<Result<IssuedTokens>> {
  const found = await refreshGrant(scope, { refreshToken, clientId: client.clientId });
  if (!found.ok) return found;
  const grant = { ...found.value, refreshToken };
  return issueForGrant(scope, client, { grant, requestedScope, isFirst: false });
}
