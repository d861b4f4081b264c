/** Client authentication by JWT: one test a MUST of RFC 7523 section 3 and RFC 7521 section 4.2. */
import { beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { TEST_NOW_MS } from '../support/scope.ts';
import { type AssertionParts, makeClient, makeKey, type TestClient } from '../support/test-client.ts';
import { askToken, CREDENTIALS_GRANT } from '../support/token-request.ts';

const NOW = TEST_NOW_MS / 1000;
let app: TestApp;
let client: TestClient;

beforeAll(async () => {
  app = testApp();
  client = await makeClient();
});

async function verdict(parts: AssertionParts, parameters: Record<string, string> = {}): Promise<string> {
  const response = await askToken(app, client, { ...CREDENTIALS_GRANT, ...parameters }, parts);
  if (response.status === 200) return 'accepted';
  const { error } = await response.json<{ error: string }>();
  return `${response.status} ${error}`;
}

const REFUSED = '401 invalid_client';

it('2.2: client_assertion_type is "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"', async () => {
  const saml = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer';
  expect(await verdict({}, { client_assertion_type: saml })).toBe(REFUSED);
});

it('2.2: client_assertion contains a single JWT', async () => {
  const [one, other] = [await client.assertion(), await client.assertion()];
  expect(await verdict({}, { client_assertion: `${one} ${other}` })).toBe(REFUSED);
});

it('3-1: the JWT MUST contain an "iss" claim', async () => {
  expect(await verdict({ claims: { iss: undefined } })).toBe(REFUSED);
});

it('3-2B: for client authentication, the subject MUST be the client_id', async () => {
  expect(await verdict({ claims: { sub: undefined } })).toBe(REFUSED);
  expect(await verdict({ claims: { sub: crypto.randomUUID() } })).toBe(REFUSED);
});

it('3-3: the JWT MUST contain an "aud" claim that identifies the authorization server', async () => {
  expect(await verdict({ claims: { aud: undefined } })).toBe(REFUSED);
  expect(
    await verdict({ claims: { aud: ['http://localhost:8787', 'http://localhost:8787/oauth/token'] } }),
  ).toBe('accepted');
});

it('3-3: the authorization server MUST reject any JWT that does not contain its own identity', async () => {
  expect(await verdict({ claims: { aud: 'https://bank.example' } })).toBe(REFUSED);
  // Simple String Comparison (RFC 3986 section 6.2.1).
  expect(await verdict({ claims: { aud: 'HTTP://localhost:8787' } })).toBe(REFUSED);
});

it('3-4: the JWT MUST contain an "exp" claim', async () => {
  expect(await verdict({ claims: { exp: undefined } })).toBe(REFUSED);
});

it('3-4: the authorization server MUST reject a JWT with an expiration time that has passed', async () => {
  expect(await verdict({ claims: { exp: NOW } })).toBe(REFUSED);
  expect(await verdict({ claims: { exp: NOW + 1 } })).toBe('accepted');
});

it('3-4: it may reject JWTs with an "exp" unreasonably far in the future', async () => {
  expect(await verdict({ claims: { exp: NOW + 1_801 } })).toBe(REFUSED);
});

it('3-5: before "nbf" the token MUST NOT be accepted (10 s are the clocks\')', async () => {
  expect(await verdict({ claims: { nbf: NOW + 11 } })).toBe(REFUSED);
  expect(await verdict({ claims: { nbf: NOW + 10 } })).toBe('accepted');
});

it('3-7: the authorization server ensures that JWTs are not replayed, by the "jti"', async () => {
  const jti = crypto.randomUUID();
  expect(await verdict({ claims: { jti } })).toBe('accepted');
  expect(await verdict({ claims: { jti } })).toBe(REFUSED);
});

it('3-8: the JWT MAY contain other claims', async () => {
  expect(await verdict({ claims: { hamster: 'wheel' } })).toBe('accepted');
});

it('3-9: the JWT MUST be digitally signed; an invalid signature MUST be rejected', async () => {
  expect(await verdict({ key: await makeKey() })).toBe(REFUSED);
  const [header, claims, signature = ''] = (await client.assertion()).split('.');
  const spoilt = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  expect(await verdict({}, { client_assertion: [header, claims, spoilt].join('.') })).toBe(REFUSED);
});

it('3-9: an unsigned JWT MUST be rejected', async () => {
  const [, claims] = (await client.assertion()).split('.');
  const none = btoa('{"alg":"none"}').replaceAll('=', '');
  expect(await verdict({}, { client_assertion: `${none}.${claims}.` })).toBe(REFUSED);
});

it('3-10: the authorization server MUST reject a JWT that is not valid in all other respects', async () => {
  expect(await verdict({ header: { typ: 'at+jwt' } })).toBe(REFUSED);
  expect(await verdict({}, { client_assertion: 'a.b.c' })).toBe(REFUSED);
});

it('RFC 7521 4.2: client_id, where sent, MUST identify the client that the assertion identifies', async () => {
  expect(await verdict({}, { client_id: (await makeClient()).clientId })).toBe(REFUSED);
  expect(await verdict({}, { client_id: '' })).toBe('accepted');
});

it('RFC 7521 4.2: the client MUST NOT use more than one authentication method', async () => {
  expect(await verdict({}, { client_secret: 'secret' })).toBe('400 invalid_request');
});

it('RFC 7521 4.2.1: errors are "invalid_client", and may say what is wrong', async () => {
  const response = await askToken(app, client, CREDENTIALS_GRANT, { claims: { exp: NOW - 1 } });
  expect(await response.json()).toMatchObject({
    error: 'invalid_client',
    error_description: 'The client assertion has expired.',
  });
});
