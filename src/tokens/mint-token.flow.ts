/** Mints access tokens. D1: none. Objects: none on a warm isolate, which has the keys. Source: RFC 9068 section 2. */
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { newUuid } from '#kernel/ids.ts';
import { ACCESS_TOKEN_LIFETIME_SECONDS, type AccessToken, audienceOf } from '#tokens/access-token.ts';

export interface MintRequest {
  readonly clientId: string;
  /** Pairwise; the client_id for client-credentials tokens. */
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly consentId?: string;
  readonly identityGrantId?: string;
}

export interface MintedToken {
  readonly token: string;
  readonly claims: AccessToken;
  /** Lifetime in seconds, for `expires_in`. */
  readonly expiresIn: number;
}

/**
 * A signed access token for what was granted. It may outlive its grant, whose object judges each call: were it cut to the
 * grant's end, a caller would be told that the token is over, and never that the consent is.
 */
export async function mintAccessToken(scope: Scope, request: MintRequest): Promise<MintedToken> {
  const { settings, now } = scope;
  const expiresAt = now + ACCESS_TOKEN_LIFETIME_SECONDS;
  const claims: AccessToken = {
    clientId: request.clientId,
    subject: request.subject,
    scopes: request.scopes,
    tokenId: newUuid(),
    issuedAt: now,
    expiresAt,
    ...(request.consentId === undefined ? {} : { consentId: request.consentId }),
    ...(request.identityGrantId === undefined ? {} : { identityGrantId: request.identityGrantId }),
  };
  const keys = await signingKeys(scope);
  const token = await keys.sign(
    {
      iss: settings.issuer,
      aud: audienceOf(settings.issuer),
      sub: claims.subject,
      client_id: claims.clientId,
      scope: claims.scopes.join(' '),
      jti: claims.tokenId,
      iat: claims.issuedAt,
      exp: claims.expiresAt,
      ...(claims.consentId === undefined ? {} : { consent_id: claims.consentId }),
      ...(claims.identityGrantId === undefined ? {} : { grant_id: claims.identityGrantId }),
    },
    { algorithm: 'ES256', typ: 'at+jwt' },
  );
  return { token, claims, expiresIn: expiresAt - now };
}
