/** What a request costs: D1 round trips, object calls and rows, on a warm isolate, work after the answer excluded. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '#app.ts';
import { grantIdentity } from '#consents/decide-consent.flow.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import { testApp } from '../support/app.ts';
import { countingEnv, type Hops } from '../support/counting-env.ts';
import { MAIN_ACCOUNT } from '../support/journey.ts';
import { type LinkedTpp, linkTpp } from '../support/linked-tpp.ts';
import { listLog, TEST_NOW_MS, testScope } from '../support/scope.ts';
import { makeKey, signAssertion } from '../support/test-client.ts';

const counted = countingEnv();
let nowMs = TEST_NOW_MS;
const { log, lines } = listLog();
const app = createApp({ clock: { nowMs: () => nowMs }, log });
let tpp: LinkedTpp;

/** Sends one request and says what it cost before its answer, which is what its log line says too. */
async function cost(path: string, init: RequestInit = {}): Promise<Hops & { readonly status: number }> {
  const context = createExecutionContext();
  counted.reset();
  const answer = await app.fetch(
    new Request(new URL(path, 'http://localhost:8787'), init),
    counted.env,
    context,
  );
  const hops = { ...counted.hops, status: answer.status };
  await answer.arrayBuffer();
  await waitOnExecutionContext(context);
  const line = lines.findLast(({ event }) => event === 'request');
  expect(line).toMatchObject({ status: hops.status, d1: hops.d1, objects: hops.objects });
  return hops;
}

async function tokenCost(parameters: Record<string, string>) {
  return cost('/oauth/token', {
    method: 'POST',
    body: new URLSearchParams({ ...parameters, ...(await tpp.credentials()) }),
  });
}

beforeAll(async () => {
  tpp = await linkTpp(testApp({ nowMs }));
  await cost('/open-banking/v1/accounts', { headers: tpp.headers });
  await tokenCost({ grant_type: 'client_credentials' });
});

describe('account information', () => {
  it.each([
    '/open-banking/v1/accounts',
    `/open-banking/v1/accounts/${MAIN_ACCOUNT}`,
    `/open-banking/v1/accounts/${MAIN_ACCOUNT}/balances`,
    '/open-banking/v1/balances',
    `/open-banking/v1/accounts/${MAIN_ACCOUNT}/transactions`,
    '/open-banking/v1/transactions?limit=50',
  ])('%s makes one D1 round trip and two object calls, and writes no row', async (path) => {
    expect(await cost(path, { headers: tpp.headers })).toMatchObject({
      status: 200,
      d1: 1,
      objects: 2,
      rowsWritten: 0,
    });
  });

  it('asks only the client object where token and header alone refuse', async () => {
    const { authorization } = tpp.headers as { authorization: string };
    const missing = await cost('/open-banking/v1/accounts', { headers: { authorization } });
    expect(missing).toMatchObject({ status: 400, d1: 0, objects: 1 });
  });
});

describe('the token endpoint', () => {
  it('makes one object call and no D1 call for client_credentials', async () => {
    const hops = await tokenCost({ grant_type: 'client_credentials' });
    expect(hops).toMatchObject({ status: 200, d1: 0, objects: 1, calls: ['CLIENTS.admit'] });
  });

  it('makes two object calls and no D1 call for a refresh token', async () => {
    const hops = await tokenCost({ grant_type: 'refresh_token', refresh_token: tpp.refreshToken });
    expect(hops).toMatchObject({ status: 200, d1: 0, objects: 2 });
  });

  it('makes one D1 call more where its customer may have stopped who they are', async () => {
    const scope = testScope({ nowMs });
    const { tenantId = '', customerId = '' } = (await readConsent(scope, tpp.consentId)) ?? {};
    const { clientId, redirectUri } = tpp;
    const scopes = ['openid', 'offline_access'];
    const binding = { clientId, redirectUri, scopes, authTime: scope.now, subject: 'sub' };
    const given = await grantIdentity(scope, { tenantId, customerId, binding });
    const code = given.ok ? given.value.code : '';
    const body = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
    const answer = await testApp({ nowMs }).sendForm('/oauth/token', {
      ...body,
      ...(await tpp.credentials()),
    });
    const { refresh_token: token = '' } = await answer.json<Record<string, string>>();
    const hops = await tokenCost({ grant_type: 'refresh_token', refresh_token: token });
    expect(hops).toMatchObject({ status: 200, d1: 1, objects: 2 });
  });

  it('makes two object calls and no D1 call for a code', async () => {
    const other = await linkTpp(testApp({ nowMs }));
    const begin = { grant_type: 'authorization_code', redirect_uri: other.redirectUri };
    // Warm for this client; the code is spent, so the second redemption costs what a first one does up to its refusal.
    const parameters = { ...begin, code: other.code };
    const send = async () =>
      cost('/oauth/token', {
        method: 'POST',
        body: new URLSearchParams({ ...parameters, ...(await other.credentials()) }),
      });
    await send();
    expect(await send()).toMatchObject({ status: 400, objects: 2, d1: 0 });
  });
});

