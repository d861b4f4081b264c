/** The sandbox directory: what it certifies, for whom, and that nothing of it exists in production. */
import { env } from 'cloudflare:workers';
import {
  createLocalJWKSet,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose';
import { expect, it } from 'vitest';
import { LOCAL_API_KEY } from '#clients/api-key.ts';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import { testApp } from '../support/app.ts';
import { PRODUCTION } from '../support/production.ts';

const PATH = '/sandbox/software-statements';
const BODY = { software_redirect_uris: ['https://tpp.example/callback'] };

function bearer(key: string): RequestInit {
  return { headers: { authorization: `Bearer ${key}` } };
}

async function mint(body: object): Promise<{ status: number; body: Record<string, never> }> {
  const { apiKey } = await insertOrganisationWithKey();
  const answer = await testApp().sendJson(PATH, body, bearer(apiKey));
  return { status: answer.status, body: await answer.json() };
}

it('certifies of a key set what keys are made of, however deep the rest is', async () => {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(publicKey)), kid: 'one' };
  // Text put together: no serializer goes so deep.
  const text = JSON.stringify({ ...BODY, software_jwks: { keys: [{ ...key, odd: 'DEEP' }], odd: 'DEEP' } });
  const { apiKey } = await insertOrganisationWithKey();
  const answer = await testApp().request(PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: text.replaceAll('"DEEP"', `${'['.repeat(15_000)}${']'.repeat(15_000)}`),
  });
  expect(answer.status).toBe(201);
  const { software_statement } = await answer.json<{ software_statement: string }>();
  expect(decodeJwt(software_statement)['software_jwks']).toEqual({ keys: [key] });
});

it('signs a statement ES256 for the organisation of the key, whatever the body says', async () => {
  const app = testApp();
  const { apiKey, orgId, name } = await insertOrganisationWithKey();
  const body = { ...BODY, software_id: 'abc123', software_client_name: 'Budget', org_id: 'other', iss: 'x' };
  const answer = await app.sendJson(PATH, body, bearer(apiKey));
  expect(answer.status).toBe(201);
  const { software_statement } = await answer.json<{ software_statement: string }>();
  const jwks = await app.request('/sandbox/directory/jwks');
  expect(jwks.status).toBe(200);
  const { payload, protectedHeader } = await jwtVerify(
    software_statement,
    createLocalJWKSet(await jwks.json<JSONWebKeySet>()),
    { currentDate: new Date(app.nowMs()) },
  );
  expect(protectedHeader).toMatchObject({ alg: 'ES256' });
  expect(payload).toEqual({
    iss: `${env.ISSUER}/sandbox/directory`,
    iat: app.nowMs() / 1000,
    jti: expect.any(String),
    org_id: orgId,
    org_name: name,
    software_id: 'abc123',
    software_client_name: 'Budget',
    software_roles: ['AISP'],
    software_redirect_uris: BODY.software_redirect_uris,
  });
});

it('makes a software id of 1 to 22 letters and digits', async () => {
  const { body } = await mint(BODY);
  expect(decodeJwt(body['software_statement'] ?? '')['software_id']).toMatch(/^[0-9A-Za-z]{1,22}$/);
});

it('certifies keys by value or by endpoint', async () => {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  const software_jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one' }] };
  const byValue = await mint({ ...BODY, software_jwks });
  expect(decodeJwt(byValue.body['software_statement'] ?? '')).toMatchObject({ software_jwks });
  const software_jwks_endpoint = 'https://tpp.example/jwks';
  const byEndpoint = await mint({ ...BODY, software_jwks_endpoint });
  expect(decodeJwt(byEndpoint.body['software_statement'] ?? '')).toMatchObject({ software_jwks_endpoint });
});

it.each([
  ['no redirect URIs', {}, 'software_redirect_uris'],
  ['an empty list of them', { software_redirect_uris: [] }, 'software_redirect_uris'],
  ['a fragment', { software_redirect_uris: ['https://tpp.example/#x'] }, 'software_redirect_uris.0'],
  ['http on a public host', { software_redirect_uris: ['http://tpp.example/'] }, 'software_redirect_uris.0'],
  ['an unknown role', { ...BODY, software_roles: ['ASPSP'] }, 'software_roles.0'],
  ['a long software id', { ...BODY, software_id: 'a'.repeat(23) }, 'software_id'],
  ['a software id with a hyphen', { ...BODY, software_id: 'a-b' }, 'software_id'],
  ['an unknown defect', { ...BODY, defect: 'late' }, 'defect'],
  ['a private key', { ...BODY, software_jwks: { keys: [{ kty: 'EC', d: 'x' }] } }, 'software_jwks'],
  ['no key in the set', { ...BODY, software_jwks: { keys: [] } }, 'software_jwks'],
  [
    'an endpoint on an address',
    { ...BODY, software_jwks_endpoint: 'https://10.0.0.1/' },
    'software_jwks_endpoint',
  ],
])('refuses %s and names the member', async (_what, body, field) => {
  const answer = await mint(body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ field }] });
});

