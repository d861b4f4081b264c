/** The one list of errors: feeds the wire, docs/errors.md and the OpenAPI document. */

/** Statuses an error can have on the wire. */
export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;

export interface ErrorEntry {
  readonly status: ErrorStatus;
  /** What the wire says unless a refusal is more exact. Printable ASCII. */
  readonly message: string;
  /** When it happens. */
  readonly when: string;
  /** What the caller does about it. */
  readonly remedy: string;
}

export const ERRORS = {
  // Tokens, keys, clients
  invalid_token: {
    status: 401,
    message: 'The access token is missing, malformed, expired, or no longer valid.',
    when: 'No bearer token was sent, its signature or audience is not ours, it has expired, its client was deleted or suspended, or it was sent in the query.',
    remedy:
      'Ask the token endpoint for a new access token and send it as "Authorization: Bearer {access_token}".',
  },
  invalid_api_key: {
    status: 401,
    message: 'The API key is missing, malformed, revoked, or not known.',
    when: 'A sandbox route was called without a valid "Authorization: Bearer sk_..." header.',
    remedy: 'Send an API key of this environment. `npm start` prints the local sandbox key.',
  },
  wrong_environment: {
    status: 403,
    message: 'This API key belongs to the other environment.',
    when: 'A live key was sent to the sandbox, or a sandbox key to production.',
    remedy: 'Use the key of this environment: sk_sandbox_... in the sandbox, sk_live_... in production.',
  },
  invalid_client: {
    status: 401,
    message: 'Client authentication failed.',
    when: 'The client is not known, or its client assertion is malformed, expired, replayed, for another audience, or not signed by a registered key.',
    remedy:
      'Sign a fresh client assertion with a registered key: iss = sub = client_id, aud = issuer or token URL, a new jti, exp a few minutes ahead.',
  },
  unauthorized_client: {
    status: 403,
    message: 'This client is not allowed to do this.',
    when: 'The software lacks the role, or the client was not registered for the grant type. On /oauth the status is 400.',
    remedy: 'Register the client with the role, scope or grant type that the request needs.',
  },
  invalid_grant: {
    status: 400,
    message: 'The code or refresh token is invalid, expired, used, or belongs to another request.',
    when: 'An authorization code or refresh token is unknown, expired, used, of another client, or redirect_uri or code_verifier differ.',
    remedy: 'Start a new authorization request. A code lives 60 seconds and works once.',
  },
  invalid_request: {
    status: 400,
    message: 'The request is malformed.',
    when: 'A parameter or member is missing, repeated, of the wrong type or out of bounds; "errors" names each field.',
    remedy: 'Correct the fields named in "errors".',
  },
  unsupported_grant_type: {
    status: 400,
    message: 'This grant type is not supported.',
    when: 'grant_type is not authorization_code, refresh_token or client_credentials.',
    remedy: 'Use one of the grant types that the discovery document lists.',
  },
  invalid_scope: {
    status: 400,
    message: 'The requested scope is unknown, not registered, or does not fit the consent.',
    when: 'A requested scope is not one of the client, or not one that the type of the consent opens.',
    remedy: 'Ask only for scopes of the registration that fit the consent.',
  },
  // Authorization endpoint (sent to the redirect URI, or shown on a page)
  access_denied: {
    status: 403,
    message: 'The customer or the bank refused the request.',
    when: 'The customer refused, cancelled or ran out of time, failed to log in, or has no account that fits.',
    remedy: 'Tell the customer that nothing was shared; they may start again.',
  },
  login_required: {
    status: 400,
    message: 'The customer must log in.',
    when: 'prompt=none was sent and the customer is not logged in.',
    remedy: 'Send the request again without prompt=none.',
  },
  interaction_required: {
    status: 400,
    message: 'The customer must interact with the bank.',
    when: 'prompt=none was sent for a request that needs the customer.',
    remedy: 'Send the request again without prompt=none.',
  },
  unsupported_response_type: {
    status: 400,
    message: 'Only response_type=code is supported.',
    when: 'response_type is not code.',
    remedy: 'Send response_type=code.',
  },
  request_not_supported: {
    status: 400,
    message: 'Request objects are not supported.',
    when: 'The request parameter was sent.',
    remedy: 'Send the parameters themselves, or push them to /oauth/par.',
  },
  invalid_request_uri: {
    status: 400,
    message: 'The request_uri is unknown, expired, used, or belongs to another client.',
    when: 'A request_uri was opened more than 60 seconds after it was pushed, or again after its answer.',
    remedy: 'Push the authorization request again and redirect the customer at once.',
  },
  server_error: {
    status: 500,
    message: 'The authorization server met an unexpected condition.',
    when: 'A fault at the bank, told to the client by redirect.',
    remedy: 'Start the authorization request again.',
  },
  temporarily_unavailable: {
    status: 503,
    message: 'The authorization server is overloaded or under maintenance.',
    when: 'A fault at the bank, told to the client by redirect.',
    remedy: 'Start the authorization request again in a minute.',
  },
  // Registration
  invalid_software_statement: {
    status: 400,
    message: 'The software statement is missing, malformed, not properly signed, or already used.',
    when: 'The software statement is missing, is not a JWT of its directory, or an authenticated client was registered with it.',
    remedy: 'Get a new software statement from the directory and register with it.',
  },
  unapproved_software_statement: {
    status: 400,
    message: 'The software statement has expired, is too old, or its issuer is not trusted.',
    when: 'exp is past, iat is beyond the maximum age of the directory, or iss is no trusted directory of this environment.',
    remedy: 'Get a new software statement from a supported directory.',
  },
  invalid_redirect_uri: {
    status: 400,
    message: 'A redirect URI is not acceptable.',
    when: 'A redirect URI is missing, not an absolute https URI, has a fragment, user info or wildcard, or is not in the software statement.',
    remedy: 'Register exact https URIs that stand in software_redirect_uris.',
  },
  invalid_client_metadata: {
    status: 400,
    message: 'A member of the client metadata is not acceptable.',
    when: 'A member has a value this server does not support or the software statement does not allow.',
    remedy: 'Compare the member with the discovery document and the software statement.',
  },
  // Consents
  missing_consent: {
    status: 400,
    message: 'The X-Consent-ID header is missing.',
    when: 'A call that needs a consent came without X-Consent-ID.',
    remedy: 'Send the consent_id of the token response as X-Consent-ID.',
  },
  invalid_consent: {
    status: 401,
    message: 'The consent is not the one of this token, or is not authorized.',
    when: 'X-Consent-ID differs from the token, is sent more than once, or the consent is awaiting authorization or rejected.',
    remedy: 'Send the consent_id that came with the token; ask the customer to authorize the consent.',
  },
  consent_expired: {
    status: 401,
    message: 'The consent has expired.',
    when: 'The expiration date of the consent has passed.',
    remedy: 'Create a new consent and ask the customer to authorize it.',
  },
  consent_revoked: {
    status: 401,
    message: 'The consent was revoked.',
    when: 'The customer, the bank or the client ended the consent.',
    remedy: 'Create a new consent and ask the customer to authorize it.',
  },
  wrong_consent_type: {
    status: 403,
    message: 'The consent is of another type than this call needs.',
    when: 'For example, payments were called with an account-access consent.',
    remedy: 'Create a consent of the type that the call needs.',
  },
  permission_denied: {
    status: 403,
    message: 'The consent does not hold the permission for this call.',
    when: 'The customer was not asked for the permission, for example ReadBalances.',
    remedy: 'Create a consent with the permission that the call needs.',
  },
  insufficient_scope: {
    status: 403,
    message: 'The access token does not have the scope or consent that this call needs.',
    when: 'The token lacks the scope, is not a client-credentials token where one is needed, or has no consent.',
    remedy: 'Ask the token endpoint for a token with the scope named in WWW-Authenticate.',
  },
  consent_consumed: {
    status: 409,
    message: 'The consent was used.',
    when: 'The payment of a single-use consent was made.',
    remedy: 'Read the payment by its payment_id; a new payment needs a new consent.',
  },
  // Resources
  not_found: {
    status: 404,
    message: 'There is nothing at this address for this caller.',
    when: 'The path is not known, or the resource does not exist or is not of this client.',
    remedy: 'Compare the path and id with the API reference.',
  },
  account_not_found: {
    status: 404,
    message: 'There is no such account in this consent.',
    when: 'The account does not exist or the customer did not choose it.',
    remedy: 'List the accounts of the consent with GET /accounts.',
  },
  method_not_allowed: {
    status: 405,
    message: 'This method is not allowed here.',
    when: 'The path exists, the method does not. Allow lists the methods.',
    remedy: 'Use a method that the Allow header lists.',
  },
  conflict: {
    status: 409,
    message: 'The resource is in a state that does not allow this.',
    when: 'Another request changed the resource first.',
    remedy: 'Read the resource and decide again.',
  },
  payload_too_large: {
    status: 413,
    message: 'The request body is too large.',
    when: 'The body is longer than 64 KiB.',
    remedy: 'Send a smaller body.',
  },
  unsupported_media_type: {
    status: 415,
    message: 'The content type or encoding of the request body is not supported.',
    when: 'Content-Type is not the one the call takes, or Content-Encoding was sent.',
    remedy: 'Send the content type that the API reference names, not compressed.',
  },
  rate_limit_exceeded: {
    status: 429,
    message: 'Too many requests.',
    when: 'The limit of the client, organisation or source address is used up. Retry-After says when to come back.',
    remedy: 'Wait for the seconds in Retry-After; RateLimit tells what is left before that.',
  },
  internal_error: {
    status: 500,
    message: 'Something went wrong at the bank.',
    when: 'A fault of ours; request_id finds it in our logs.',
    remedy: 'Retry once; if it stays, send us the request_id.',
  },
  service_unavailable: {
    status: 503,
    message: 'The service cannot answer right now.',
    when: 'A part the answer depends on did not respond, or this deployment is not fully configured.',
    remedy: 'Retry after the seconds in Retry-After.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
