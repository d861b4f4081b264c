/** Registration by a signed body, and the requests of the UK registration tool. Source: OBIE DCR 3.3. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { insertOrganisationWithKey, type TestOrganisation } from '../support/api-key.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { ASSERTION_TYPE, makeKey, signAssertion, type TestKey } from '../support/test-client.ts';
import { type Members, newStatement, REDIRECT_URI, signBody } from '../support/tpp.ts';

const SOFTWARE_ID = 'uktool1';
// Making RSA keys is slow; the tests share these.
const TOOL_KEY = await makeKey('PS256');
const FOREIGN_KEY = { ...(await makeKey('PS256')), publicJwk: TOOL_KEY.publicJwk };

afterEach(() => {
  vi.unstubAllGlobals();
});

interface Tool {
  readonly app: TestApp;
  readonly key: TestKey;
  readonly claims: Members;
  send(path: string, claims: Members, init?: ToolRequest): Promise<Response>;
}

interface ToolRequest {
  readonly method?: string;
  readonly contentType?: string;
  readonly key?: TestKey;
  readonly header?: Members;
  readonly token?: string;
}

/** The tool with its own software statement; `claims` are those of a good registration. */
async function tool(statement: Members = {}, app = testApp(), owner?: TestOrganisation): Promise<Tool> {
  const key = TOOL_KEY;
  const organisation = owner ?? (await insertOrganisationWithKey());
  const software_statement = await newStatement(app, {
    organisation,
    key,
    request: { software_id: SOFTWARE_ID, ...statement },
  });
  const now = app.nowMs() / 1000;
  return {
    app,
    key,
    claims: {
      iss: SOFTWARE_ID,
      aud: env.ISSUER,
      iat: now,
      exp: now + 3_600,
      jti: crypto.randomUUID(),
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['authorization_code', 'client_credentials'],
      software_statement,
      scope: 'accounts openid',
      application_type: 'web',
      request_object_signing_alg: 'PS256',
      id_token_signed_response_alg: 'PS256',
      token_endpoint_auth_signing_alg: 'PS256',
    },
    async send(path, claims, { method = 'POST', contentType = 'application/jose', ...parts } = {}) {
      return app.request(path, {
        method,
        headers: {
          'content-type': contentType,
          ...(parts.token === undefined ? {} : { authorization: `Bearer ${parts.token}` }),
        },
        body: await signBody(parts.key ?? key, claims, parts.header),
      });
    },
  };
}

async function refusal(answer: Response): Promise<[number, unknown]> {
  return [answer.status, (await answer.json<Members>())['error']];
}

/** The tool's client-credentials token: an empty scope, an assertion that lives 30 minutes, no kid. */
async function clientToken({ app, key }: Tool, clientId: string): Promise<string> {
  const now = app.nowMs() / 1000;
  const answer = await app.sendForm('/oauth/token', {
    grant_type: 'client_credentials',
    scope: '',
    client_id: clientId,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await signAssertion(clientId, key, {
      now,
      claims: { exp: now + 1_800, aud: `${env.ISSUER}/oauth/token` },
      header: { kid: undefined },
    }),
  });
  const body = await answer.json<{ access_token?: string }>();
  if (body.access_token === undefined) throw new Error(JSON.stringify(body));
  return body.access_token;
}