it.each([
  ['no key', undefined, 401, 'invalid_api_key'],
  ['another scheme', 'Basic x', 401, 'invalid_api_key'],
  ['a malformed key', 'Bearer sk_sandbox_short', 401, 'invalid_api_key'],
  ['an unknown key', 'Bearer sk_sandbox_0000000000000000', 401, 'invalid_api_key'],
  ['a live key', 'Bearer sk_live_0000000000000000', 403, 'wrong_environment'],
])('refuses %s', async (_what, authorization, status, code) => {
  const headers = authorization === undefined ? {} : { authorization };
  const answer = await testApp().sendJson(PATH, BODY, { headers });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ code, request_id: expect.any(String) });
  expect(answer.headers.has('www-authenticate')).toBe(status === 401);
});

it('refuses a revoked and an expired key, and one kept for the other environment', async () => {
  const app = testApp();
  const now = app.nowMs() / 1000;
  const codes = [];
  for (const parts of [
    { revokedAt: now },
    { expiresAt: now },
    { expiresAt: now + 1 },
    { environment: 'production' } as const,
  ]) {
    const { apiKey } = await insertOrganisationWithKey(parts);
    codes.push((await app.sendJson(PATH, BODY, bearer(apiKey))).status);
  }
  expect(codes).toEqual([401, 401, 201, 403]);
});

it('takes the local key in a local sandbox alone', async () => {
  await insertOrganisationWithKey({ apiKey: LOCAL_API_KEY });
  expect((await testApp().sendJson(PATH, BODY, bearer(LOCAL_API_KEY))).status).toBe(201);
  const elsewhere = testApp({ origin: 'http://sandbox.example' });
  expect((await elsewhere.sendJson(PATH, BODY, bearer(LOCAL_API_KEY))).status).toBe(401);
  const deployed = testApp({ bindings: { ISSUER: 'https://sandbox.example' } });
  expect((await deployed.sendJson(PATH, BODY, bearer(LOCAL_API_KEY))).status).toBe(401);
});

it('counts 100 requests a minute for an organisation, whatever their answer', async () => {
  const app = testApp();
  const { apiKey } = await insertOrganisationWithKey();
  const statuses = new Set<number>();
  for (let index = 0; index < 100; index += 1) {
    statuses.add((await app.sendJson(PATH, {}, bearer(apiKey))).status);
  }
  expect([...statuses]).toEqual([400]);
  const limited = await app.sendJson(PATH, BODY, bearer(apiKey));
  expect(limited.status).toBe(429);
  expect(limited.headers.get('retry-after')).toBe('60');
  app.advance(60_000);
  expect((await app.sendJson(PATH, BODY, bearer(apiKey))).status).toBe(201);
});

it('answers 404 in production, to every method and key', async () => {
  const app = testApp({
    bindings: PRODUCTION,
  });
  for (const [path, method] of [
    [PATH, 'POST'],
    [PATH, 'DELETE'],
    ['/sandbox/directory/jwks', 'GET'],
    ['/sandbox/reset', 'POST'],
  ] as const) {
    const answer = await app.request(path, { method });
    expect([path, method, answer.status]).toEqual([path, method, 404]);
    expect(await answer.json()).toMatchObject({ code: 'not_found' });
  }
});

it.each([
  ['no key', {}],
  ['no bearer', { headers: { authorization: 'Basic c2s6' } }],
  ['what is no key', bearer('sk_sandbox_short')],
  ['a key of the other environment', bearer(`sk_live_${'a'.repeat(32)}`)],
  ['an unknown key', bearer(`sk_sandbox_${'a'.repeat(32)}`)],
])('counts %s against its source', async (_what, init) => {
  let counted = 0;
  const limit = () => {
    counted += 1;
    return Promise.resolve({ success: counted === 1 });
  };
  const app = testApp({ bindings: { LOCAL_SOURCE_LIMIT: { limit } } });
  expect([401, 403]).toContain((await app.sendJson(PATH, BODY, init)).status);
  expect((await app.sendJson(PATH, BODY, init)).status).toBe(429);
});
