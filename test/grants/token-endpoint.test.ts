/** The token endpoint: each grant type, what is in its tokens, what it costs, and in which order it refuses. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { grantIdentity } from '#consents/decide-consent.flow.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { authorizedConsent, codeBinding, consentStub, REDIRECT_URI } from '../support/consents.ts';
import { countingEnv } from '../support/counting-env.ts';
import { TEST_NOW_MS, testScope } from '../support/scope.ts';
import { makeClient, makeKey, TEST_ISSUER, type TestClient } from '../support/test-client.ts';
import { askToken, CREDENTIALS_GRANT, redemption, type TokenBody } from '../support/token-request.ts';

const NOW = TEST_NOW_MS / 1000;

async function bodyOf(response: Response): Promise<TokenBody> {
  return response.json<TokenBody>();
}

async function codeFor(client: TestClient, parts: Parameters<typeof authorizedConsent>[1] = {}) {
  return authorizedConsent(testScope(), { clientId: client.clientId, ...parts });
}

/** Verifies a token with the keys that /oauth/jwks publishes. */
async function verifyPublished(app: TestApp, token: string, audience: string) {
  const keys = createRemoteJWKSet(new URL(`${TEST_ISSUER}/oauth/jwks`), {
    [customFetch]: (url: string) => app.request(url),
  });
  return jwtVerify(token, keys, {
    issuer: TEST_ISSUER,
    audience,
    currentDate: new Date(app.nowMs()),
  });
}

describe('client_credentials', () => {
  it('answers a token for the client itself', async () => {
    const app = testApp();
    const client = await makeClient();
    const response = await askToken(app, client, { ...CREDENTIALS_GRANT, scope: 'consents' });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'content-type': 'application/json; charset=utf-8',
      'ratelimit-policy': '"default";q=100;w=60',
      ratelimit: '"default";r=99;t=60',
    });
    const body = await bodyOf(response);
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'consents',
    });
    const { payload, protectedHeader } = await verifyPublished(
      app,
      String(body['access_token']),
      `${TEST_ISSUER}/open-banking/v1`,
    );
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    expect(payload).toMatchObject({
      sub: client.clientId,
      client_id: client.clientId,
      scope: 'consents',
      iat: NOW,
      exp: NOW + 600,
    });
    expect(payload).not.toHaveProperty('consent_id');
  });

  it('with an empty scope answers all the client may have', async () => {
    const body = await bodyOf(
      await askToken(testApp(), await makeClient(), { ...CREDENTIALS_GRANT, scope: '' }),
    );
    expect(body['scope']).toBe('consents accounts transactions');
  });

  it.each(['openid', 'payments', 'hamster'])('refuses the scope %s', async (scope) => {
    const response = await askToken(testApp(), await makeClient(), { ...CREDENTIALS_GRANT, scope });
    expect(response.status).toBe(400);
    expect(await bodyOf(response)).toMatchObject({ error: 'invalid_scope', code: 'invalid_scope' });
  });
});