describe('the UK registration tool', () => {
  it('DCR-001 finds the registration endpoint in the metadata', async () => {
    const answer = await testApp().request('/.well-known/openid-configuration');
    expect(await answer.json()).toMatchObject({ registration_endpoint: `${env.ISSUER}/register` });
  });

  it('DCR-002, 003, 005, 008, 009, 010 registers, gets a token, reads, replaces, ends', async () => {
    const own = await tool();
    const { app, claims } = own;
    const registered = await own.send('/register', claims);
    expect(registered.status).toBe(201);
    const body = await registered.json<Members>();
    const clientId = String(body['client_id']);
    expect(clientId.length).toBeLessThanOrEqual(36);
    expect(body).toMatchObject({
      application_type: 'web',
      scope: 'openid accounts',
      request_object_signing_alg: 'PS256',
      id_token_signed_response_alg: 'PS256',
      token_endpoint_auth_signing_alg: 'PS256',
      software_statement: claims['software_statement'],
    });
    const token = await clientToken(own, clientId);
    const headers = { authorization: `Bearer ${token}` };
    const read = await app.request(`/register/${clientId}`, { headers });
    expect(read.status).toBe(200);
    const shown = await read.json<Members>();
    expect(shown).toMatchObject({
      software_id: expect.stringMatching(/^[0-9a-zA-Z]{1,22}$/),
      software_statement: claims['software_statement'],
      application_type: 'web',
      id_token_signed_response_alg: 'PS256',
      request_object_signing_alg: 'PS256',
    });
    expect(shown).not.toHaveProperty('registration_access_token');
    const again = { ...claims, jti: crypto.randomUUID(), client_name: 'Second' };
    const replaced = await own.send(`/register/${clientId}`, again, { method: 'PUT', token });
    expect(replaced.status).toBe(200);
    const replacement = await replaced.json<Members>();
    expect(replacement).toMatchObject({ client_id: clientId, client_name: 'Second' });
    expect(replacement).not.toHaveProperty('registration_access_token');
    const ended = await app.request(`/register/${clientId}`, { method: 'DELETE', headers });
    expect(ended.status).toBe(204);
    expect((await app.request(`/register/${clientId}`, { headers })).status).toBe(401);
    const late = await own.send(`/register/${clientId}`, again, { method: 'PUT', token });
    expect(late.status).toBe(401);
  });

  it.each<[string, (claims: Members) => Members]>([
    ['an expired JWT', (claims) => ({ ...claims, exp: Number(claims['iat']) - 1 })],
    ['another iss than the software_id', (claims) => ({ ...claims, iss: 'other' })],
    ['an empty iss', (claims) => ({ ...claims, iss: '' })],
    ['a long iss', (claims) => ({ ...claims, iss: `${SOFTWARE_ID}${'1'.repeat(100)}` })],
    ['RS256 for client assertions', (claims) => ({ ...claims, token_endpoint_auth_signing_alg: 'RS256' })],
    ['RS256 as the method', (claims) => ({ ...claims, token_endpoint_auth_method: 'RS256' })],
    [
      'DCR-011 response_types id_token and token',
      (claims) => ({ ...claims, response_types: ['id_token', 'token'] }),
    ],
  ])('DCR-004 is refused %s', async (_what, change) => {
    const own = await tool();
    expect(await refusal(await own.send('/register', change(own.claims)))).toEqual([
      400,
      'invalid_client_metadata',
    ]);
    // The same but for what was wrong is taken.
    expect((await own.send('/register', own.claims)).status).toBe(201);
  });

  it('DCR-007 is refused with a bad token', async () => {
    const own = await tool();
    const { client_id } = await (await own.send('/register', own.claims)).json<Members>();
    const headers = { authorization: 'Bearer foobar' };
    expect((await own.app.request(`/register/${String(client_id)}`, { headers })).status).toBe(401);
  });
});