describe('credentials that prove nothing', () => {
  const malformed = ['x', 'a.b.c', `${btoa('{"alg":"none"}')}.e30.`, 'Bearer'];

  it.each(malformed)('a token like %j reaches neither D1 nor an object', async (token) => {
    const hops = await cost('/open-banking/v1/accounts', { headers: { authorization: `Bearer ${token}` } });
    expect(hops).toMatchObject({ status: 401, d1: 0, objects: 0 });
  });

  it('an expired token, a wrongly signed one and one of an unknown key reach neither', async () => {
    const [head = '', body = '', signature = ''] = tpp.accessToken.split('.');
    const flipped = `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const unknown = `${btoa(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'x' })).replaceAll('=', '')}.${body}.${signature}`;
    for (const token of [flipped, unknown]) {
      const hops = await cost('/open-banking/v1/accounts', { headers: { authorization: `Bearer ${token}` } });
      expect(hops).toMatchObject({ status: 401, d1: 0, objects: 0 });
    }
    nowMs += 601_000;
    await cost('/.well-known/openid-configuration');
    await cost('/oauth/jwks');
    const expired = await cost('/open-banking/v1/accounts', { headers: tpp.headers });
    nowMs -= 601_000;
    expect(expired).toMatchObject({ status: 401, d1: 0, objects: 0 });
  });

  it('a malformed or expired assertion reaches neither', async () => {
    const now = Math.floor(nowMs / 1000);
    const expired = await signAssertion(tpp.clientId, tpp.key, {
      now: now - 4_000,
      claims: { aud: 'http://localhost:8787' },
    });
    for (const client_assertion of ['x', 'a.b.c', expired]) {
      const hops = await cost('/oauth/token', {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion,
        }),
      });
      expect(hops).toMatchObject({ d1: 0, objects: 0 });
      expect(hops.status).toBeGreaterThanOrEqual(400);
    }
  });

  it('a wrongly signed assertion reaches no object, and D1 at most once in 2 s', async () => {
    const stranger = await makeKey();
    let d1 = 0;
    for (let n = 0; n < 5; n += 1) {
      const client_assertion = await signAssertion(tpp.clientId, stranger, {
        now: Math.floor(nowMs / 1000),
        claims: { aud: 'http://localhost:8787' },
      });
      const hops = await cost('/oauth/token', {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion,
        }),
      });
      expect(hops).toMatchObject({ status: 401, objects: 0 });
      d1 += hops.d1;
    }
    expect(d1).toBeLessThanOrEqual(1);
  });
});

describe('refused API calls', () => {
  it('write no row in D1', async () => {
    const refused: [string, RequestInit][] = [
      ['/open-banking/v1/accounts/acc_none', { headers: tpp.headers }],
      ['/open-banking/v1/transactions?limit=0', { headers: tpp.headers }],
      [
        '/open-banking/v1/consents',
        { method: 'POST', headers: { authorization: `Bearer ${tpp.ownToken}` }, body: '{}' },
      ],
      [
        `/open-banking/v1/consents/consent_ais_${'0'.repeat(64)}`,
        { headers: { authorization: `Bearer ${tpp.ownToken}` } },
      ],
      ['/register', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }],
      ['/sandbox/software-statements', { method: 'POST', body: '{}' }],
    ];
    for (const [path, init] of refused) {
      const hops = await cost(path, init);
      expect(hops.status).toBeGreaterThanOrEqual(400);
      expect([path, hops.rowsWritten]).toEqual([path, 0]);
    }
  });

  it('of a client over its limit cost no object call for the rest of the window', async () => {
    const limited = countingEnv();
    const bindings = { ...limited.env, RATE_LIMIT_PER_MINUTE: '3' };
    const busy = createApp({ clock: { nowMs: () => nowMs }, log: () => undefined });
    const own = await linkTpp(testApp({ nowMs }));
    const statuses: number[] = [];
    for (let n = 0; n < 12; n += 1) {
      limited.reset();
      const request = new Request('http://localhost:8787/open-banking/v1/accounts', { headers: own.headers });
      const context = createExecutionContext();
      statuses.push((await busy.fetch(request, bindings, context)).status);
      await waitOnExecutionContext(context);
    }
    expect(statuses.at(-1)).toBe(429);
    expect(limited.hops).toMatchObject({ d1: 0, objects: 0 });
  });
});
