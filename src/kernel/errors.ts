/** The one list of errors: feeds the wire, docs/errors.md and the OpenAPI document. error-guide.ts is its other half. */

/** Statuses an error can have on the wire. */
export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;

export interface ErrorEntry {
  readonly status: ErrorStatus;
  /** What the wire says unless a refusal is more exact. Printable ASCII. */
  readonly message: string;
}

export const ERRORS = {
  // Tokens, keys, clients
  invalid_token: {
    status: 401,
    message: 'The access token is missing, malformed, expired, or no longer valid.',
  },
  invalid_api_key: {
    status: 401,
    message: 'The API key is missing, malformed, expired, revoked, or not known.',
  },
  wrong_environment: {
    status: 403,
    message: 'This API key belongs to the other environment.',
  },
  ip_not_allowed: {
    status: 403,
    message: 'This API key may not be used from this IP address.',
  },
  invalid_client: {
    status: 401,
    message: 'Client authentication failed.',
  },
  unauthorized_client: {
    status: 403,
    message: 'This client is not allowed to do this.',
  },
  invalid_grant: {
    status: 400,
    message: 'The code or refresh token is invalid, expired, used, or belongs to another request.',
  },
  invalid_request: {
    status: 400,
    message: 'The request is malformed.',
  },
  unsupported_grant_type: {
    status: 400,
    message: 'This grant type is not supported.',
  },
  invalid_scope: {
    status: 400,
    message: 'The requested scope is unknown, not registered, or does not fit the consent.',
  },
  // Authorization endpoint (sent to the redirect URI, or shown on a page)
  access_denied: {
    status: 403,
    message: 'The customer or the bank refused the request.',
  },
  login_required: {
    status: 400,
    message: 'The customer must log in.',
  },
  interaction_required: {
    status: 400,
    message: 'The customer must interact with the bank.',
  },
  unsupported_response_type: {
    status: 400,
    message: 'Only response_type=code is supported.',
  },
  request_not_supported: {
    status: 400,
    message: 'Request objects are not supported.',
  },
  invalid_request_uri: {
    status: 400,
    message: 'The request_uri is unknown, expired, used, or belongs to another client.',
  },
  server_error: {
    status: 500,
    message: 'The authorization server met an unexpected condition.',
  },
  temporarily_unavailable: {
    status: 503,
    message: 'The authorization server is overloaded or under maintenance.',
  },
  // Registration
  invalid_software_statement: {
    status: 400,
    message: 'The software statement is missing, malformed, not properly signed, or already used.',
  },
  unapproved_software_statement: {
    status: 400,
    message: 'The software statement has expired, is too old, or its issuer is not trusted.',
  },
  invalid_redirect_uri: {
    status: 400,
    message: 'A redirect URI is not acceptable.',
  },
  invalid_client_metadata: {
    status: 400,
    message: 'A member of the client metadata is not acceptable.',
  },
  // Consents
  missing_consent: {
    status: 400,
    message: 'The X-Consent-ID header is missing.',
  },
  invalid_consent: {
    status: 401,
    message: 'The consent is not the one of this token, or is not authorized.',
  },
  consent_expired: {
    status: 401,
    message: 'The consent has expired.',
  },
  consent_revoked: {
    status: 401,
    message: 'The consent was revoked.',
  },
  wrong_consent_type: {
    status: 403,
    message: 'The consent is of another type than this call needs.',
  },
  permission_denied: {
    status: 403,
    message: 'The consent does not hold the permission for this call.',
  },
  insufficient_scope: {
    status: 403,
    message: 'The access token or API key does not have the scope or consent that this call needs.',
  },
  consent_consumed: {
    status: 409,
    message: 'The consent was used.',
  },
  // Payments and funds
  idempotency_key_reused: {
    status: 409,
    message: 'The idempotency key stands for another consent or body.',
  },
  payment_mismatch: {
    status: 422,
    message: 'The payment is not the one of the consent.',
  },
  quote_expired: {
    status: 422,
    message: 'The quote of this payment no longer holds.',
  },
  account_restricted: {
    status: 422,
    message: 'An account of this payment is closed or restricted.',
  },
  insufficient_funds: {
    status: 422,
    message: 'There is not enough money in the account.',
  },
  unsupported_currency: {
    status: 422,
    message: 'The account is kept in another currency.',
  },
  // Resources
  not_found: {
    status: 404,
    message: 'There is nothing at this address for this caller.',
  },
  account_not_found: {
    status: 404,
    message: 'There is no such account in this consent.',
  },
  payment_not_found: {
    status: 404,
    message: 'There is no such payment of this client.',
  },
  method_not_allowed: {
    status: 405,
    message: 'This method is not allowed here.',
  },
  conflict: {
    status: 409,
    message: 'The resource is in a state that does not allow this.',
  },
  payload_too_large: {
    status: 413,
    message: 'The request body is too large.',
  },
  unsupported_media_type: {
    status: 415,
    message: 'The content type or encoding of the request body is not supported.',
  },
  rate_limit_exceeded: {
    status: 429,
    message: 'Too many requests.',
  },
  internal_error: {
    status: 500,
    message: 'Something went wrong at the bank.',
  },
  service_unavailable: {
    status: 503,
    message: 'The service cannot answer right now.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
