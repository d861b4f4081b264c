/** What is taken as an authorization request, what is refused, and where. */
import { expect, it } from 'vitest';
import {
  parseAuthorizationRequest,
  parseRequestTarget,
  parseRequestUri,
  renderRequestUri,
} from '#authorization/authorization-request.ts';
import type { Client } from '#clients/client.ts';
import { renderConsentId } from '#kernel/consent-id.ts';

const REDIRECT_URI = 'https://client.example/callback';
const CONSENT_ID = renderConsentId({ type: 'account-access', objectId: 'a'.repeat(64) });
const OTHER_CONSENT_ID = renderConsentId({ type: 'account-access', objectId: 'b'.repeat(64) });
const PAYMENT_ID = renderConsentId({ type: 'payment', objectId: 'c'.repeat(64) });
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

const CLIENT: Client = {
  clientId: '550e8400-e29b-41d4-a716-446655440000',
  organisationId: 'organisation',
  software: { directoryIssuer: 'https://directory.example', orgId: 'org', softwareId: 'app' },
  organisationName: 'Nutkin Money Ltd',
  softwareName: 'Nutkin',
  roles: ['AISP'],
  status: 'active',
  version: 1,
  redirectUris: [REDIRECT_URI, 'https://client.example/second?a=b'],
  scopes: ['openid', 'accounts', 'transactions', 'offline_access', 'consents'],
  grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
  keys: { by: 'value', jwks: { keys: [] } },
  idTokenAlgorithm: 'ES256',
  assertionAlgorithm: undefined,
  issuedAt: 0,
  statementId: 'statement',
  metadata: {},
  registrationTokenDigest: 'none',
  registeredBySignedBody: false,
};

const GOOD = {
  client_id: CLIENT.clientId,
  redirect_uri: REDIRECT_URI,
  response_type: 'code',
  scope: 'openid accounts',
  state: 'state 1&2',
  consent_id: CONSENT_ID,
};

type Changes = Readonly<Record<string, string | readonly string[] | undefined>>;

function search(changes: Changes = {}): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...GOOD, ...changes })) {
    if (value === undefined) continue;
    for (const one of typeof value === 'string' ? [value] : value) parameters.append(name, one);
  }
  return parameters;
}

function parse(changes: Changes = {}, client: Client = CLIENT) {
  return parseAuthorizationRequest(search(changes), client);
}

function claims(idToken: unknown, more: object = {}): { readonly claims: string } {
  return { claims: JSON.stringify({ id_token: idToken, ...more }) };
}

it('takes a request with a consent', () => {
  expect(parse({ nonce: 'n', code_challenge: CHALLENGE, code_challenge_method: 'S256' })).toEqual({
    ok: true,
    value: {
      clientId: CLIENT.clientId,
      redirectUri: REDIRECT_URI,
      state: 'state 1&2',
      nonce: 'n',
      codeChallenge: CHALLENGE,
      scopes: ['openid', 'accounts'],
      consentId: CONSENT_ID,
      silent: false,
    },
  });
});

it('takes an identity-only request', () => {
  const parsed = parse({ consent_id: undefined, scope: 'offline_access openid', state: undefined });
  expect(parsed).toMatchObject({ ok: true, value: { scopes: ['offline_access', 'openid'] } });
  expect(parsed).toMatchObject({ ok: true, value: { consentId: undefined, state: undefined } });
});

it.each<[string, Changes]>([
  ['no challenge, as in the published guide', { code_challenge: undefined }],
  ['response_mode query', { response_mode: 'query' }],
  ['an empty parameter as an absent one', { response_mode: '', nonce: '', claims: '' }],
  ['parameters it does not know', { resource: 'x', dpop_jkt: 'y', vtr: 'z' }],
  [
    'display, locales and hints',
    { display: 'popup', ui_locales: 'cy en', login_hint: 'hazel', acr_values: 'a b' },
  ],
  ['an unknown display', { display: 'hologram' }],
  ['prompts it meets anyway', { prompt: 'login consent select_account' }],
  ['an unknown prompt', { prompt: 'create' }],
  ['max_age', { max_age: '0' }],
  [
    'the same consent named thrice',
    claims({ openbanking_intent_id: { value: CONSENT_ID }, ConsentId: { value: CONSENT_ID } }),
  ],
  ['claims of null', claims(null, { userinfo: null })],
  [
    'claims it does not know',
    claims({ email: null, acr: { essential: true } }, { userinfo: { name: { essential: true } }, other: 1 }),
  ],
  [
    'the essential acr that it reaches',
    claims({ acr: { essential: true, values: ['a', 'urn:openbanking:psd2:sca'] } }),
  ],
  [
    'an essential acr without openid',
    { scope: 'accounts', ...claims({ acr: { essential: true, value: 'a' } }) },
  ],
  ['a voluntary acr', claims({ acr: { values: ['urn:openbanking:psd2:sca'] } })],
  ['a redirect URI with a query', { redirect_uri: 'https://client.example/second?a=b' }],
  ['a challenge of 128 characters', { code_challenge: 'a.~_'.repeat(32), code_challenge_method: 'S256' }],
  ['a state of 4,096 characters', { state: 's'.repeat(4096) }],
  ['a state of 4,096 bytes in the answer', { state: `${'🐹'.repeat(341)}    ` }],
  ['a nonce of 1,024 characters', { nonce: 'n'.repeat(1024) }],
])('takes %s', (_name, changes) => {
  expect(parse(changes)).toMatchObject({ ok: true, value: { consentId: CONSENT_ID } });
});

