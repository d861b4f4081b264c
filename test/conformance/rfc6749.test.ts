/** The token endpoint: one test a MUST of RFC 6749 that concerns it. */
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import { authorizedConsent, REDIRECT_URI } from '../support/consents.ts';
import { testScope } from '../support/scope.ts';
import { makeClient, type TestClient } from '../support/test-client.ts';
import { askToken, CREDENTIALS_GRANT, redemption, type TokenBody } from '../support/token-request.ts';

async function codeFor(client: TestClient): Promise<string> {
  return (await authorizedConsent(testScope(), { clientId: client.clientId })).code;
}

async function granted() {
  const [app, client] = [testApp(), await makeClient()];
  const body = await (await askToken(app, client, redemption(await codeFor(client)))).json<TokenBody>();
  return {
    app,
    client,
    body,
    refresh: { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) },
  };
}

async function errorOf(response: Response): Promise<string> {
  return `${response.status} ${(await response.json<{ error: string }>()).error}`;
}

describe('2.3, 3.2: requests', () => {
  it('2.3: the client MUST NOT use more than one authentication method in each request', async () => {
    const client = await makeClient();
    const response = await testApp().sendForm(
      '/oauth/token',
      { ...(await client.credentials()), ...CREDENTIALS_GRANT },
      { headers: { authorization: 'Basic eDp5' } },
    );
    expect(await errorOf(response)).toBe('400 invalid_request');
  });

  it('3.2: the client MUST use the HTTP POST method', async () => {
    const client = await makeClient();
    const query = new URLSearchParams({ ...(await client.credentials()), ...CREDENTIALS_GRANT });
    const response = await testApp().request(`/oauth/token?${query.toString()}`);
    expect(response.status).toBe(405);
  });

  it('3.2: parameters sent without a value MUST be treated as if they were omitted', async () => {
    const client = await makeClient();
    const response = await askToken(testApp(), client, {
      ...CREDENTIALS_GRANT,
      scope: '',
      client_secret: '',
    });
    expect(response.status).toBe(200);
  });

  it('3.2: the authorization server MUST ignore unrecognized request parameters', async () => {
    const response = await askToken(testApp(), await makeClient(), {
      ...CREDENTIALS_GRANT,
      hamster: 'wheel',
    });
    expect(response.status).toBe(200);
  });

  it('3.2: request parameters MUST NOT be included more than once', async () => {
    const client = await makeClient();
    const form = new URLSearchParams({ ...(await client.credentials()), ...CREDENTIALS_GRANT });
    form.append('hamster', '1');
    form.append('hamster', '');
    const response = await testApp().request('/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
    expect(await errorOf(response)).toBe('400 invalid_request');
  });

  it('3.2.1: confidential clients MUST authenticate', async () => {
    const client = await makeClient();
    const parameters = { ...redemption(await codeFor(client)), client_id: client.clientId };
    expect(await errorOf(await testApp().sendForm('/oauth/token', parameters))).toBe('401 invalid_client');
  });

  it('3.3: a scope other than the requested one MUST be told; ours is always told', async () => {
    const response = await askToken(testApp(), await makeClient(), CREDENTIALS_GRANT);
    expect((await response.json<TokenBody>())['scope']).toBe('consents accounts transactions');
  });
});

describe('4.1: authorization codes', () => {
  it('4.1.2: the code MUST expire shortly after it is issued', async () => {
    const [app, client] = [testApp(), await makeClient()];
    const code = await codeFor(client);
    app.advance(60_000);
    expect(await errorOf(await askToken(app, client, redemption(code)))).toBe('400 invalid_grant');
  });

  it('4.1.2: a code used more than once MUST be denied, and its tokens SHOULD be revoked', async () => {
    const [app, client] = [testApp(), await makeClient()];
    const code = await codeFor(client);
    const body = await (await askToken(app, client, redemption(code))).json<TokenBody>();
    expect(await errorOf(await askToken(app, client, redemption(code)))).toBe('400 invalid_grant');
    const refresh = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
    expect(await errorOf(await askToken(app, client, refresh))).toBe('400 invalid_grant');
  });

  it('4.1.3: it MUST ensure that the code was issued to the authenticated client', async () => {
    const code = await codeFor(await makeClient());
    const response = await askToken(testApp(), await makeClient(), redemption(code));
    expect(await errorOf(response)).toBe('400 invalid_grant');
  });

  it('4.1.3: it MUST verify that the code is valid', async () => {
    const code = await codeFor(await makeClient());
    const client = await makeClient();
    for (const wrong of ['', 'x', code.toUpperCase(), `${code}x`]) {
      const response = await askToken(testApp(), client, { ...redemption(code), code: wrong });
      expect(response.status).toBe(400);
    }
  });

  it('4.1.3: redirect_uri MUST be present and identical to the one of the authorization request', async () => {
    const [app, client] = [testApp(), await makeClient()];
    const code = await codeFor(client);
    const other = { ...redemption(code), redirect_uri: `${REDIRECT_URI}?` };
    expect(await errorOf(await askToken(app, client, other))).toBe('400 invalid_grant');
    const { redirect_uri: _left, ...without } = redemption(code);
    expect(await errorOf(await askToken(app, client, without))).toBe('400 invalid_request');
  });
});

describe('4.4: client credentials', () => {
  it('4.4.2: the client MUST authenticate', async () => {
    const { clientId } = await makeClient();
    const response = await testApp().sendForm('/oauth/token', { ...CREDENTIALS_GRANT, client_id: clientId });
    expect(await errorOf(response)).toBe('401 invalid_client');
  });

  it('4.4.3: a refresh token SHOULD NOT be included', async () => {
    const response = await askToken(testApp(), await makeClient(), CREDENTIALS_GRANT);
    expect(await response.json()).not.toHaveProperty('refresh_token');
  });
});

describe('5: answers', () => {
  it('5.1: access_token and token_type are REQUIRED, in a JSON object', async () => {
    const response = await askToken(testApp(), await makeClient(), CREDENTIALS_GRANT);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toMatchObject({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 600,
    });
  });

  it('5.1: Cache-Control: no-store and Pragma: no-cache MUST be included', async () => {
    const response = await askToken(testApp(), await makeClient(), CREDENTIALS_GRANT);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('pragma')).toBe('no-cache');
  });

  it('5.2: errors have status 400 and an error of the list', async () => {
    const [app, client] = [testApp(), await makeClient()];
    expect(await errorOf(await askToken(app, client, {}))).toBe('400 invalid_request');
    expect(await errorOf(await askToken(app, client, { grant_type: 'password' }))).toBe(
      '400 unsupported_grant_type',
    );
    expect(await errorOf(await askToken(app, client, { ...CREDENTIALS_GRANT, scope: 'x' }))).toBe(
      '400 invalid_scope',
    );
    expect(await errorOf(await askToken(app, client, redemption('x')))).toBe('400 invalid_grant');
    const few = await makeClient({ grantTypes: ['client_credentials'] });
    expect(await errorOf(await askToken(app, few, redemption('x')))).toBe('400 unauthorized_client');
  });

  it('5.2: a client that tried the Authorization header MUST get 401 and a challenge of its scheme', async () => {
    const response = await testApp().sendForm('/oauth/token', CREDENTIALS_GRANT, {
      headers: { authorization: 'Basic eDp5' },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
  });

  it('5.2: error_description MUST NOT include characters outside %x20-21 / %x23-5B / %x5D-7E', async () => {
    const response = await askToken(testApp(), await makeClient(), { grant_type: '"\\\u{1F439}' });
    const { error_description } = await response.json<{ error_description: string }>();
    expect(error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  });
});

describe('6: refresh tokens', () => {
  it('6: it MUST ensure that the refresh token was issued to the authenticated client', async () => {
    const { app, refresh } = await granted();
    expect(await errorOf(await askToken(app, await makeClient(), refresh))).toBe('400 invalid_grant');
  });

  it('6: client authentication is REQUIRED', async () => {
    const { app, client, refresh } = await granted();
    const response = await app.sendForm('/oauth/token', { ...refresh, client_id: client.clientId });
    expect(await errorOf(response)).toBe('401 invalid_client');
  });

  it('6: it MUST validate the refresh token', async () => {
    const { app, client, refresh } = await granted();
    const wrong = `${refresh.refresh_token.slice(0, -43)}${'A'.repeat(43)}`;
    expect(await errorOf(await askToken(app, client, { ...refresh, refresh_token: wrong }))).toBe(
      '400 invalid_grant',
    );
  });

  it('6: the requested scope MUST NOT include any not originally granted', async () => {
    const { app, client, refresh } = await granted();
    const response = await askToken(app, client, { ...refresh, scope: 'accounts offline_access' });
    expect(await errorOf(response)).toBe('400 invalid_scope');
  });

  it('6: a scope left out is treated as equal to the scope originally granted', async () => {
    const { app, client, body, refresh } = await granted();
    await askToken(app, client, { ...refresh, scope: 'accounts' });
    expect((await (await askToken(app, client, refresh)).json<TokenBody>())['scope']).toBe(body['scope']);
  });
});

describe('10: tokens cannot be guessed', () => {
  it('10.10: codes and refresh tokens MUST be guessed with at most 2^-128: ours end in 256 random bits', async () => {
    const client = await makeClient();
    const [one, other] = [await codeFor(client), await codeFor(client)];
    expect(one).toMatch(/\.[\w-]{43}$/);
    expect(one.slice(-43)).not.toBe(other.slice(-43));
    const { body } = await granted();
    expect(String(body['refresh_token'])).toMatch(/\.[\w-]{43}$/);
  });

  it('10.3: the access token is for one client and one resource server', async () => {
    const { body, client } = await granted();
    expect(decodeJwt(String(body['access_token']))).toMatchObject({
      aud: 'http://localhost:8787/open-banking/v1',
      client_id: client.clientId,
    });
  });
});
