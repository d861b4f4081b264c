/** The authorization server in the OpenAPI document. */
import * as v from 'valibot';
import { NONCE_LIMIT, STATE_LIMIT } from '#authorization/authorization-request.ts';
import { CONSENT_ID } from '#docs/openapi-consents.schema.ts';
import { ANY_ORIGIN, bodyOf, type Operation, queryParameters } from '#docs/openapi-operation.schema.ts';
import { tokenRequestSchema, tokenResponseSchema } from '#grants/token.schema.ts';

const tag = 'Authorization';
const FORM = 'application/x-www-form-urlencoded';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const CLIENT_ID = '550e8400-e29b-41d4-a716-446655440000';
const CALLBACK = 'https://your-app.com/callback';
const REQUEST_URI = `urn:ietf:params:oauth:request_uri:${'0123456789abcdef'.repeat(4)}`;

const AUTHENTICATION_EXAMPLE = {
  client_id: CLIENT_ID,
  client_assertion_type: ASSERTION_TYPE,
  client_assertion: '{signed_jwt}',
};

const described = (text: string) => v.optional(v.pipe(v.string(), v.description(text)));

/** The parameters of an authorization request, all strings; the pages and the flow decide about them (RFC 6749 section 4.1.1). */
const requestParameters = {
  client_id: v.pipe(v.string(), v.description('The client that asks.')),
  redirect_uri: described('One of the registered redirect URIs, exactly. Required unless pushed.'),
  response_type: described('`code`. Required unless pushed.'),
  response_mode: described('`query`, as when absent.'),
  scope: described(
    'What the type of the consent opens, `openid` and `offline_access`; all of it when absent.',
  ),
  state: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(STATE_LIMIT),
      v.description('Comes back as it is. At most 4,096 bytes, percent-encoded.'),
    ),
  ),
  nonce: v.optional(
    v.pipe(v.string(), v.maxLength(NONCE_LIMIT), v.description('Comes back in the id_token.')),
  ),
  code_challenge: described('PKCE (RFC 7636): 43 to 128 unreserved characters.'),
  code_challenge_method: described('`S256`, with `code_challenge`.'),
  consent_id: described('The consent the customer is asked to authorize.'),
  claims: described('OpenID Connect Core section 5.5; may name the consent as `openbanking_intent_id`.'),
  prompt: described('With a consent `none` is answered `interaction_required`.'),
  max_age: described('Seconds. Always met: each journey takes its own log-in.'),
  id_token_hint: described('An id_token of this bank about the customer you expect.'),
};

const authorizeQuerySchema = v.object({
  ...requestParameters,
  request_uri: described('What `POST /oauth/par` answered; then only client_id stands beside it.'),
});

const pushSchema = v.object({
  ...requestParameters,
  client_id: described('The client that asks; the assertion names it too.'),
  redirect_uri: v.pipe(v.string(), v.description('One of the registered redirect URIs, exactly.')),
  response_type: v.pipe(v.string(), v.description('`code`.')),
  scope: described(
    'What the type of the consent opens, `openid` and `offline_access`; all of it when absent. Required without a consent.',
  ),
  client_assertion_type: v.literal(ASSERTION_TYPE),
  client_assertion: v.string(),
});

const pushedSchema = v.pipe(
  v.object({
    request_uri: v.pipe(v.string(), v.regex(/^urn:ietf:params:oauth:request_uri:[0-9a-f]{64}$/)),
    expires_in: v.pipe(v.number(), v.integer(), v.description('Seconds to open it in.')),
  }),
  v.title('PushedRequest'),
);

const metadataSchema = v.pipe(
  v.looseObject({
    issuer: v.string(),
    authorization_endpoint: v.string(),
    token_endpoint: v.string(),
    pushed_authorization_request_endpoint: v.string(),
    registration_endpoint: v.string(),
    jwks_uri: v.string(),
    scopes_supported: v.array(v.string()),
    response_types_supported: v.array(v.string()),
    grant_types_supported: v.array(v.string()),
    id_token_signing_alg_values_supported: v.array(v.string()),
    token_endpoint_auth_methods_supported: v.array(v.string()),
    token_endpoint_auth_signing_alg_values_supported: v.array(v.string()),
    code_challenge_methods_supported: v.array(v.string()),
  }),
  v.title('ServerMetadata'),
);

const keySetSchema = v.pipe(
  v.object({ keys: v.array(v.looseObject({ kty: v.string(), kid: v.string(), alg: v.string() })) }),
  v.title('KeySet'),
);

const [codeRequest, refreshRequest, clientRequest] = tokenRequestSchema.options;

/** The same request with a name for each grant type. */
const namedTokenRequestSchema = v.variant('grant_type', [
  v.pipe(codeRequest, v.title('CodeTokenRequest')),
  v.pipe(refreshRequest, v.title('RefreshTokenRequest')),
  v.pipe(clientRequest, v.title('ClientTokenRequest')),
]);

function metadata(path: string, operationId: string, source: string): Operation {
  return {
    method: 'get',
    path,
    operationId,
    tag,
    summary: `Discovery (${source})`,
    description:
      'What the authorization server can do. Only what is built is listed. Any origin may read it.',
    callers: ['anybody'],
    answers: { 200: { description: 'The metadata.', schema: metadataSchema, headers: ANY_ORIGIN } },
    errors: [],
  };
}