it.each<[string, Changes]>([
  [
    'claims.id_token.openbanking_intent_id',
    claims({ openbanking_intent_id: { value: CONSENT_ID, essential: true } }),
  ],
  ['claims.id_token.ConsentId', claims({ ConsentId: { value: CONSENT_ID } })],
])('takes the consent from %s', (_name, changes) => {
  expect(parse({ consent_id: undefined, ...changes })).toMatchObject({
    ok: true,
    value: { consentId: CONSENT_ID },
  });
});

it('takes the subject that claims name', () => {
  expect(parse(claims({ sub: { value: 'somebody' } }))).toMatchObject({
    ok: true,
    value: { subject: 'somebody' },
  });
});

it.each<[string, Changes, readonly string[]]>([
  ['what the type opens and openid', { scope: undefined }, ['openid', 'accounts', 'transactions']],
  ['each scope once', { scope: 'accounts openid accounts' }, ['accounts', 'openid']],
  ['openid alone', { scope: 'openid' }, ['openid']],
  ['accounts alone', { scope: 'accounts' }, ['accounts']],
  ['offline_access', { scope: 'accounts offline_access' }, ['accounts', 'offline_access']],
])('grants %s', (_name, changes, scopes) => {
  expect(parse(changes)).toMatchObject({ ok: true, value: { scopes } });
});

it('leaves out of the default scope what the client is not registered for', () => {
  const client = { ...CLIENT, scopes: ['transactions'] };
  expect(parse({ scope: undefined }, client)).toMatchObject({
    ok: true,
    value: { scopes: ['transactions'] },
  });
});

it.each<[string, Changes]>([
  ['no redirect_uri', { redirect_uri: undefined }],
  ['an empty redirect_uri', { redirect_uri: '' }],
  ['a redirect_uri that is not registered', { redirect_uri: 'https://client.example/other' }],
  ['a redirect_uri with more behind it', { redirect_uri: `${REDIRECT_URI}/` }],
  ['a redirect_uri in other case', { redirect_uri: 'https://CLIENT.example/callback' }],
  ['a redirect_uri with a query added', { redirect_uri: `${REDIRECT_URI}?a=b` }],
  ['redirect_uri twice', { redirect_uri: [REDIRECT_URI, REDIRECT_URI] }],
  ['client_id twice', { client_id: [CLIENT.clientId, CLIENT.clientId] }],
  ['no client_id', { client_id: undefined }],
  ['request_uri twice', { request_uri: ['a', 'b'] }],
])('refuses on a page %s', (_name, changes) => {
  const parsed = parse(changes);
  expect(parsed.ok).toBe(false);
  expect(parsed).not.toHaveProperty('address');
});