describe('authorization_code', () => {
  it('answers access, refresh and id_token of the consent', async () => {
    const app = testApp();
    const client = await makeClient();
    const { consentId, code } = await codeFor(client, { subject: 'pairwise-subject' });
    const response = await askToken(app, client, redemption(code));
    expect(response.status).toBe(200);
    const body = await bodyOf(response);
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 600,
      refresh_token: expect.stringMatching(/^c\./),
      id_token: expect.any(String),
      scope: 'openid accounts transactions',
      consent_id: consentId,
    });
    expect(decodeJwt(String(body['access_token']))).toMatchObject({
      sub: 'pairwise-subject',
      client_id: client.clientId,
      consent_id: consentId,
    });
    const { payload, protectedHeader } = await verifyPublished(
      app,
      String(body['id_token']),
      client.clientId,
    );
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'JWT' });
    expect(payload).toEqual({
      iss: TEST_ISSUER,
      sub: 'pairwise-subject',
      aud: client.clientId,
      iat: NOW,
      exp: NOW + 600,
      auth_time: NOW,
      acr: 'urn:openbanking:psd2:sca',
      openbanking_intent_id: consentId,
      at_hash: expect.stringMatching(/^[\w-]{22}$/),
    });
  });

  it('repeats the nonce', async () => {
    const client = await makeClient();
    const scope = testScope();
    const nonce = 'n'.repeat(384);
    const binding = { ...codeBinding(scope, { clientId: client.clientId, scopes: ['openid'] }), nonce };
    const granted = await grantIdentity(scope, { tenantId: 'tenant', customerId: 'customer', binding });
    if (!granted.ok) throw new Error('refused');
    const body = await bodyOf(await askToken(testApp(), client, redemption(granted.value.code)));
    expect(decodeJwt(String(body['id_token']))['nonce']).toBe(nonce);
    // Identity alone: nothing of the bank, and no refresh token without offline_access.
    expect(body['scope']).toBe('openid');
    expect(body).not.toHaveProperty('refresh_token');
    expect(body).not.toHaveProperty('consent_id');
    expect(decodeJwt(String(body['id_token']))).not.toHaveProperty('acr');
  });

  it.each(['PS256', 'RS256'] as const)('signs the id_token with the registered %s', async (algorithm) => {
    const app = testApp();
    await app.request('/oauth/jwks');
    await runDurableObjectAlarm(env.KEY_RING.get(env.KEY_RING.idFromName('ring')));
    const client = await makeClient({ idTokenAlgorithm: algorithm });
    const { code } = await codeFor(client);
    app.advance(1_000);
    const body = await bodyOf(await askToken(app, client, redemption(code)));
    expect(decodeProtectedHeader(String(body['id_token'])).alg).toBe(algorithm);
    await verifyPublished(app, String(body['id_token']), client.clientId);
  });

  it('answers no id_token without openid', async () => {
    const client = await makeClient();
    const { code } = await codeFor(client, { scopes: ['accounts'] });
    const body = await bodyOf(await askToken(testApp(), client, redemption(code)));
    expect(body).not.toHaveProperty('id_token');
    expect(body['scope']).toBe('accounts');
  });

  it('does not spend a code for a client that may have nothing of it just now', async () => {
    const app = testApp();
    const client = await makeClient();
    const { code } = await codeFor(client, { scopes: ['accounts', 'transactions'] });
    const without = await client.change({ scopes: ['openid'] });
    const refused = await askToken(app, without, redemption(code));
    expect([refused.status, (await bodyOf(refused))['error']]).toEqual([400, 'invalid_scope']);
    const restored = await without.change({ scopes: ['openid', 'accounts'] });
    expect(await bodyOf(await askToken(app, restored, redemption(code)))).toMatchObject({
      scope: 'accounts',
    });
  });

  it('takes no code for a redirect URI that the client has no more, and leaves it good', async () => {
    const app = testApp();
    const client = await makeClient();
    const { code } = await codeFor(client);
    const without = await client.change({ redirectUris: ['https://client.example/other'] });
    const refused = await askToken(app, without, redemption(code));
    expect([refused.status, (await bodyOf(refused))['error']]).toEqual([400, 'invalid_grant']);
    const restored = await without.change({ redirectUris: [REDIRECT_URI] });
    expect((await askToken(app, restored, redemption(code))).status).toBe(200);
  });

  it('answers no refresh token to a client not registered for them', async () => {
    const client = await makeClient({ grantTypes: ['authorization_code', 'client_credentials'] });
    const { code } = await codeFor(client);
    expect(await bodyOf(await askToken(testApp(), client, redemption(code)))).not.toHaveProperty(
      'refresh_token',
    );
  });

  it('answers a token whose caller learns that the consent has ended, not that the token has', async () => {
    const app = testApp();
    const client = await makeClient();
    const { code, consentId } = await codeFor(client, { expiresAt: NOW + 300 });
    const body = await bodyOf(await askToken(app, client, redemption(code)));
    expect(body['expires_in']).toBe(600);
    app.advance(300_000);
    const answer = await app.request('/open-banking/v1/accounts', {
      headers: { authorization: `Bearer ${body['access_token']}`, 'x-consent-id': consentId },
    });
    expect([answer.status, (await bodyOf(answer))['code']]).toEqual([401, 'consent_expired']);
    const refresh = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
    expect((await bodyOf(await askToken(app, client, refresh)))['error']).toBe('invalid_grant');
  });

  it.each<[string, (code: string) => Record<string, string>]>([
    ['an invented code', (code) => redemption(`${code.slice(0, -43)}${'A'.repeat(43)}`)],
    ['no code of ours', () => redemption('hamster')],
    ['another redirect_uri', (code) => ({ ...redemption(code), redirect_uri: `${REDIRECT_URI}/x` })],
    ['a verifier without a challenge', (code) => ({ ...redemption(code), code_verifier: 'v'.repeat(43) })],
  ])('refuses %s with invalid_grant, and leaves the code good', async (_name, parametersFor) => {
    const client = await makeClient();
    const app = testApp();
    const { code } = await codeFor(client);
    const response = await askToken(app, client, parametersFor(code));
    expect(response.status).toBe(400);
    expect(await bodyOf(response)).toMatchObject({ error: 'invalid_grant' });
    expect((await askToken(app, client, redemption(code))).status).toBe(200);
  });

  it.each(['code', 'redirect_uri'])('refuses a request without %s, naming it', async (name) => {
    const client = await makeClient();
    const { code } = await codeFor(client);
    const response = await askToken(testApp(), client, { ...redemption(code), [name]: '' });
    expect(response.status).toBe(400);
    expect(await bodyOf(response)).toMatchObject({ error: 'invalid_request', errors: [{ field: name }] });
  });

  it('refuses the code of another client, which stays good', async () => {
    const [owner, other] = [await makeClient(), await makeClient()];
    const { code } = await codeFor(owner);
    expect(await bodyOf(await askToken(testApp(), other, redemption(code)))).toMatchObject({
      error: 'invalid_grant',
    });
    expect((await askToken(testApp(), owner, redemption(code))).status).toBe(200);
  });

  it('never reaches the code with a replayed assertion', async () => {
    const client = await makeClient();
    const app = testApp();
    const { code } = await codeFor(client);
    const credentials = await client.credentials();
    await app.sendForm('/oauth/token', { ...credentials, ...CREDENTIALS_GRANT });
    const replayed = await app.sendForm('/oauth/token', { ...credentials, ...redemption(code) });
    expect(replayed.status).toBe(401);
    expect(replayed.headers.get('ratelimit')).toBe('"default";r=98;t=60');
    expect((await askToken(app, client, redemption(code))).status).toBe(200);
  });

  it('gives one of 50 parallel redemptions its tokens', async () => {
    const client = await makeClient();
    await env.CLIENTS.get(env.CLIENTS.idFromName(client.clientId)).setLimit(1_000_000);
    const apps = [testApp(), testApp()];
    for (let round = 0; round < (env.TEST_LENGTH === 'long' ? 20 : 2); round += 1) {
      const { code } = await codeFor(client);
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_one, n) => askToken(apps[n % 2] as TestApp, client, redemption(code))),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 400)).toHaveLength(49);
    }
  });
});

