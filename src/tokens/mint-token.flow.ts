/** Mints access tokens. D1: none. Objects: none on a warm isolate, which has the keys. Source: RFC 9068 section 2. */
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { newUuid } from '#kernel/ids.ts';
import { ACCESS_TOKEN_LIFETIME_SECONDS, type AccessToken, audienceOf } from '#tokens/access-token.ts';

/** Of client credentials the subject is the client_id. */
export type MintRequest = Pick<
  AccessToken,
  'clientId' | 'subject' | 'scopes' | 'consentId' | 'identityGrantId'
>;

export interface MintedToken {
  readonly token: string;
  /** Lifetime in seconds, for `expires_in`. */
  readonly expiresIn: number;
}

/**
 * A signed access token for what was granted. It may outlive its grant, whose object judges each call: were it cut to the
 * grant's end, a caller would be told that the token is over, and never that the consent is.
 */
export async function mintAccessToken(
  scope: Scope,
  { clientId, subject, scopes, consentId, identityGrantId }: MintRequest,
): Promise<MintedToken> {
  const { settings, now } = scope;
  const keys = await signingKeys(scope);
  const token = await keys.sign(
    {
      iss: settings.issuer,
      aud: audienceOf(settings.issuer),
      sub: subject,
      client_id: clientId,
      scope: scopes.join(' '),
      jti: newUuid(),
      iat: now,
      exp: now + ACCESS_TOKEN_LIFETIME_SECONDS,
      consent_id: consentId,
      grant_id: identityGrantId,
    },
    { algorithm: 'ES256', typ: 'at+jwt' },
  );
  return { token, expiresIn: ACCESS_TOKEN_LIFETIME_SECONDS };
}
