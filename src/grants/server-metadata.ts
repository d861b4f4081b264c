/**
 * What the authorization server publishes of itself: what is built and nothing else. Source: RFC 8414 section 2, OpenID
 * Connect Discovery 1.0 section 3, RFC 9126 section 5, RFC 9207 section 3.
 */
import { STRONG_AUTHENTICATION } from '#authorization/strong-authentication.ts';
import {
  CLIENT_ALGORITHMS,
  GRANT_TYPES,
  ID_TOKEN_ALGORITHMS,
  SCOPES_OF_CONSENT_TYPE,
} from '#clients/client.ts';
import { ID_TOKEN_CLAIMS } from '#grants/id-token.ts';

/** Scopes whose calls are built. */
const SCOPES = ['openid', 'offline_access', 'consents', ...Object.values(SCOPES_OF_CONSENT_TYPE).flat()];

/** One document for both discovery addresses; `issuer` has no trailing slash. */
export function serverMetadata(issuer: string): Readonly<Record<string, unknown>> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    pushed_authorization_request_endpoint: `${issuer}/oauth/par`,
    registration_endpoint: `${issuer}/register`,
    jwks_uri: `${issuer}/oauth/jwks`,
    scopes_supported: SCOPES,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: GRANT_TYPES,
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ID_TOKEN_ALGORITHMS,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: CLIENT_ALGORITHMS,
    code_challenge_methods_supported: ['S256'],
    acr_values_supported: [STRONG_AUTHENTICATION],
    claim_types_supported: ['normal'],
    claims_supported: ID_TOKEN_CLAIMS,
    claims_parameter_supported: true,
    request_parameter_supported: false,
    // Its default is true; a pushed request's URN is another thing (RFC 9126 section 2.2).
    request_uri_parameter_supported: false,
    require_pushed_authorization_requests: false,
    authorization_response_iss_parameter_supported: true,
    service_documentation: `${issuer}/docs`,
    ui_locales_supported: ['en-GB'],
  };
}
