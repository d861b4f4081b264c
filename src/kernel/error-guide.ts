/** What documents say of each error of the list: when it happens and what to do. No part of the Worker reads it. */
import type { ErrorCode } from '#kernel/errors.ts';

export interface ErrorGuide {
  /** When it happens. */
  readonly when: string;
  /** What the caller does about it. */
  readonly remedy: string;
}

export const ERROR_GUIDE = {
  // Tokens, keys, clients
  invalid_token: {
    when: 'No bearer token was sent, its signature or audience is not ours, it has expired, its client was deleted or suspended, or it was sent in the query.',
    remedy:
      'Ask the token endpoint for a new access token and send it as "Authorization: Bearer {access_token}".',
  },
  invalid_api_key: {
    when: 'A route that takes an API key was called without a valid "Authorization: Bearer sk_..." header, or with a key that was revoked, has expired or was rolled.',
    remedy:
      'Send an API key of this environment: the dashboard makes them and lists yours. `npm start` prints the local sandbox key.',
  },
  wrong_environment: {
    when: 'A live key was sent to the sandbox, or a sandbox key to production.',
    remedy: 'Use the key of this environment: sk_sandbox_... in the sandbox, sk_live_... in production.',
  },
  ip_not_allowed: {
    when: 'The API key has a list of allowed IP addresses, and the request came from another one.',
    remedy: 'Call from an allowed address, or make a key in the dashboard that allows yours.',
  },
  invalid_client: {
    when: 'The client is not known, or its client assertion is malformed, expired, replayed, for another audience, or not signed by a registered key.',
    remedy:
      'Sign a fresh client assertion with a registered key: iss = sub = client_id, aud = issuer or token URL, a new jti, exp a few minutes ahead.',
  },
  unauthorized_client: {
    when: 'The software lacks the role, or the client was not registered for the grant type. On /oauth the status is 400.',
    remedy: 'Register the client with the role, scope or grant type that the request needs.',
  },
  invalid_grant: {
    when: 'An authorization code or refresh token is unknown, expired, used, of another client, or redirect_uri or code_verifier differ.',
    remedy: 'Start a new authorization request. A code lives 60 seconds and works once.',
  },
  invalid_request: {
    when: 'A parameter or member is missing, repeated, of the wrong type or out of bounds; "errors" names each field.',
    remedy: 'Correct the fields named in "errors".',
  },
  unsupported_grant_type: {
    when: 'grant_type is not authorization_code, refresh_token or client_credentials.',
    remedy: 'Use one of the grant types that the discovery document lists.',
  },
  invalid_scope: {
    when: 'A requested scope is not one of the client, or not one that the type of the consent opens.',
    remedy: 'Ask only for scopes of the registration that fit the consent.',
  },
  // Authorization endpoint (sent to the redirect URI, or shown on a page)
  access_denied: {
    when: 'The customer refused, cancelled or ran out of time, failed to log in, or has no account that fits.',
    remedy: 'Tell the customer that nothing was shared; they may start again.',
  },
  login_required: {
    when: 'prompt=none was sent and the customer is not logged in.',
    remedy: 'Send the request again without prompt=none.',
  },
  interaction_required: {
    when: 'prompt=none was sent for a request that needs the customer.',
    remedy: 'Send the request again without prompt=none.',
  },
  unsupported_response_type: {
    when: 'response_type is not code.',
    remedy: 'Send response_type=code.',
  },
  request_not_supported: {
    when: 'The request parameter was sent.',
    remedy: 'Send the parameters themselves, or push them to /oauth/par.',
  },
  invalid_request_uri: {
    when: 'A request_uri was opened more than 60 seconds after it was pushed, or again after its answer.',
    remedy: 'Push the authorization request again and redirect the customer at once.',
  },
  server_error: {
    when: 'A fault at the bank, told to the client by redirect.',
    remedy: 'Start the authorization request again.',
  },
  temporarily_unavailable: {
    when: 'A fault at the bank, told to the client by redirect.',
    remedy: 'Start the authorization request again in a minute.',
  },
  // Registration
  invalid_software_statement: {
    when: 'The software statement is missing, is not a JWT of its directory, or an authenticated client was registered with it.',
    remedy: 'Get a new software statement from the directory and register with it.',
  },
  unapproved_software_statement: {
    when: 'exp is past, iat is beyond the maximum age of the directory, or iss is no trusted directory of this environment.',
    remedy: 'Get a new software statement from a supported directory.',
  },
  invalid_redirect_uri: {
    when: 'A redirect URI is missing, not an absolute https URI, has a fragment, user info or wildcard, or is not in the software statement.',
    remedy: 'Register exact https URIs that stand in software_redirect_uris.',
  },
  invalid_client_metadata: {
    when: 'A member has a value this server does not support or the software statement does not allow.',
    remedy: 'Compare the member with the discovery document and the software statement.',
  },
  // Consents
  missing_consent: {
    when: 'A call that needs a consent came without X-Consent-ID.',
    remedy: 'Send the consent_id of the token response as X-Consent-ID.',
  },
  invalid_consent: {
    when: 'X-Consent-ID differs from the token, is sent more than once, or the consent is awaiting authorization or rejected.',
    remedy: 'Send the consent_id that came with the token; ask the customer to authorize the consent.',
  },
  consent_expired: {
    when: 'The expiration date of the consent has passed.',
    remedy: 'Create a new consent and ask the customer to authorize it.',
  },
  consent_revoked: {
    when: 'The customer, the bank or the client ended the consent.',
    remedy: 'Create a new consent and ask the customer to authorize it.',
  },
  wrong_consent_type: {
    when: 'For example, payments were called with an account-access consent.',
    remedy: 'Create a consent of the type that the call needs.',
  },
  permission_denied: {
    when: 'The customer was not asked for the permission, for example ReadBalances.',
    remedy: 'Create a consent with the permission that the call needs.',
  },
  insufficient_scope: {
    when: 'The token or API key lacks the scope, or the token is not a client-credentials token where one is needed, or has no consent.',
    remedy:
      'Ask the token endpoint for a token with the scope named in WWW-Authenticate, or use an API key that has it.',
  },
  consent_consumed: {
    when: 'The payment of a single-use consent was made.',
    remedy: 'Read the payment by its payment_id; a new payment needs a new consent.',
  },
  // Payments and funds
  idempotency_key_reused: {
    when: 'The key was sent before, within 24 hours, with another consent or another payment.',
    remedy: 'Use a new key for each payment, and the same key only to repeat that payment.',
  },
  payment_mismatch: {
    when: 'A member of the payment differs from what the consent says, which is what the customer approved.',
    remedy: 'Send the payment as it stands in the consent; for another payment create another consent.',
  },
  quote_expired: {
    when: 'The 15 minutes of an international payment were over before it was made. The consent is expired too.',
    remedy: 'Create a new consent, which brings a new quote, and ask the customer to authorize it.',
  },
  account_restricted: {
    when: "The account to be debited, or the payee's account at this bank, is closed; or withdrawals from the first are restricted; or both are one.",
    remedy: 'Nothing was posted. Create a new consent and let the customer choose another account.',
  },
  insufficient_funds: {
    when: 'The amount and its charges are more than what is available in the account at this moment.',
    remedy:
      'Nothing was posted and the consent stays good: try again, with the same key, when there is money.',
  },
  unsupported_currency: {
    when: 'The currency of the amount is not that of the account it is compared with or paid into, or the bank makes no such payment in it.',
    remedy: 'Send the amount in the currency of the account; "errors" names the currencies of a payment.',
  },
  // Resources
  not_found: {
    when: 'The path is not known, or the resource does not exist or is not of this client.',
    remedy: 'Compare the path and id with the API reference.',
  },
  account_not_found: {
    when: 'The account does not exist or the customer did not choose it.',
    remedy: 'List the accounts of the consent with GET /accounts.',
  },
  payment_not_found: {
    when: "No payment has this id, or it is another client's, or the token belongs to another consent.",
    remedy: 'Use the payment_id of the answer that made the payment, or of the consumed consent.',
  },
  method_not_allowed: {
    when: 'The path exists, the method does not. Allow lists the methods.',
    remedy: 'Use a method that the Allow header lists.',
  },
  conflict: {
    when: 'Another request changed the resource first.',
    remedy: 'Read the resource and decide again.',
  },
  payload_too_large: {
    when: 'The body is longer than 64 KiB.',
    remedy: 'Send a smaller body.',
  },
  unsupported_media_type: {
    when: 'Content-Type is not the one the call takes, or Content-Encoding was sent.',
    remedy: 'Send the content type that the API reference names, not compressed.',
  },
  rate_limit_exceeded: {
    when: 'The limit of the client, organisation, source address or (checks of funds) consent is used up. Retry-After says when to come back.',
    remedy: 'Wait for the seconds in Retry-After; RateLimit tells what is left before that.',
  },
  internal_error: {
    when: 'A fault of ours; request_id finds it in our logs.',
    remedy: 'Retry once; if it stays, send us the request_id.',
  },
  service_unavailable: {
    when: 'A part the answer depends on did not respond, or this deployment is not fully configured.',
    remedy: 'Retry after the seconds in Retry-After.',
  },
} as const satisfies Record<ErrorCode, ErrorGuide>;
