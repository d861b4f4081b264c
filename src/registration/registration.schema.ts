/**
 * Client metadata on the wire. Members that this server does not know are ignored and never echoed; members of features
 * it does not have, which would change what a client may rely on, are refused. Source: RFC 7591 section 2, OpenID
 * Connect Dynamic Client Registration 1.0 section 2, RFC 8705 section 3.4, RFC 9126 section 6, RFC 9449 section 5.2.
 */
import * as v from 'valibot';
import { CLIENT_ALGORITHMS, GRANT_TYPES, ID_TOKEN_ALGORITHMS } from '#clients/client.ts';
import type { Registration } from '#clients/statement.ts';
import { atMostCharacters } from '#edge/characters.ts';
import { URI_LENGTH_MAXIMUM } from '#kernel/uri.ts';

const TEXT_LENGTH_MAXIMUM = 200;
const LIST_LENGTH_MAXIMUM = 20;
const SCOPE_LENGTH_MAXIMUM = 500;
/** Ten years; a customer logs in more often. */
const AGE_MAXIMUM_SECONDS = 315_360_000;

const text = v.pipe(v.string(), atMostCharacters(TEXT_LENGTH_MAXIMUM));
const uri = v.pipe(v.string(), v.maxLength(URI_LENGTH_MAXIMUM));
// No javascript: or data: where a page might one day show it as a link. A text that is too long is matched too, and each
// character fits one place alone: no match takes longer than the text.
const webPage = v.pipe(
  uri,
  v.regex(/^https?:\/\/[^\s/?#]+(?:[/?#][!-~]*)?$/, 'must be the URL of a web page'),
);
const algorithm = v.picklist(CLIENT_ALGORITHMS);

function listOf<S extends v.GenericSchema>(schema: S) {
  return v.pipe(v.array(schema), v.maxLength(LIST_LENGTH_MAXIMUM));
}

/** A member of a feature that this server does not have. */
const absent = v.optional(v.never());
/** The same, where the member may say that the feature is not wanted. */
const off = v.optional(v.literal(false));

export const clientMetadataSchema = v.object({
  redirect_uris: v.optional(listOf(v.string())),
  token_endpoint_auth_method: v.optional(v.literal('private_key_jwt'), 'private_key_jwt'),
  token_endpoint_auth_signing_alg: v.optional(algorithm),
  grant_types: v.optional(listOf(v.picklist(GRANT_TYPES))),
  response_types: v.optional(listOf(v.literal('code'))),
  scope: v.optional(
    v.pipe(v.string(), v.maxLength(SCOPE_LENGTH_MAXIMUM), v.regex(/^[\x21\x23-\x5b\x5d-\x7e ]*$/)),
  ),
  jwks: v.optional(v.looseObject({ keys: v.array(v.looseObject({})) })),
  jwks_uri: v.optional(uri),
  client_name: v.optional(text),
  client_uri: v.optional(webPage),
  logo_uri: v.optional(webPage),
  policy_uri: v.optional(webPage),
  tos_uri: v.optional(webPage),
  contacts: v.optional(listOf(text)),
  software_version: v.optional(text),
  application_type: v.optional(v.picklist(['web', 'native']), 'web'),
  subject_type: v.optional(v.literal('pairwise'), 'pairwise'),
  id_token_signed_response_alg: v.optional(v.picklist(ID_TOKEN_ALGORITHMS), 'ES256'),
  request_object_signing_alg: v.optional(algorithm),
  default_max_age: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(AGE_MAXIMUM_SECONDS)),
  ),
  require_auth_time: v.optional(v.boolean()),
  default_acr_values: v.optional(listOf(text)),
  initiate_login_uri: v.optional(
    v.pipe(uri, v.regex(/^https:\/\/[^\s/?#]+(?:[/?#][!-~]*)?$/, 'must be an https URL')),
  ),
  // What a client must not be let believe it has.
  tls_client_certificate_bound_access_tokens: off,
  dpop_bound_access_tokens: off,
  require_signed_request_object: off,
  require_pushed_authorization_requests: off,
  request_uris: v.optional(v.pipe(v.array(v.string()), v.maxLength(0))),
  sector_identifier_uri: absent,
  id_token_encrypted_response_alg: absent,
  id_token_encrypted_response_enc: absent,
  request_object_encryption_alg: absent,
  request_object_encryption_enc: absent,
  authorization_signed_response_alg: absent,
  authorization_encrypted_response_alg: absent,
  authorization_encrypted_response_enc: absent,
});

export type ClientMetadata = v.InferOutput<typeof clientMetadataSchema>;

/** The request as the OpenAPI document describes it. */
export const registrationRequestSchema = v.object({
  software_statement: v.string(),
  ...clientMetadataSchema.entries,
});

/** What every answer about a registration holds at least, beside the registered members. */
export const registrationResponseSchema = v.looseObject({
  client_id: v.string(),
  client_id_issued_at: v.number(),
  /** Absent where the caller came with an access token. */
  registration_access_token: v.optional(v.string()),
  registration_client_uri: v.string(),
  redirect_uris: v.optional(v.array(v.string())),
  scope: v.string(),
  token_endpoint_auth_method: v.literal('private_key_jwt'),
  grant_types: v.array(v.picklist(GRANT_TYPES)),
  response_types: v.array(v.literal('code')),
  software_statement: v.string(),
});

/** A registration as the wire shows it; `token` only where the caller presented it or is given it now. */
export function renderRegistration(
  { client }: Registration,
  issuer: string,
  token: string | undefined,
): Record<string, unknown> {
  return {
    client_id: client.clientId,
    client_id_issued_at: client.issuedAt,
    registration_access_token: token,
    // Absolute, as RFC 7592 section 3 demands.
    registration_client_uri: `${issuer}/register/${client.clientId}`,
    ...client.metadata,
  };
}