describe('refresh_token', () => {
  async function granted(client: TestClient, parts: Parameters<typeof codeFor>[1] = {}) {
    const app = testApp();
    const { code, consentId } = await codeFor(client, parts);
    const body = await bodyOf(await askToken(app, client, redemption(code)));
    return {
      app,
      consentId,
      refresh: { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) },
    };
  }

  it('answers new tokens again and again, with the same refresh token', async () => {
    const client = await makeClient();
    const { app, consentId, refresh } = await granted(client);
    app.advance(3_600_000);
    for (let n = 0; n < 2; n += 1) {
      const body = await bodyOf(await askToken(app, client, refresh));
      expect(body).toEqual({
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 600,
        refresh_token: refresh.refresh_token,
        id_token: expect.any(String),
        scope: 'openid accounts transactions',
        consent_id: consentId,
      });
      const claims = decodeJwt(String(body['id_token']));
      expect(claims).toMatchObject({ auth_time: NOW, iat: NOW + 3_600 });
      expect(claims).not.toHaveProperty('nonce');
    }
  });

  it('narrows the scope for one token, never widens it', async () => {
    const client = await makeClient();
    const { app, refresh } = await granted(client, { scopes: ['openid', 'accounts'] });
    expect(await bodyOf(await askToken(app, client, { ...refresh, scope: 'accounts' }))).toMatchObject({
      scope: 'accounts',
    });
    expect(
      await bodyOf(await askToken(app, client, { ...refresh, scope: 'accounts transactions' })),
    ).toMatchObject({
      error: 'invalid_scope',
    });
    expect(await bodyOf(await askToken(app, client, refresh))).toMatchObject({ scope: 'openid accounts' });
  });

  it('follows what the client may have now', async () => {
    const client = await makeClient();
    const { app, refresh } = await granted(client);
    await client.change({ scopes: ['openid', 'accounts'] });
    expect(await bodyOf(await askToken(app, client, refresh))).toMatchObject({ scope: 'openid accounts' });
  });

  it('ends with the consent', async () => {
    const client = await makeClient();
    const { app, consentId, refresh } = await granted(client);
    await consentStub(consentId).revoke({
      nowMs: TEST_NOW_MS,
      consentId,
      by: 'customer',
      clientId: undefined,
      note: undefined,
    });
    expect(await bodyOf(await askToken(app, client, refresh))).toMatchObject({ error: 'invalid_grant' });
  });

  it('is of no use to another client', async () => {
    const { app, refresh } = await granted(await makeClient());
    expect(await bodyOf(await askToken(app, await makeClient(), refresh))).toMatchObject({
      error: 'invalid_grant',
    });
  });
});

