/** Whatever is sent to registration, the answer is one of its own: never a fault, never without its headers. */
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import { testApp } from '../support/app.ts';
import { makeKey } from '../support/test-client.ts';
import { guideRequest, type Members, newStatement, REDIRECT_URI, signBody } from '../support/tpp.ts';

const RUNS = env.TEST_LENGTH === 'long' ? 5_000 : 150;
const app = testApp({ bindings: { LOCAL_SOURCE_LIMIT: { limit: async () => ({ success: true }) } } });
const organisation = await insertOrganisationWithKey();
const key = await makeKey();
const statement = await newStatement(app, { organisation, key });

const MEMBERS = [
  'software_statement',
  'redirect_uris',
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
  'grant_types',
  'response_types',
  'scope',
  'jwks',
  'jwks_uri',
  'client_name',
  'logo_uri',
  'contacts',
  'application_type',
  'default_max_age',
  'request_uris',
  'client_id',
  'unknown',
  '__proto__',
  'constructor',
];

const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    REDIRECT_URI,
    [REDIRECT_URI],
    'openid accounts',
    ['authorization_code'],
    ['code'],
    'ES256',
    '\u202e\u0000',
    '\ud800',
    'x'.repeat(5_000),
    { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] },
    { keys: [{ kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }] },
    'https://\u00e9.example/',
    'http://[::1]:99999/',
    1e308,
    -0,
  ),
);

const metadata = fc.dictionary(fc.constantFrom(...MEMBERS), value, { maxKeys: 5 });

async function check(answer: Response): Promise<void> {
  expect(answer.status).toBeLessThan(500);
  expect(answer.headers.get('x-fapi-interaction-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const body = await answer.json<Members>();
  if (answer.status === 201) return;
  expect(body['error']).toBe(body['code']);
  expect(String(body['error_description'])).toMatch(/^[\x20-\x7e]+$/);
}

it('in the metadata, as JSON', async () => {
  await fc.assert(
    fc.asyncProperty(metadata, async (members) => {
      await check(await app.sendJson('/register', { ...guideRequest(statement), ...members }));
    }),
    { numRuns: RUNS },
  );
});

it('in the claims of a signed body', async () => {
  const good = { iss: 'x', aud: env.ISSUER, jti: 'x', exp: app.nowMs() / 1000 + 60 };
  const claims = fc.dictionary(fc.constantFrom('iss', 'aud', 'exp', 'iat', 'nbf', 'jti', ...MEMBERS), value);
  await fc.assert(
    fc.asyncProperty(claims, async (members) => {
      const body = await signBody(key, { ...guideRequest(statement), ...good, ...members });
      const headers = { 'content-type': 'application/jwt' };
      await check(await app.request('/register', { method: 'POST', headers, body }));
    }),
    { numRuns: RUNS },
  );
});

it('as raw bytes', async () => {
  const types = fc.constantFrom('application/json', 'application/jwt', 'application/jose', 'text/html', '');
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => `a.${btoa(encodeURI(text))}.c`),
  );
  await fc.assert(
    fc.asyncProperty(types, texts, async (contentType, body) => {
      const headers = { 'content-type': contentType };
      await check(await app.request('/register', { method: 'POST', headers, body }));
    }),
    { numRuns: RUNS },
  );
});

it('in the request for a software statement', async () => {
  const names = fc.constantFrom(
    'software_redirect_uris',
    'software_jwks',
    'software_roles',
    'software_id',
    'defect',
  );
  const members = fc.dictionary(names, value);
  await fc.assert(
    fc.asyncProperty(members, async (changes) => {
      // Stays below the organisation's 100 a minute.
      app.advance(1_000);
      const answer = await app.sendJson(
        '/sandbox/software-statements',
        { software_redirect_uris: [REDIRECT_URI], ...changes },
        { headers: { authorization: `Bearer ${organisation.apiKey}` } },
      );
      expect([201, 400]).toContain(answer.status);
    }),
    { numRuns: RUNS },
  );
});
