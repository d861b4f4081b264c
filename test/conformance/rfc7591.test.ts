/** RFC 7591, OAuth 2.0 Dynamic Client Registration Protocol: one test for each MUST on the server. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import { testDirectory } from '../support/directory.ts';
import { makeKey } from '../support/test-client.ts';
import { guideRequest, type Members, newStatement, newTpp, REDIRECT_URI } from '../support/tpp.ts';

async function refused(members: Members): Promise<[number, unknown]> {
  const app = testApp();
  const answer = await app.sendJson('/register', { ...guideRequest(await newStatement(app)), ...members });
  return [answer.status, (await answer.json<Members>())['error']];
}

it('section 2: clients using flows with redirection MUST register their redirection URI values', async () => {
  expect(await refused({ redirect_uris: undefined })).toEqual([400, 'invalid_redirect_uri']);
  expect(await refused({ redirect_uris: [] })).toEqual([400, 'invalid_redirect_uri']);
});

it('section 2: the "jwks_uri" and "jwks" parameters MUST NOT both be present in the same request or response', async () => {
  const jwks = { keys: [(await makeKey()).publicJwk] };
  const both = { jwks, jwks_uri: 'https://tpp.example/jwks' };
  expect(await refused(both)).toEqual([400, 'invalid_client_metadata']);
  const { registration } = await newTpp(testApp());
  expect([registration['jwks'], registration['jwks_uri']].filter((each) => each !== undefined)).toHaveLength(
    1,
  );
});

it('section 2: the authorization server MUST ignore any client metadata sent by the client that it does not understand', async () => {
  const { registration } = await newTpp(testApp(), {
    metadata: { example_extension_parameter: 'example_value' },
  });
  expect(registration).not.toHaveProperty('example_extension_parameter');
});

it('section 2.1: a client cannot register itself into an inconsistent state', async () => {
  const pairs: Members[] = [
    { grant_types: ['client_credentials'], response_types: ['code'] },
    { grant_types: ['authorization_code'], response_types: [] },
    { grant_types: ['authorization_code'], response_types: ['token'] },
  ];
  for (const members of pairs) expect(await refused(members)).toEqual([400, 'invalid_client_metadata']);
});

it('section 2.3: the software statement MUST be digitally signed', async () => {
  const app = testApp();
  const [, payload] = (await newStatement(app)).split('.');
  const unsigned = `${btoa('{"alg":"none"}').replace(/=+$/, '')}.${payload}.`;
  expect(await refused({ software_statement: unsigned })).toEqual([400, 'invalid_software_statement']);
});

it('section 2.3: the software statement MUST contain an "iss" claim denoting the party attesting to the claims', async () => {
  const directory = await testDirectory();
  const claims = { ...directory.claims(await makeKey()), iss: undefined };
  const software_statement = await directory.sign(claims);
  expect(await refused({ software_statement })).toEqual([400, 'invalid_software_statement']);
});

it('section 3: the client registration endpoint MUST accept HTTP POST messages with parameters in "application/json"', async () => {
  const app = testApp();
  const headers = { 'content-type': 'application/json; charset=UTF-8' };
  const answer = await app.sendJson('/register', guideRequest(await newStatement(app)), { headers });
  expect(answer.status).toBe(201);
});

it('section 3.1.1: metadata values conveyed in the software statement MUST take precedence over those conveyed using plain JSON elements', async () => {
  const directory = await testDirectory();
  const app = testApp({ bindings: directory.bindings });
  const certified = {
    client_name: 'Certified',
    scope: 'openid accounts',
    tos_uri: 'https://tpp.example/terms',
  };
  const statement = await directory.sign({ ...directory.claims(await makeKey()), ...certified });
  const asked = { client_name: 'Asked', scope: 'openid transactions', tos_uri: 'https://evil.example/' };
  const answer = await app.sendJson('/register', { ...guideRequest(statement), ...asked });
  expect(await answer.json()).toMatchObject(certified);
});

it('section 3.2.1: the server responds with an HTTP 201 Created status code and a body of type "application/json"', async () => {
  const app = testApp();
  const answer = await app.sendJson('/register', guideRequest(await newStatement(app)));
  expect(answer.status).toBe(201);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

it('section 3.2.1: client_id is REQUIRED, unique, and currently valid for no other registered client', async () => {
  const app = testApp();
  const [one, two] = await Promise.all([newTpp(app), newTpp(app)]);
  expect(one.clientId).toMatch(/^[0-9a-f-]{36}$/);
  expect(two.clientId).not.toBe(one.clientId);
});

it('section 3.2.1: client_id_issued_at is the number of seconds from 1970-01-01T00:00:00Z UTC', async () => {
  const app = testApp({ nowMs: 1_702_512_000_999 });
  expect((await newTpp(app)).registration['client_id_issued_at']).toBe(1_702_512_000);
});

it('section 3.2.1: the authorization server MUST return all registered metadata about this client, including any fields provisioned by the authorization server itself', async () => {
  const metadata = { client_name: 'Nutkin', contacts: ['hello@tpp.example'], software_version: '1' };
  const { registration } = await newTpp(testApp(), { metadata });
  expect(registration).toMatchObject({
    ...metadata,
    redirect_uris: [REDIRECT_URI],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    token_endpoint_auth_method: 'private_key_jwt',
    scope: 'openid accounts transactions',
    id_token_signed_response_alg: 'ES256',
    subject_type: 'pairwise',
  });
});

it('section 3.2.1: the value of the software statement MUST be returned unmodified in the response', async () => {
  const { registration, statement } = await newTpp(testApp());
  expect(registration['software_statement']).toBe(statement);
});

it('section 3.2.1: client metadata elements used from the software statement MUST also be returned directly as top-level client metadata values', async () => {
  const { registration, key } = await newTpp(testApp());
  expect(registration).toMatchObject({
    jwks: { keys: [key.publicJwk] },
    software_id: expect.stringMatching(/^[0-9A-Za-z]{1,22}$/),
  });
});

it('section 3.2.2: the authorization server returns an HTTP 400 status code with content type "application/json" and a single ASCII error code', async () => {
  const app = testApp();
  const answer = await app.sendJson('/register', {
    ...guideRequest(await newStatement(app)),
    scope: 'profile',
  });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  const body = await answer.json<Members>();
  expect(body).toMatchObject({ error: 'invalid_client_metadata' });
  expect(String(body['error_description'])).toMatch(/^[\x20-\x7e]+$/);
});

it.each([
  ['invalid_redirect_uri: the value of one or more redirection URIs is invalid', { redirect_uris: ['x'] }],
  ['invalid_client_metadata: the value of one of the client metadata fields is invalid', { jwks: 7 }],
  ['invalid_software_statement: the software statement presented is invalid', { software_statement: 'x' }],
])('section 3.2.2: %s', async (title, members) => {
  expect(await refused(members)).toEqual([400, title.split(':')[0]]);
});

it('section 3.2.2: unapproved_software_statement: the statement is not approved for use by this authorization server', async () => {
  const directory = await testDirectory();
  const software_statement = await directory.sign(directory.claims(await makeKey()));
  expect(await refused({ software_statement })).toEqual([400, 'unapproved_software_statement']);
});

it('section 5: the issuer is reached over TLS: every address given is absolute and of the configured issuer', async () => {
  const bindings = { ISSUER: 'https://sandbox.example' };
  const app = testApp({ bindings, origin: 'https://other-host.example' });
  const { registration, clientId } = await newTpp(app);
  expect(registration['registration_client_uri']).toBe(`https://sandbox.example/register/${clientId}`);
  expect(env.ISSUER).not.toContain('sandbox.example');
});