describe('a signed body', () => {
  it.each(['application/jose', 'application/jwt', 'application/jwt; charset=utf-8'])(
    'is taken as %s',
    async (contentType) => {
      const own = await tool();
      expect((await own.send('/register', own.claims, { contentType })).status).toBe(201);
    },
  );

  it.each<[string, (claims: Members, now: number) => Members, number]>([
    ['aud the registration URL', (claims) => ({ ...claims, aud: `${env.ISSUER}/register` }), 201],
    ['aud a list of ours', (claims) => ({ ...claims, aud: [env.ISSUER, `${env.ISSUER}/register`] }), 201],
    ['aud a list with a stranger', (claims) => ({ ...claims, aud: [env.ISSUER, 'https://x.example'] }), 400],
    ['an empty list as aud', (claims) => ({ ...claims, aud: [] }), 400],
    ['no aud', (claims) => ({ ...claims, aud: undefined }), 400],
    ['aud with a slash more', (claims) => ({ ...claims, aud: `${env.ISSUER}/` }), 400],
    ['no exp', (claims) => ({ ...claims, exp: undefined }), 400],
    ['exp now', (claims, now) => ({ ...claims, exp: now }), 400],
    ['exp as text', (claims, now) => ({ ...claims, exp: String(now + 60) }), 400],
    ['exp a day ahead', (claims, now) => ({ ...claims, exp: now + 86_400 }), 201],
    ['exp later', (claims, now) => ({ ...claims, exp: now + 86_401 }), 400],
    ['iat 60 s ahead', (claims, now) => ({ ...claims, iat: now + 60 }), 201],
    ['iat 61 s ahead', (claims, now) => ({ ...claims, iat: now + 61 }), 400],
    ['nbf 61 s ahead', (claims, now) => ({ ...claims, nbf: now + 61 }), 400],
    ['no jti', (claims) => ({ ...claims, jti: undefined }), 400],
    ['an empty jti', (claims) => ({ ...claims, jti: '' }), 400],
    ['a jti of 201 characters', (claims) => ({ ...claims, jti: 'x'.repeat(201) }), 400],
  ])('with %s', async (_what, change, status) => {
    const own = await tool();
    const answer = await own.send('/register', change(own.claims, own.app.nowMs() / 1000));
    expect(answer.status).toBe(status);
    if (status === 400) expect((await answer.json<Members>())['error']).toBe('invalid_client_metadata');
  });

  it('must be signed by a key of the statement', async () => {
    const own = await tool();
    for (const parts of [
      { key: FOREIGN_KEY },
      { key: await makeKey('ES256') },
      { header: { kid: 'unknown' } },
    ]) {
      expect(await refusal(await own.send('/register', own.claims, parts))).toEqual([
        400,
        'invalid_client_metadata',
      ]);
    }
    expect((await own.send('/register', own.claims, { header: { kid: undefined } })).status).toBe(201);
  });

  it('is refused with RS256, none or a changed payload', async () => {
    const own = await tool();
    const good = await signBody(own.key, own.claims);
    const [header, payload, signature] = good.split('.');
    const encode = (value: object) => btoa(JSON.stringify(value)).replace(/=+$/, '');
    const none = `${encode({ alg: 'none' })}.${payload}.`;
    const rs256 = `${encode({ alg: 'RS256', kid: own.key.publicJwk.kid })}.${payload}.${signature}`;
    const changed = `${header}.${encode({ ...own.claims, scope: 'openid' })}.${signature}`;
    for (const body of [none, rs256, changed, `${good}.x`]) {
      const headers = { 'content-type': 'application/jwt' };
      const answer = await own.app.request('/register', { method: 'POST', headers, body });
      expect(await refusal(answer)).toEqual([400, 'invalid_client_metadata']);
    }
  });

  it('counts once, also in another isolate and after its client was ended', async () => {
    const own = await tool();
    const body = await signBody(own.key, own.claims);
    const send = (app: TestApp) =>
      app.request('/register', { method: 'POST', headers: { 'content-type': 'application/jwt' }, body });
    const first = await send(own.app);
    const { client_id, registration_access_token } = await first.json<Members>();
    expect(first.status).toBe(201);
    const headers = { authorization: `Bearer ${String(registration_access_token)}` };
    await own.app.request(`/register/${String(client_id)}`, { method: 'DELETE', headers });
    expect(await refusal(await send(testApp()))).toEqual([400, 'invalid_client_metadata']);
  });

  it('counts once among 20 at the same moment', async () => {
    const own = await tool();
    const body = await signBody(own.key, own.claims);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        own.app.request('/register', {
          method: 'POST',
          headers: { 'content-type': 'application/jwt' },
          body,
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(19);
  });

  it('is verified with the keys behind software_jwks_endpoint', async () => {
    const uri = `https://keys.example.com/${crypto.randomUUID()}`;
    const own = await tool({ software_jwks: undefined, software_jwks_endpoint: uri });
    let answer = () => Response.json({ keys: [own.key.publicJwk] });
    vi.stubGlobal('fetch', async () => answer());
    const registered = await own.send('/register', own.claims);
    expect(registered.status).toBe(201);
    expect(await registered.json()).toMatchObject({ jwks_uri: uri });
    answer = () => new Response('down', { status: 500 });
    const other = await tool({
      software_jwks: undefined,
      software_jwks_endpoint: `https://keys.example.com/${crypto.randomUUID()}`,
    });
    expect(await refusal(await other.send('/register', other.claims))).toEqual([
      400,
      'invalid_client_metadata',
    ]);
  });

  it('may bring the keys that sign it in the sandbox, where its statement has none', async () => {
    const own = await tool({ software_jwks: undefined });
    const jwks = { keys: [own.key.publicJwk] };
    expect(await refusal(await own.send('/register', own.claims))).toEqual([400, 'invalid_client_metadata']);
    expect((await own.send('/register', { ...own.claims, jwks })).status).toBe(201);
  });
});

describe('the memory of bodies used', () => {
  /** Fills, in the organisation's object, every share that has a use in it. */
  async function fillShares(organisationId: string): Promise<void> {
    const object = env.ORGANISATIONS.get(env.ORGANISATIONS.idFromName(organisationId));
    await runInDurableObject(object, (_object, state) => {
      state.storage.sql.exec(
        `WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000),
           shares AS (SELECT DISTINCT substr(digest, 1, instr(digest, '.')) AS share FROM uses)
         INSERT INTO uses SELECT share || n, 9999999999, 'x' FROM n, shares`,
      );
    });
  }

  it('cannot be filled for software with keys by who brings keys of his own, nor for other software', async () => {
    const organisation = await insertOrganisationWithKey();
    const app = testApp();
    const keyless = await tool({ software_jwks: undefined }, app, organisation);
    const jwks = { keys: [keyless.key.publicJwk] };
    expect((await keyless.send('/register', { ...keyless.claims, jwks })).status).toBe(201);
    await fillShares(organisation.organisationId);
    const again = { ...keyless.claims, jti: crypto.randomUUID(), jwks };
    expect((await keyless.send('/register', again)).status).toBe(429);
    const keyed = await tool({}, app, organisation);
    expect((await keyed.send('/register', keyed.claims)).status).toBe(201);
    const other = await tool({ software_jwks: undefined, software_id: 'other' }, app, organisation);
    const claims = { ...other.claims, iss: 'other', jwks };
    expect((await other.send('/register', claims)).status).toBe(201);
  });
});

describe('a client-credentials token at /register', () => {
  it('is refused of a client that registered with JSON', async () => {
    const own = await tool();
    const { iss: _iss, aud: _aud, iat: _iat, exp: _exp, jti: _jti, ...metadata } = own.claims;
    const { client_id } = await (await own.app.sendJson('/register', metadata)).json<Members>();
    const token = await clientToken(own, String(client_id));
    const headers = { authorization: `Bearer ${token}` };
    expect((await own.app.request(`/register/${String(client_id)}`, { headers })).status).toBe(401);
  });

  it('is refused at the registration of another client', async () => {
    const [mine, other] = await Promise.all([tool(), tool()]);
    const ids = await Promise.all(
      [mine, other].map(async (one) => {
        const { client_id } = await (await one.send('/register', one.claims)).json<Members>();
        return String(client_id);
      }),
    );
    const headers = { authorization: `Bearer ${await clientToken(mine, ids[0] ?? '')}` };
    const statuses = await Promise.all(
      ids.map(async (id) => (await mine.app.request(`/register/${id}`, { headers })).status),
    );
    expect(statuses).toEqual([200, 401]);
  });

  it('replaces by a signed body alone, once', async () => {
    const own = await tool();
    const { client_id } = await (await own.send('/register', own.claims)).json<Members>();
    const path = `/register/${String(client_id)}`;
    const token = await clientToken(own, String(client_id));
    const json = await own.app.sendJson(path, own.claims, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await refusal(json)).toEqual([415, 'unsupported_media_type']);
    const put = { method: 'PUT', token };
    const replayed = await own.send(path, own.claims, put);
    expect(await refusal(replayed)).toEqual([400, 'invalid_client_metadata']);
    const claims = {
      ...own.claims,
      jti: crypto.randomUUID(),
      aud: `${env.ISSUER}${path}`,
      software_statement: undefined,
    };
    expect((await own.send(path, claims, put)).status).toBe(200);
    expect(await refusal(await own.send(path, claims, put))).toEqual([400, 'invalid_client_metadata']);
    // RFC 3986 section 6.2.2.2: the same URI.
    const escaped = path.replace(
      /register\/(.)/,
      (_all, first: string) => `register/%${first.charCodeAt(0).toString(16)}`,
    );
    const again = await own.send(escaped, { ...claims, jti: crypto.randomUUID() }, put);
    expect(again.status).toBe(200);
    const foreign = { ...claims, jti: crypto.randomUUID() };
    const answer = await own.send(path, foreign, {
      ...put,
      key: FOREIGN_KEY,
    });
    expect(await refusal(answer)).toEqual([400, 'invalid_client_metadata']);
  });
});