it.each<[string, string, Changes]>([
  ['invalid_request', 'a scope twice', { scope: ['openid', 'openid'] }],
  ['invalid_request', 'an unknown parameter twice', { anything: ['1', '2'] }],
  ['invalid_request', 'an empty parameter twice', { nonce: ['', ''] }],
  ['invalid_request', 'no response_type', { response_type: undefined }],
  ['unsupported_response_type', 'response_type token', { response_type: 'token' }],
  ['unsupported_response_type', 'response_type code id_token', { response_type: 'code id_token' }],
  ['invalid_request', 'response_mode fragment', { response_mode: 'fragment' }],
  ['request_not_supported', 'a request object', { request: 'eyJ' }],
  ['invalid_request', 'prompt none with login', { prompt: 'none login' }],
  ['invalid_request', 'max_age of words', { max_age: 'soon' }],
  ['invalid_request', 'max_age below zero', { max_age: '-1' }],
  ['invalid_request', 'a challenge without method', { code_challenge: CHALLENGE }],
  ['invalid_request', 'a plain challenge', { code_challenge: CHALLENGE, code_challenge_method: 'plain' }],
  ['invalid_request', 'a method without challenge', { code_challenge_method: 'S256' }],
  [
    'invalid_request',
    'a challenge of 42 characters',
    { code_challenge: 'a'.repeat(42), code_challenge_method: 'S256' },
  ],
  [
    'invalid_request',
    'a challenge of 129 characters',
    { code_challenge: 'a'.repeat(129), code_challenge_method: 'S256' },
  ],
  [
    'invalid_request',
    'a challenge of other characters',
    { code_challenge: `${CHALLENGE.slice(1)}=`, code_challenge_method: 'S256' },
  ],
  ['invalid_request', 'a nonce of 1,025 characters', { nonce: 'n'.repeat(1025) }],
  ['invalid_request', 'claims that are no JSON', { claims: '{' }],
  ['invalid_request', 'claims that are a list', { claims: '[]' }],
  ['invalid_request', 'claims with a wrong id_token', claims('x')],
  ['invalid_request', 'claims with a wrong userinfo', claims({}, { userinfo: [] })],
  ['invalid_request', 'a consent claim without an object', claims({ openbanking_intent_id: CONSENT_ID })],
  ['invalid_request', 'a consent claim with a number', claims({ openbanking_intent_id: { value: 1 } })],
  [
    'invalid_request',
    'two different consents',
    claims({ openbanking_intent_id: { value: OTHER_CONSENT_ID } }),
  ],
  [
    'invalid_request',
    'two different consents in claims',
    {
      consent_id: undefined,
      ...claims({ openbanking_intent_id: { value: CONSENT_ID }, ConsentId: { value: OTHER_CONSENT_ID } }),
    },
  ],
  ['invalid_request', 'a consent id of another form', { consent_id: 'consent_1' }],
  [
    'access_denied',
    'an essential acr of a certain value',
    claims({ acr: { essential: true, values: ['a'] } }),
  ],
  ['access_denied', 'an essential acr of one value', claims({ acr: { essential: true, value: 'a' } })],
  ['access_denied', 'an essential acr of no value', claims({ acr: { essential: true, values: [] } })],
  [
    'access_denied',
    'an essential acr without a consent',
    {
      consent_id: undefined,
      scope: 'openid',
      ...claims({ acr: { essential: true, value: 'urn:openbanking:psd2:sca' } }),
    },
  ],
  ['invalid_scope', 'a scope not registered', { scope: 'openid payments' }],
  ['invalid_scope', 'an unknown scope', { scope: 'openid email' }],
  ['invalid_scope', 'a scope the type does not open', { scope: 'openid consents' }],
  ['invalid_scope', 'accounts for a payment', { consent_id: PAYMENT_ID, scope: 'accounts' }],
  [
    'invalid_scope',
    'the default scope of a type without registered scopes',
    { consent_id: PAYMENT_ID, scope: undefined },
  ],
  ['invalid_scope', 'accounts without a consent', { consent_id: undefined, scope: 'openid accounts' }],
  ['invalid_scope', 'offline_access alone', { consent_id: undefined, scope: 'offline_access' }],
  ['invalid_scope', 'no scope and no consent', { consent_id: undefined, scope: undefined }],
  ['invalid_scope', 'a scope of blanks', { scope: '  ' }],
])('tells the client %s for %s', (code, _name, changes) => {
  expect(parse(changes)).toMatchObject({
    ok: false,
    address: { redirectUri: REDIRECT_URI },
    refusal: { code },
  });
});

it('returns no state that was sent twice', () => {
  const parsed = parse({ state: ['a', 'b'] });
  expect(parsed).toEqual({
    ok: false,
    address: { redirectUri: REDIRECT_URI },
    refusal: expect.anything(),
  });
});

it.each([
  ['4,097 characters', 's'.repeat(4097)],
  ['4,096 wide characters', '🐹'.repeat(4096)],
  ['4,097 bytes', `${'🐹'.repeat(341)}     `],
])('returns no state of %s, with which the answer would not arrive', (_name, state) => {
  const message = 'state is too long.';
  expect(parse({ state })).toEqual({
    ok: false,
    address: { redirectUri: REDIRECT_URI },
    refusal: expect.objectContaining({ code: 'invalid_request', message }),
  });
});

it('refuses a client that is not registered for the code grant', () => {
  const client: Client = { ...CLIENT, grantTypes: ['client_credentials'] };
  expect(parse({}, client)).toMatchObject({
    ok: false,
    address: { redirectUri: REDIRECT_URI },
    refusal: { code: 'unauthorized_client' },
  });
});

it('keeps refusals printable and without anything of the request', () => {
  const parsed = parse({ scope: 'openid <script>', state: undefined });
  if (parsed.ok) throw new Error('taken');
  expect(parsed.refusal.message).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.stringify(parsed.refusal)).not.toContain('<script>');
});

it('finds who asks, and by which request_uri', () => {
  const id = 'd'.repeat(64);
  expect(parseRequestTarget(search())).toEqual({ ok: true, value: { clientId: CLIENT.clientId } });
  expect(parseRequestTarget(search({ request_uri: renderRequestUri(id) }))).toEqual({
    ok: true,
    value: { clientId: CLIENT.clientId, interactionId: id },
  });
});

it.each([
  'https://client.example/request.jwt',
  `urn:ietf:params:oauth:request_uri:${'d'.repeat(63)}`,
  `urn:ietf:params:oauth:request_uri:${'D'.repeat(64)}`,
  `URN:ietf:params:oauth:request_uri:${'d'.repeat(64)}`,
  'urn:ietf:params:oauth:request_uri:',
])('takes no other request_uri: %s', (requestUri) => {
  expect(parseRequestUri(requestUri)).toBeUndefined();
  expect(parseRequestTarget(search({ request_uri: requestUri }))).toMatchObject({
    ok: false,
    refusal: { code: 'invalid_request_uri' },
  });
});
