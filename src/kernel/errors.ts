/** The one list of errors: feeds the wire, docs/errors.md and the OpenAPI document. error-guide.ts is its other half. */

/** Statuses an error can have on the wire. */
export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;

export interface ErrorEntry {
  readonly status: ErrorStatus;
  /** What the wire says unless a refusal is more exact. Printable ASCII. */
  readonly message: string;
}

function error<S extends ErrorStatus>(status: S, message: string) {
  return { status, message };
}

export const ERRORS = {
  // Tokens, keys, clients
  invalid_token: error(401, 'The access token is missing, malformed, expired, or no longer valid.'),
  invalid_api_key: error(401, 'The API key is missing, malformed, expired, revoked, or not known.'),
  wrong_environment: error(403, 'This API key belongs to the other environment.'),
  ip_not_allowed: error(403, 'This API key may not be used from this IP address.'),
  invalid_client: error(401, 'Client authentication failed.'),
  unauthorized_client: error(403, 'This client is not allowed to do this.'),
  invalid_grant: error(
    400,
    'The code or refresh token is invalid, expired, used, or belongs to another request.',
  ),
  invalid_request: error(400, 'The request is malformed.'),
  unsupported_grant_type: error(400, 'This grant type is not supported.'),
  invalid_scope: error(400, 'The requested scope is unknown, not registered, or does not fit the consent.'),
  // Authorization endpoint (sent to the redirect URI, or shown on a page)
  access_denied: error(403, 'The customer or the bank refused the request.'),
  login_required: error(400, 'The customer must log in.'),
  interaction_required: error(400, 'The customer must interact with the bank.'),
  unsupported_response_type: error(400, 'Only response_type=code is supported.'),
  request_not_supported: error(400, 'Request objects are not supported.'),
  invalid_request_uri: error(400, 'The request_uri is unknown, expired, used, or belongs to another client.'),
  server_error: error(500, 'The authorization server met an unexpected condition.'),
  temporarily_unavailable: error(503, 'The authorization server is overloaded or under maintenance.'),
  // Registration
  invalid_software_statement: error(
    400,
    'The software statement is missing, malformed, not properly signed, or already used.',
  ),
  unapproved_software_statement: error(
    400,
    'The software statement has expired, is too old, or its issuer is not trusted.',
  ),
  invalid_redirect_uri: error(400, 'A redirect URI is not acceptable.'),
  invalid_client_metadata: error(400, 'A member of the client metadata is not acceptable.'),
  // Consents
  missing_consent: error(400, 'The X-Consent-ID header is missing.'),
  invalid_consent: error(401, 'The consent is not the one of this token, or is not authorized.'),
  consent_expired: error(401, 'The consent has expired.'),
  consent_revoked: error(401, 'The consent was revoked.'),
  wrong_consent_type: error(403, 'The consent is of another type than this call needs.'),
  permission_denied: error(403, 'The consent does not hold the permission for this call.'),
  insufficient_scope: error(
    403,
    'The access token or API key does not have the scope or consent that this call needs.',
  ),
  consent_consumed: error(409, 'The consent was used.'),
  // Payments and funds
  idempotency_key_reused: error(409, 'The idempotency key stands for another consent or body.'),
  payment_mismatch: error(422, 'The payment is not the one of the consent.'),
  quote_expired: error(422, 'The quote of this payment no longer holds.'),
  account_restricted: error(422, 'An account of this payment is closed or restricted.'),
  insufficient_funds: error(422, 'There is not enough money in the account.'),
  unsupported_currency: error(422, 'The account is kept in another currency.'),
  // Resources
  not_found: error(404, 'There is nothing at this address for this caller.'),
  account_not_found: error(404, 'There is no such account in this consent.'),
  payment_not_found: error(404, 'There is no such payment of this client.'),
  method_not_allowed: error(405, 'This method is not allowed here.'),
  conflict: error(409, 'The resource is in a state that does not allow this.'),
  payload_too_large: error(413, 'The request body is too large.'),
  unsupported_media_type: error(415, 'The content type or encoding of the request body is not supported.'),
  rate_limit_exceeded: error(429, 'Too many requests.'),
  internal_error: error(500, 'Something went wrong at the bank.'),
  service_unavailable: error(503, 'The service cannot answer right now.'),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
