/** Discovery and keys: what is listed is there, cacheable and open to any origin. */
import { describe, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';

const PATHS = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/oauth/jwks'];

describe.each(PATHS)('%s', (path) => {
  it('may be kept 5 minutes and read by any origin', async () => {
    const response = await testApp().request(path, { headers: { origin: 'https://app.example' } });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(response.headers.has('access-control-allow-credentials')).toBe(false);
  });

  it('answers a preflight', async () => {
    const response = await testApp().request(path, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toContain('GET');
  });

  it('takes no other method', async () => {
    const response = await testApp().request(path, { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toContain('GET');
  });
});

it('is one document at both addresses', async () => {
  const app = testApp();
  const [one, other] = await Promise.all(
    PATHS.slice(0, 2).map(async (path) => (await app.request(path)).json()),
  );
  expect(one).toEqual(other);
});

it('publishes no private key', async () => {
  const { keys } = await (await testApp().request('/oauth/jwks')).json<{ keys: Record<string, unknown>[] }>();
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) {
    expect(key).toMatchObject({ kid: expect.any(String), use: 'sig', alg: expect.any(String) });
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(member);
  }
});
it('lists endpoints that exist', async () => {
  const app = testApp();
  const metadata = await (await app.request(PATHS[0] ?? '')).json<Record<string, unknown>>();
  const endpoints = Object.entries(metadata).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
  expect(endpoints).toHaveLength(5);
  for (const [name, url] of endpoints) {
    const response = await app.request(String(url), { method: 'PATCH' });
    expect([name, response.status]).toEqual([name, 405]);
  }
});