describe('refusals', () => {
  it.each<[string, Record<string, string>, string]>([
    ['no grant type', {}, 'invalid_request'],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
    [
      'a grant type not registered',
      { grant_type: 'refresh_token', refresh_token: 'x' },
      'unauthorized_client',
    ],
  ])('%s: 400', async (_name, parameters, code) => {
    const client = await makeClient({ grantTypes: ['authorization_code', 'client_credentials'] });
    const response = await askToken(testApp(), client, parameters);
    expect(response.status).toBe(400);
    expect(response.headers.get('ratelimit')).toBe('"default";r=99;t=60');
    expect(await bodyOf(response)).toEqual({
      error: code,
      error_description: expect.stringMatching(/^[\x20-\x7e]+$/),
      code,
      message: expect.any(String),
      request_id: expect.any(String),
      ...(code === 'invalid_request' ? { errors: expect.any(Array) } : {}),
    });
  });

  it('a body that is no form: 415', async () => {
    const response = await testApp().sendJson('/oauth/token', CREDENTIALS_GRANT);
    expect(response.status).toBe(415);
    expect(await bodyOf(response)).toMatchObject({ code: 'unsupported_media_type' });
  });

  it('a body over the limit: 413', async () => {
    const response = await testApp().sendForm('/oauth/token', { hamster: 'x'.repeat(65_536) });
    expect(response.status).toBe(413);
  });

  it('a doubled parameter: 400, reaching nobody', async () => {
    const client = await makeClient();
    const counting = countingEnv();
    const app = testApp({ bindings: { ...counting.env } });
    const form = new URLSearchParams({ ...(await client.credentials()), ...CREDENTIALS_GRANT });
    form.append('client_id', client.clientId);
    const response = await app.request('/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
    expect(response.status).toBe(400);
    expect(await bodyOf(response)).toMatchObject({ error: 'invalid_request' });
    expect(counting.hops).toMatchObject({ d1: 0, objects: 0 });
  });

  it('no authentication: 401 with a challenge, in the scheme that was tried', async () => {
    const app = testApp();
    const bare = await app.sendForm('/oauth/token', CREDENTIALS_GRANT);
    expect(bare.status).toBe(401);
    expect(bare.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect(await bodyOf(bare)).toMatchObject({ error: 'invalid_client' });
    const basic = await app.sendForm('/oauth/token', CREDENTIALS_GRANT, {
      headers: { authorization: 'Basic eDp5' },
    });
    expect(basic.status).toBe(401);
    expect(basic.headers.get('www-authenticate')).toMatch(/^Basic /);
  });

  it('another method: 405', async () => {
    const response = await testApp().request('/oauth/token');
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toContain('POST');
  });

  it('over the limit: 429 with Retry-After, exact over parallel requests', async () => {
    const client = await makeClient();
    const apps = [testApp(), testApp()];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_one, n) => askToken(apps[n % 2] as TestApp, client, CREDENTIALS_GRANT)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited).toHaveLength(100);
    expect(limited[0]?.headers.get('retry-after')).toBe('60');
    expect(limited[0]?.headers.get('ratelimit')).toBe('"default";r=0;t=60');
    apps[0]?.advance(60_000);
    expect((await askToken(apps[0] as TestApp, client, CREDENTIALS_GRANT)).status).toBe(200);
  });
});

describe('what a request costs on a warm isolate', () => {
  it('client credentials: one object call and no D1 call; a code or refresh token: one object call more', async () => {
    const client = await makeClient();
    const counting = countingEnv();
    const app = testApp({ bindings: { ...counting.env } });
    await askToken(app, client, CREDENTIALS_GRANT);
    counting.reset();
    expect((await askToken(app, client, CREDENTIALS_GRANT)).status).toBe(200);
    expect(counting.hops).toMatchObject({ d1: 0, objects: 1, calls: ['CLIENTS.admit'] });
    const { code } = await codeFor(client);
    counting.reset();
    const body = await bodyOf(await askToken(app, client, redemption(code)));
    expect(counting.hops).toMatchObject({ d1: 0, calls: ['CLIENTS.admit', 'CONSENTS.redeem'] });
    counting.reset();
    await askToken(app, client, {
      grant_type: 'refresh_token',
      refresh_token: String(body['refresh_token']),
    });
    expect(counting.hops).toMatchObject({ d1: 0, calls: ['CLIENTS.admit', 'CONSENTS.refresh'] });
  });

  it('refused: nobody is asked', async () => {
    const client = await makeClient();
    const counting = countingEnv();
    const app = testApp({ bindings: { ...counting.env } });
    await askToken(app, client, CREDENTIALS_GRANT);
    counting.reset();
    for (const parts of [{ claims: { exp: NOW - 1 } }, { claims: { aud: 'https://bank.example' } }]) {
      const response = await app.sendForm('/oauth/token', {
        ...(await client.credentials(parts)),
        ...CREDENTIALS_GRANT,
      });
      expect(response.status).toBe(401);
    }
    const foreign = await app.sendForm('/oauth/token', {
      ...(await client.credentials({ key: await makeKey() })),
      ...CREDENTIALS_GRANT,
    });
    expect(foreign.status).toBe(401);
    expect(counting.hops).toMatchObject({ d1: 0, objects: 0 });
  });
});