const PAGE = {
  200: {
    description: 'A page for the customer: log-in, then the one-time code, then the consent.',
    schema: v.string(),
    media: 'text/html',
    headers: {
      'Set-Cookie': {
        description: 'Binds what follows to this browser, for ten minutes; for the browser alone.',
        schema: { type: 'string' },
      },
    },
  },
  303: {
    description:
      'Back to the redirect URI with `code`, `state` and `iss` (RFC 9207), or with `error`, `error_description`, `state` and `iss`.',
    headers: { Location: { description: 'Where to go.', required: true, schema: { type: 'string' } } },
  },
} as const;

/** These answers are pages, and their errors too. */
const PAGE_ERRORS = {
  400: {
    description: 'A page: the client or the redirect URI is unknown, or the request_uri is no good.',
    schema: v.string(),
    media: 'text/html',
  },
  429: {
    description: 'A page: too many requests from this address.',
    schema: v.string(),
    media: 'text/html',
  },
  503: { description: 'A page: a part of the bank does not answer.', schema: v.string(), media: 'text/html' },
} as const;

export const AUTHORIZATION_OPERATIONS: readonly Operation[] = [
  metadata('/.well-known/openid-configuration', 'getOpenIdConfiguration', 'OpenID Connect'),
  metadata('/.well-known/oauth-authorization-server', 'getServerMetadata', 'RFC 8414'),
  {
    method: 'get',
    path: '/oauth/jwks',
    operationId: 'getKeys',
    tag,
    summary: 'The keys of the bank',
    description: 'What the signatures of tokens are verified with. Any origin may read it.',
    callers: ['anybody'],
    answers: { 200: { description: 'A JWK set.', schema: keySetSchema, headers: ANY_ORIGIN } },
    errors: [],
  },
  {
    method: 'post',
    path: '/oauth/par',
    operationId: 'pushAuthorizationRequest',
    tag,
    summary: 'Push an authorization request',
    description:
      'Takes the parameters of an authorization request from your server (RFC 9126). Redirect the customer to `/oauth/authorize` with `client_id` and the `request_uri` within 60 seconds.',
    callers: ['clientAssertion'],
    body: bodyOf(
      pushSchema,
      {
        ...AUTHENTICATION_EXAMPLE,
        response_type: 'code',
        redirect_uri: CALLBACK,
        scope: 'openid accounts transactions',
        state: 'af0ifjsldkj',
        nonce: 'n-0S6_WzA2Mj',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
        consent_id: CONSENT_ID,
      },
      { media: FORM },
    ),
    answers: {
      201: {
        description: 'The request is kept.',
        schema: pushedSchema,
        example: { request_uri: REQUEST_URI, expires_in: 60 },
      },
    },
    errors: [
      'invalid_scope',
      'unauthorized_client',
      'unsupported_response_type',
      'request_not_supported',
      'invalid_request_uri',
      'access_denied',
    ],
  },
  {
    method: 'get',
    path: '/oauth/authorize',
    operationId: 'authorize',
    tag,
    summary: 'Send the customer to the bank',
    description:
      'The customer’s browser opens this address. Its pages work without JavaScript. Send the whole request in the query, or `client_id` and a pushed `request_uri`.',
    callers: ['anybody'],
    parameters: queryParameters(authorizeQuerySchema),
    answers: { ...PAGE, ...PAGE_ERRORS },
    errors: [],
    isPage: true,
  },
  {
    method: 'post',
    path: '/oauth/authorize',
    operationId: 'authorizeByForm',
    tag,
    summary: 'The same, by form',
    description:
      'The same request as a form post of the customer’s browser (OpenID Connect Core section 3.1.2.1).',
    callers: ['anybody'],
    body: bodyOf(authorizeQuerySchema, { client_id: CLIENT_ID, request_uri: REQUEST_URI }, { media: FORM }),
    answers: {
      ...PAGE,
      ...PAGE_ERRORS,
      413: { description: 'A page: the form is too large.', schema: v.string(), media: 'text/html' },
      415: { description: 'A page: not a form.', schema: v.string(), media: 'text/html' },
    },
    errors: [],
    isPage: true,
  },
  {
    method: 'post',
    path: '/oauth/token',
    operationId: 'createTokens',
    tag,
    summary: 'Get tokens',
    description:
      'Exchanges an authorization code, refreshes tokens, or gives the client a token of its own. An access token lives 600 seconds. A refresh token stays as it is until the consent ends, so a lost answer can always be retried.',
    callers: ['clientAssertion'],
    body: bodyOf(
      namedTokenRequestSchema,
      {
        grant_type: 'authorization_code',
        code: '{authorization_code}',
        redirect_uri: CALLBACK,
        ...AUTHENTICATION_EXAMPLE,
      },
      { media: FORM },
    ),
    answers: {
      200: {
        description: 'The tokens.',
        headers: {
          Pragma: { description: '`no-cache` (RFC 6749 section 5.1).', schema: { type: 'string' } },
        },
        schema: v.pipe(tokenResponseSchema, v.title('Tokens')),
        example: {
          access_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9...',
          token_type: 'Bearer',
          expires_in: 600,
          refresh_token: 'c.0123456789abcdef...',
          id_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9...',
          scope: 'openid accounts transactions',
          consent_id: CONSENT_ID,
        },
      },
    },
    errors: ['invalid_grant', 'unsupported_grant_type', 'unauthorized_client', 'invalid_scope'],
  },
];
