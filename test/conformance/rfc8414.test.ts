/** Authorization server metadata: one test a MUST of RFC 8414, and what OpenID Connect Discovery 1.0 adds. */
import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';

let response: Response;
let metadata: Record<string, unknown>;

beforeAll(async () => {
  response = await testApp().request('/.well-known/oauth-authorization-server');
  metadata = await response.clone().json();
});

function list(name: string): readonly unknown[] {
  const value = metadata[name];
  expect(Array.isArray(value)).toBe(true);
  return value as unknown[];
}

it('2: issuer is REQUIRED, a URL without query or fragment', () => {
  const url = new URL(String(metadata['issuer']));
  expect([url.search, url.hash]).toEqual(['', '']);
});

it('2: the issuer uses the "https" scheme (a local sandbox alone may have http)', async () => {
  const app = testApp({ bindings: { ISSUER: 'http://bank.example' } });
  expect((await app.request('/.well-known/oauth-authorization-server')).status).toBe(503);
});

it.each(['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'registration_endpoint'])(
  '2: %s is an absolute URL below the issuer',
  (name) => {
    expect(new URL(String(metadata[name])).origin).toBe(metadata['issuer']);
  },
);

it('2: response_types_supported is REQUIRED', () => {
  expect(list('response_types_supported')).toEqual(['code']);
});

it('2: keys of jwks_uri: use MUST be present when signing and encryption keys are both there; ours all have it', async () => {
  const { keys } = await (await testApp().request('/oauth/jwks')).json<{ keys: Record<string, unknown>[] }>();
  expect(keys.every(({ use }) => use === 'sig')).toBe(true);
});

it('2: token_endpoint_auth_signing_alg_values_supported MUST be present with private_key_jwt, without "none"', () => {
  expect(list('token_endpoint_auth_methods_supported')).toEqual(['private_key_jwt']);
  expect(list('token_endpoint_auth_signing_alg_values_supported')).toEqual(['PS256', 'ES256', 'EdDSA']);
});

it('2: code_challenge_methods_supported lists PKCE methods', () => {
  expect(list('code_challenge_methods_supported')).toEqual(['S256']);
});

it('3: the document MUST be at the well-known path inserted after the host', () => {
  expect(response.status).toBe(200);
});

it('3.2: a successful response MUST use 200 and application/json with a JSON object', () => {
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(metadata).toEqual(expect.any(Object));
});

it('3.2: claims with multiple values are arrays; claims with zero elements MUST be omitted', () => {
  for (const [name, value] of Object.entries(metadata)) {
    if (name.endsWith('_supported') && typeof value !== 'boolean')
      expect(list(name).length).toBeGreaterThan(0);
  }
});

it('3.3: the issuer MUST be identical to the one whose well-known URL was asked', () => {
  expect(metadata['issuer']).toBe(env.ISSUER);
});

it('3.3: the issuer never follows the Host header', async () => {
  const answer = await testApp().request('http://bank.example/.well-known/oauth-authorization-server');
  expect(await answer.json()).toEqual(metadata);
});

it('RFC 9126 section 5: the pushed authorization request endpoint and whether it is required', () => {
  expect(metadata).toMatchObject({
    pushed_authorization_request_endpoint: `${env.ISSUER}/oauth/par`,
    require_pushed_authorization_requests: false,
  });
});

it('RFC 9207 section 3: authorization_response_iss_parameter_supported', () => {
  expect(metadata['authorization_response_iss_parameter_supported']).toBe(true);
});

it('OpenID Discovery 3: RS256 MUST be among id_token_signing_alg_values_supported', () => {
  expect(list('id_token_signing_alg_values_supported')).toContain('RS256');
});

it('OpenID Discovery 3: scopes_supported MUST hold openid; subject_types_supported is REQUIRED', () => {
  expect(list('scopes_supported')).toEqual([
    'openid',
    'offline_access',
    'consents',
    'accounts',
    'transactions',
    'payments',
    'fundsconfirmations',
  ]);
  expect(list('subject_types_supported')).toEqual(['pairwise']);
});

it('OpenID Discovery 3: request_uri_parameter_supported defaults to true, so its absence MUST be said', () => {
  expect(metadata).toMatchObject({
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  });
});

it('lists nothing that is not built', () => {
  for (const name of [
    'userinfo_endpoint',
    'introspection_endpoint',
    'revocation_endpoint',
    'end_session_endpoint',
    'tls_client_certificate_bound_access_tokens',
    'dpop_signing_alg_values_supported',
    'request_object_signing_alg_values_supported',
    'authorization_signing_alg_values_supported',
  ]) {
    expect(metadata).not.toHaveProperty(name);
  }
});
