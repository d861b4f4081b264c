/** What is registered: the metadata asked for, within what the software statement allows, with its defaults. */
import {
  type Client,
  type ClientKeys,
  defaultScopes,
  type GrantType,
  type PublicJwk,
  roleAllowsScope,
} from '#clients/client.ts';
import { refuseStatement } from '#clients/directory.ts';
import { parseKeySet } from '#clients/key-set.ts';
import { faultOfRedirectUri } from '#clients/redirect-uri.ts';
import type { Statement } from '#clients/statement.ts';
import type { Environment } from '#edge/settings.ts';
import type { ErrorCode } from '#kernel/errors.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';
import type { ClientMetadata } from '#registration/registration.schema.ts';

/** The part of a client that its metadata decide. */
export type Registered = Pick<
  Client,
  'redirectUris' | 'scopes' | 'grantTypes' | 'keys' | 'idTokenAlgorithm' | 'assertionAlgorithm' | 'metadata'
>;

export interface RegistrationFacts {
  readonly environment: Environment;
  /** Whether a URL is one that this server may fetch keys from. */
  readonly isFetchable: (url: string) => boolean;
  /** The software statement as it was sent. */
  readonly statementText: string;
}

function refuseMember(code: ErrorCode, field: string, message: string): Result<never> {
  return refuseOpenly(code, `${field} ${message}.`, { errors: [{ field, code: 'invalid', message }] });
}

function metadataRefused(field: string, message: string): Result<never> {
  return refuseMember('invalid_client_metadata', field, message);
}

/** Creating a consent needs `client_credentials`, asked for or not. */
function decideGrantTypes({ grant_types = ['authorization_code'] }: ClientMetadata): readonly GrantType[] {
  return [...new Set<GrantType>([...grant_types, 'client_credentials'])];
}

/** RFC 7591 section 2.1: grant and response types that contradict each other are refused. */
function decideResponseTypes(
  { response_types }: ClientMetadata,
  grantTypes: readonly GrantType[],
): Result<readonly string[]> {
  const redirects = grantTypes.includes('authorization_code');
  if (response_types === undefined) return ok(redirects ? ['code'] : []);
  return response_types.length > 0 === redirects
    ? ok([...new Set(response_types)])
    : metadataRefused('response_types', 'do not fit grant_types');
}

function decideRedirectUris(
  { redirect_uris = [] }: ClientMetadata,
  grantTypes: readonly GrantType[],
  statement: Statement,
  environment: Environment,
): Result<readonly string[]> {
  if (redirect_uris.length === 0 && grantTypes.includes('authorization_code')) {
    return refuseMember('invalid_redirect_uri', 'redirect_uris', 'is required');
  }
  for (const [index, uri] of redirect_uris.entries()) {
    const fault = statement.redirectUris.includes(uri)
      ? faultOfRedirectUri(uri, environment === 'sandbox')
      : 'is not in the software statement';
    if (fault !== undefined) return refuseMember('invalid_redirect_uri', `redirect_uris.${index}`, fault);
  }
  return ok([...new Set(redirect_uris)]);
}

/** Scopes are kept in the order asked for, but `openid` first. */
function decideScopes({ scope = '' }: ClientMetadata, { roles }: Statement): Result<readonly string[]> {
  const asked = [...new Set(scope.split(' ').filter((name) => name !== ''))];
  if (asked.length === 0) return ok(defaultScopes(roles));
  if (!asked.every((name) => roleAllowsScope(roles, name))) {
    return metadataRefused('scope', 'holds a value that is unknown or that no role of the software allows');
  }
  return ok([...asked.filter((name) => name === 'openid'), ...asked.filter((name) => name !== 'openid')]);
}

/** What makes a key that key, whatever else stands beside it. */
function identityOf({ kty, crv, x, y, n, e, kid }: PublicJwk): string {
  return JSON.stringify([kty, crv, x, y, n, e, kid]);
}

function areSameKeys(left: readonly PublicJwk[], right: readonly PublicJwk[]): boolean {
  const known = new Set(left.map(identityOf));
  return left.length === right.length && right.every((key) => known.has(identityOf(key)));
}

/**
 * A client's keys are its software statement's: the request may repeat them, and nothing else. Only in the sandbox, and only
 * where the statement has none, they are the request's: a statement is no secret, so whoever holds one could otherwise put
 * keys of his own beside it.
 */
export function decideKeys(
  { jwks, jwks_uri: jwksUri }: ClientMetadata,
  { keys }: Statement,
  { environment, isFetchable }: RegistrationFacts,
): Result<ClientKeys> {
  if (jwks !== undefined && jwksUri !== undefined) {
    return metadataRefused('jwks_uri', 'cannot stand beside jwks');
  }
  if (keys === undefined && environment !== 'sandbox') {
    return refuseStatement('The software statement has no keys.');
  }
  if (keys?.by === 'reference' && !isFetchable(keys.jwksUri)) {
    return refuseStatement('software_jwks_endpoint of the statement is not an https URL of a public host.');
  }
  if (jwksUri !== undefined) {
    if (keys === undefined) {
      return isFetchable(jwksUri)
        ? ok({ by: 'reference', jwksUri })
        : metadataRefused('jwks_uri', 'is not an https URL of a public host');
    }
    return keys.by === 'reference' && keys.jwksUri === jwksUri
      ? ok(keys)
      : metadataRefused('jwks_uri', 'is not that of the software statement');
  }
  if (jwks === undefined) {
    return keys === undefined
      ? metadataRefused('jwks', 'is required, or jwks_uri: the software statement has no keys')
      : ok(keys);
  }
  const asked = parseKeySet(jwks);
  if (!asked.ok) return asked;
  if (keys === undefined) return ok({ by: 'value', jwks: asked.value });
  return keys.by === 'value' && areSameKeys(keys.jwks.keys, asked.value.keys)
    ? ok(keys)
    : metadataRefused('jwks', 'are not the keys of the software statement');
}

/**
 * Decides a registration. Refuses with `invalid_redirect_uri`, `invalid_client_metadata`, `invalid_software_statement`
 * (no usable keys).
 */
export function decideRegistration(
  metadata: ClientMetadata,
  statement: Statement,
  facts: RegistrationFacts,
): Result<Registered> {
  const grantTypes = decideGrantTypes(metadata);
  const responseTypes = decideResponseTypes(metadata, grantTypes);
  if (!responseTypes.ok) return responseTypes;
  const redirectUris = decideRedirectUris(metadata, grantTypes, statement, facts.environment);
  if (!redirectUris.ok) return redirectUris;
  const scopes = decideScopes(metadata, statement);
  if (!scopes.ok) return scopes;
  const keys = decideKeys(metadata, statement, facts);
  if (!keys.ok) return keys;
  const { redirect_uris: _uris, scope: _scope, ...others } = metadata;
  return ok({
    redirectUris: redirectUris.value,
    scopes: scopes.value,
    grantTypes,
    keys: keys.value,
    idTokenAlgorithm: metadata.id_token_signed_response_alg,
    assertionAlgorithm: metadata.token_endpoint_auth_signing_alg,
    metadata: {
      redirect_uris: redirectUris.value,
      scope: scopes.value.join(' '),
      ...others,
      grant_types: grantTypes,
      response_types: responseTypes.value,
      ...(keys.value.by === 'value' ? { jwks: keys.value.jwks } : { jwks_uri: keys.value.jwksUri }),
      software_id: statement.software.softwareId,
      software_statement: facts.statementText,
    },
  });
}
