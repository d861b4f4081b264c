/** Bearer tokens: one test a MUST of RFC 6750. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import { awaitingConsent } from '../support/consents.ts';
import { countingEnv } from '../support/counting-env.ts';
import { testScope } from '../support/scope.ts';
import { makeClient } from '../support/test-client.ts';
import { accessToken, bearer } from '../support/tokens.ts';

const PATH = '/open-banking/v1/consents';

async function get(headers: HeadersInit, path = PATH): Promise<Response> {
  return testApp().request(path, { headers });
}

async function goodToken(): Promise<string> {
  return accessToken((await makeClient()).clientId);
}

it('2.1: resource servers MUST support the Authorization header, whose scheme is case-insensitive', async () => {
  const token = await goodToken();
  for (const scheme of ['Bearer', 'bearer', 'bEaReR']) {
    expect((await get({ authorization: `${scheme} ${token}` })).status).toBe(200);
  }
});

it('2.1: anything but one bearer token is refused', async () => {
  const token = await goodToken();
  const twice = new Headers([
    ['authorization', `Bearer ${token}`],
    ['authorization', `Bearer ${token}`],
  ]);
  const headers = ['', 'Bearer', 'Bearer ', token, `Basic ${token}`, `DPoP ${token}`, `Bearer ${token} x`];
  for (const authorization of headers) expect((await get({ authorization })).status).toBe(401);
  expect((await get(twice)).status).toBe(401);
});

it('2.3 and 5.3: a token in the query is refused, even beside a good header', async () => {
  const token = await goodToken();
  for (const query of [`access_token=${token}`, 'access_token=', 'limit=1&access%5Ftoken=x']) {
    const answer = await get(bearer(token), `${PATH}?${query}`);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'invalid_token' });
  }
});

it('2.2: a token in a body is not looked at', async () => {
  const answer = await testApp().sendForm(PATH, { access_token: await goodToken() });
  expect(answer.status).toBe(401);
});

it('3: a refusal MUST carry WWW-Authenticate with the scheme Bearer', async () => {
  const answer = await get({ authorization: 'Bearer x' });
  expect(answer.headers.get('www-authenticate')).toMatch(
    /^Bearer realm="hamster-bank", error="invalid_token"/,
  );
});

it('3.1: without any credentials the challenge SHOULD NOT name an error', async () => {
  const answer = await get({});
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="hamster-bank"');
});

it('3.1: invalid_token is 401, insufficient_scope 403 and names the scope', async () => {
  const { clientId } = await makeClient();
  const answer = await get(bearer(await accessToken(clientId, { scopes: ['accounts'] })));
  expect(answer.status).toBe(403);
  expect(answer.headers.get('www-authenticate')).toMatch(/error="insufficient_scope".*scope="consents"/);
});

it('what proves no client reaches neither D1 nor, on a warm isolate, an object', async () => {
  const { env: bindings, hops, reset } = countingEnv();
  const app = testApp({ bindings: { ...bindings } });
  const good = await goodToken();
  expect((await app.request(PATH, { headers: bearer(good) })).status).toBe(200);
  const old = await accessToken('client', {}, testScope({ nowMs: app.nowMs() - 600_000 }));
  const [header, body, signature] = good.split('.') as [string, string, string];
  const unknownKid = btoa(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'x' })).replaceAll('=', '');
  const bad = [
    {},
    { authorization: 'Bearer x' },
    bearer(old),
    bearer(`${header}.${body}.${signature.slice(0, -4)}AAAA`),
    bearer(`${unknownKid}.${body}.${signature}`),
    bearer('x'.repeat(5_000)),
  ];
  reset();
  for (const headers of bad) expect((await app.request(PATH, { headers })).status).toBe(401);
  expect(hops).toMatchObject({ d1: 0, objects: 0 });
});

it('who proves no client too often is refused with 429, who does prove one is not', async () => {
  const keys: string[] = [];
  const full = {
    limit: async ({ key }: { key: string }) => {
      keys.push(key);
      return { success: false };
    },
  };
  const { clientId } = await makeClient();
  await awaitingConsent(testScope(), { clientId });
  const app = testApp({ bindings: { SOURCE_LIMIT: full, LOCAL_SOURCE_LIMIT: full } });
  const refused = await app.request(PATH, { headers: { authorization: 'Bearer x' } });
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('60');
  expect(refused.headers.get('ratelimit')).toBeNull();
  expect(keys).toHaveLength(1);
  expect((await app.request(PATH, { headers: bearer(await accessToken(clientId)) })).status).toBe(200);
});

it('a client that has ended or is suspended is refused with 401 at once', async () => {
  const client = await makeClient();
  const app = testApp();
  const headers = bearer(await accessToken(client.clientId));
  expect((await app.request(PATH, { headers })).status).toBe(200);
  for (const status of ['suspended', 'ended'] as const) {
    await env.CLIENTS.get(env.CLIENTS.idFromName(client.clientId)).tell({
      version: status === 'suspended' ? 2 : 3,
      status,
      scopes: [],
    });
    const answer = await app.request(PATH, { headers });
    expect([status, answer.status]).toEqual([status, 401]);
    expect(await answer.json()).toMatchObject({ code: 'invalid_token' });
  }
});
