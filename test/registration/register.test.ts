/** POST /register with JSON: what is registered, and every refusal. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { countingEnv } from '../support/counting-env.ts';
import { testDirectory } from '../support/directory.ts';
import { PRODUCTION } from '../support/production.ts';
import { makeKey } from '../support/test-client.ts';
import { guideRequest, type Members, newStatement, newTpp, REDIRECT_URI } from '../support/tpp.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ALLOWED = [REDIRECT_URI, 'https://tpp.example/second', 'http://localhost:3000/callback'];

async function send(app: TestApp, body: unknown): Promise<{ status: number; body: Members }> {
  const answer = await app.sendJson('/register', body);
  return { status: answer.status, body: await answer.json() };
}

/** Registers with a statement of its own and members beside or instead of the guide's. */
async function register(members: Members, statement: Members = {}, app = testApp()) {
  const request = { software_redirect_uris: ALLOWED, ...statement };
  return send(app, { ...guideRequest(await newStatement(app, { request })), ...members });
}

it("answers the guide's own request with the guide's own members", async () => {
  const app = testApp();
  const statement = await newStatement(app);
  const answer = await app.sendJson('/register', guideRequest(statement));
  expect(answer.status).toBe(201);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const body = await answer.json<Members>();
  expect(body).toMatchObject({
    client_id: expect.stringMatching(UUID),
    client_id_issued_at: app.nowMs() / 1000,
    registration_access_token: expect.stringMatching(/^reg_token_[A-Za-z0-9_-]{43}$/),
    registration_client_uri: `${env.ISSUER}/register/${String(body['client_id'])}`,
    redirect_uris: [REDIRECT_URI],
    scope: 'openid accounts transactions',
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    id_token_signed_response_alg: 'ES256',
    application_type: 'web',
    software_statement: statement,
  });
});

it('keeps the registration token as a digest alone, and out of the log', async () => {
  const app = testApp();
  const { clientId, registrationToken } = await newTpp(app);
  const row = await env.DB.prepare('SELECT * FROM clients WHERE client_id = ?').bind(clientId).first();
  expect(JSON.stringify(row)).not.toContain(registrationToken.slice('reg_token_'.length));
  expect(JSON.stringify(app.lines)).not.toContain(registrationToken.slice('reg_token_'.length));
});

it('tells the client object, and leaves word in the outbox', async () => {
  const { clientId } = await newTpp(testApp());
  const admission = await env.CLIENTS.get(env.CLIENTS.idFromName(clientId)).admit({
    nowMs: Date.now(),
    limit: 1,
    attempt: crypto.randomUUID(),
  });
  expect(admission).toMatchObject({
    outcome: 'admitted',
    version: 1,
    scopes: ['openid', 'accounts', 'transactions'],
  });
  const topics = await env.DB.prepare('SELECT topic FROM outbox WHERE subject = ?').bind(clientId).all();
  expect(topics.results).toEqual([{ topic: 'client.changed' }]);
});

describe('scope', () => {
  it.each([
    [['AISP'], undefined, 'openid accounts transactions'],
    [['PISP'], undefined, 'openid payments'],
    [['CBPII', 'AISP'], undefined, 'openid accounts transactions fundsconfirmations'],
    [['AISP'], '', 'openid accounts transactions'],
    [['AISP'], 'accounts openid', 'openid accounts'],
    [['AISP'], 'transactions accounts accounts', 'transactions accounts'],
    [['AISP'], 'offline_access consents openid', 'openid offline_access consents'],
    [['PISP'], 'payments', 'payments'],
  ])('of %j asked for as %j is registered as %j', async (roles, scope, expected) => {
    const { status, body } = await register(scope === undefined ? {} : { scope }, { software_roles: roles });
    expect([status, body['scope']]).toEqual([201, expected]);
  });

  it.each(['openid payments', 'profile', 'accounts fundsconfirmations', 'Accounts', 'a"b', 'x'.repeat(501)])(
    '%s is refused to an AISP',
    async (scope) => {
      const { status, body } = await register({ scope });
      expect([status, body['error']]).toEqual([400, 'invalid_client_metadata']);
    },
  );
});

describe('other members', () => {
  it('are registered as asked', async () => {
    const members = {
      redirect_uris: ['https://tpp.example/second', REDIRECT_URI],
      client_name: 'Nutkin for friends',
      client_uri: 'https://tpp.example/',
      logo_uri: 'https://tpp.example/logo.png',
      policy_uri: 'https://tpp.example/policy',
      tos_uri: 'https://tpp.example/terms',
      contacts: ['hello@tpp.example'],
      software_version: '1.2',
      application_type: 'native',
      subject_type: 'pairwise',
      id_token_signed_response_alg: 'PS256',
      token_endpoint_auth_signing_alg: 'ES256',
      request_object_signing_alg: 'PS256',
      default_max_age: 300,
      require_auth_time: true,
      default_acr_values: ['urn:openbanking:psd2:sca'],
      initiate_login_uri: 'https://tpp.example/login',
      dpop_bound_access_tokens: false,
    };
    const { status, body } = await register(members);
    expect(status).toBe(201);
    expect(body).toMatchObject(members);
  });

  it('that are unknown are ignored and not echoed', async () => {
    const { status, body } = await register({
      unknown: 'member',
      'client_name#de': 'N\u00fctkin',
      client_id: 'mine',
      client_secret: 'mine',
      registration_access_token: 'mine',
      client_id_issued_at: 1,
      roles: ['PISP'],
      backchannel_logout_uri: 'https://tpp.example/logout',
      __proto__: { x: 1 },
    });
    expect(status).toBe(201);
    expect(JSON.stringify(body)).not.toMatch(/unknown|mine|#de|logout|roles":/);
    expect(body['client_id']).toMatch(UUID);
  });

  it('that are null are left out', async () => {
    const { status, body } = await register({ client_name: null, scope: null, grant_types: null });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('client_name');
    expect(body).toMatchObject({
      scope: 'openid accounts transactions',
      grant_types: ['authorization_code', 'client_credentials'],
    });
  });

  it.each<[Members]>([
    [{ token_endpoint_auth_method: 'tls_client_auth' }],
    [{ token_endpoint_auth_method: 'self_signed_tls_client_auth' }],
    [{ token_endpoint_auth_method: 'client_secret_basic' }],
    [{ token_endpoint_auth_method: 'none' }],
    [{ token_endpoint_auth_signing_alg: 'RS256' }],
    [{ token_endpoint_auth_signing_alg: 'none' }],
    [{ grant_types: ['implicit'] }],
    [{ grant_types: ['urn:openid:params:grant-type:ciba'] }],
    [{ grant_types: 'authorization_code' }],
    [{ grant_types: ['client_credentials'], response_types: ['code'] }],
    [{ response_types: ['code id_token', 'code'] }],
    [{ response_types: ['id_token', 'token'] }],
    [{ response_types: [] }],
    [{ tls_client_certificate_bound_access_tokens: true }],
    [{ dpop_bound_access_tokens: true }],
    [{ require_signed_request_object: true }],
    [{ require_pushed_authorization_requests: true }],
    [{ request_uris: ['https://tpp.example/request'] }],
    [{ sector_identifier_uri: 'https://tpp.example/sector' }],
    [{ subject_type: 'public' }],
    [{ id_token_signed_response_alg: 'none' }],
    [{ id_token_signed_response_alg: 'HS256' }],
    [{ id_token_encrypted_response_alg: 'RSA-OAEP' }],
    [{ request_object_signing_alg: 'none' }],
    [{ authorization_signed_response_alg: 'PS256' }],
    [{ logo_uri: 'javascript:alert(1)' }],
    [{ client_uri: '/home' }],
    [{ initiate_login_uri: 'http://tpp.example/login' }],
    [{ client_name: 7 }],
    [{ client_name: 'x'.repeat(201) }],
    [{ contacts: 'hello@tpp.example' }],
    [{ default_max_age: -1 }],
    [{ default_max_age: '300' }],
    [{ application_type: 'desktop' }],
    [{ scope: ['openid'] }],
  ])('%j is refused', async (members) => {
    const { status, body } = await register(members);
    expect([status, body['error']]).toEqual([400, 'invalid_client_metadata']);
    expect(body).toMatchObject({
      code: body['error'],
      message: body['error_description'],
      request_id: expect.any(String),
    });
    expect(body['error_description']).toMatch(/^[\x20-\x7e]+$/);
  });

  it.each(['client_uri', 'initiate_login_uri'])(
    'a %s as long as a body is refused at once',
    async (member) => {
      const begin = performance.now();
      const { status, body } = await register({ [member]: `https://${'a'.repeat(60_000)} ` });
      expect([status, body['error']]).toEqual([400, 'invalid_client_metadata']);
      expect(performance.now() - begin).toBeLessThan(1_000);
    },
  );

  it.each([
    ['https://tpp.example', 201],
    ['https://tpp.example?from=bank', 201],
    ['https://tpp.example/a/b?c=d#e', 201],
    ['https://b\u00fccher.example/', 201],
    ['https://tpp.example/b\u00fccher', 400],
    ['https:///tpp.example', 400],
  ])('%s as a client_uri: %i', async (client_uri, expected) => {
    const { status } = await register({ client_uri });
    expect(status).toBe(expected);
  });
});

describe('redirect URIs', () => {
  it.each([
    ['missing', undefined],
    ['empty', []],
    ['text', REDIRECT_URI],
    ['not all text', [REDIRECT_URI, 7]],
    ['not in the statement', [REDIRECT_URI, 'https://tpp.example/other']],
    ['unlike by a slash', [`${REDIRECT_URI}/`]],
    ['unlike by case', [REDIRECT_URI.toUpperCase()]],
  ])('are refused when %s', async (_what, redirect_uris) => {
    const { status, body } = await register({ redirect_uris });
    expect([status, body['error']]).toEqual([400, 'invalid_redirect_uri']);
  });

  it('may be http on loopback in the sandbox', async () => {
    const { status } = await register({ redirect_uris: ['http://localhost:3000/callback'] });
    expect(status).toBe(201);
  });

  it('are needed by no client without the code grant', async () => {
    const { status, body } = await register({
      grant_types: ['client_credentials'],
      response_types: undefined,
      redirect_uris: undefined,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
    });
  });
});

describe('keys', () => {
  it('are those of the statement, by value or by endpoint', async () => {
    const key = await makeKey();
    const software_jwks = { keys: [key.publicJwk] };
    expect((await register({}, { software_jwks })).body['jwks']).toEqual(software_jwks);
    const software_jwks_endpoint = 'https://tpp.example/jwks';
    const byEndpoint = await register({}, { software_jwks: undefined, software_jwks_endpoint });
    expect(byEndpoint.body['jwks_uri']).toBe(software_jwks_endpoint);
    expect(byEndpoint.body).not.toHaveProperty('jwks');
  });

  it('of the request may repeat those of the statement, no others', async () => {
    const [key, other] = await Promise.all([makeKey(), makeKey()]);
    const software_jwks = { keys: [key.publicJwk] };
    const endpoint = { software_jwks: undefined, software_jwks_endpoint: 'https://tpp.example/jwks' };
    const outcomes = await Promise.all([
      register({ jwks: software_jwks }, { software_jwks }),
      register({ jwks: { keys: [{ ...key.publicJwk, use: 'sig' }] } }, { software_jwks }),
      register({ jwks: { keys: [other.publicJwk] } }, { software_jwks }),
      register({ jwks: { keys: [key.publicJwk, other.publicJwk] } }, { software_jwks }),
      register({ jwks_uri: 'https://tpp.example/jwks' }, { software_jwks }),
      register({ jwks_uri: 'https://tpp.example/jwks' }, endpoint),
      register({ jwks_uri: 'https://evil.example/jwks' }, endpoint),
      register({ jwks: { keys: [other.publicJwk] } }, endpoint),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([201, 201, 400, 400, 400, 201, 400, 400]);
    for (const { status, body } of outcomes) {
      if (status === 400) expect(body['error']).toBe('invalid_client_metadata');
    }
  });

  it('of the request are taken in the sandbox where the statement has none', async () => {
    const none = { software_jwks: undefined };
    const jwks = { keys: [(await makeKey()).publicJwk] };
    expect((await register({ jwks }, none)).body['jwks']).toEqual(jwks);
    const jwks_uri = 'http://localhost:3000/jwks';
    expect((await register({ jwks_uri }, none)).body['jwks_uri']).toBe(jwks_uri);
    const [key] = jwks.keys;
    for (const members of [
      {},
      { jwks, jwks_uri },
      // No point of the curve: a client with it could never authenticate itself.
      { jwks: { keys: [{ ...key, y: key?.x }] } },
      { jwks: { keys: [] } },
      { jwks: 'keys' },
      { jwks_uri: 'https://10.0.0.1/jwks' },
      { jwks_uri: 'http://tpp.example/jwks' },
      { jwks_uri: 'https://localhost.internal/jwks' },
      { jwks_uri: env.ISSUER },
    ]) {
      const { status, body } = await register(members, none);
      expect([members, status, body['error']]).toEqual([members, 400, 'invalid_client_metadata']);
    }
  });
});

describe('a software statement', () => {
  it.each([
    ['missing', undefined, 'invalid_software_statement'],
    ['no JWT', 'statement', 'invalid_software_statement'],
    ['a number', 7, 'invalid_software_statement'],
  ])('that is %s is refused', async (_what, software_statement, error) => {
    const { status, body } = await register({ software_statement });
    expect([status, body['error']]).toEqual([400, error]);
  });

  it.each([
    ['expired', 'unapproved_software_statement'],
    ['wrong_issuer', 'unapproved_software_statement'],
    ['bad_signature', 'invalid_software_statement'],
  ])('with the defect %s is refused', async (defect, error) => {
    const { status, body } = await register({}, { defect });
    expect([status, body['error']]).toEqual([400, error]);
  });

  it('that has a live client replaces it until that client has authenticated itself', async () => {
    const app = testApp();
    const statement = await newStatement(app);
    const first = await send(app, guideRequest(statement));
    const second = await send(app, guideRequest(statement));
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body['client_id']).not.toBe(first.body['client_id']);
    const { results } = await env.DB.prepare(
      'SELECT client_id, status FROM clients WHERE client_id IN (?, ?)',
    )
      .bind(first.body['client_id'], second.body['client_id'])
      .all();
    expect(results).toEqual(
      expect.arrayContaining([
        { client_id: first.body['client_id'], status: 'ended' },
        { client_id: second.body['client_id'], status: 'active' },
      ]),
    );
    const object = env.CLIENTS.get(env.CLIENTS.idFromName(String(second.body['client_id'])));
    await object.admit({
      nowMs: app.nowMs(),
      limit: 10,
      authenticated: true,
      attempt: crypto.randomUUID(),
    });
    const third = await send(app, guideRequest(statement));
    expect([third.status, third.body['error']]).toEqual([400, 'invalid_software_statement']);
  });

  it('names the software, never client_name', async () => {
    const { body } = await register({ client_name: 'Your Bank' }, { software_client_name: 'Nutkin' });
    const { record } =
      (await env.DB.prepare('SELECT record FROM clients WHERE client_id = ?')
        .bind(body['client_id'])
        .first<{ record: string }>()) ?? {};
    expect(JSON.parse(record ?? '{}')).toMatchObject({ statement: { softwareName: 'Nutkin' } });
  });
});

describe('caps', () => {
  it('hold for the live clients of an organisation in the sandbox', async () => {
    const app = testApp({ bindings: { LIVE_CLIENTS_PER_ORGANISATION: '2' } });
    const organisation = await insertOrganisationWithKey();
    const statuses = [];
    for (let index = 0; index < 3; index += 1) {
      const answer = await send(app, guideRequest(await newStatement(app, { organisation })));
      statuses.push([answer.status, answer.body['error']]);
    }
    expect(statuses).toEqual([
      [201, undefined],
      [201, undefined],
      [400, 'invalid_client_metadata'],
    ]);
  });

  it('are not held for ever by clients that never authenticate themselves', async () => {
    const app = testApp({ bindings: { LIVE_CLIENTS_PER_ORGANISATION: '1' } });
    const organisation = await insertOrganisationWithKey();
    const leaked = await send(app, guideRequest(await newStatement(app, { organisation })));
    const object = env.CLIENTS.get(env.CLIENTS.idFromName(String(leaked.body['client_id'])));
    await runInDurableObject(object, (_object, state) => {
      state.storage.sql.exec('UPDATE row_end SET due_at_ms = 1');
    });
    await runDurableObjectAlarm(object);
    const own = await send(app, guideRequest(await newStatement(app, { organisation })));
    expect(own.status).toBe(201);
  });

  it('are free again after a replacement whose batch failed', async () => {
    const organisation = await insertOrganisationWithKey();
    const statement = await newStatement(testApp(), { organisation });
    const first = await send(testApp(), guideRequest(statement));
    let batches = 0;
    const DB = {
      withSession: (constraint: string) => {
        const session = env.DB.withSession(constraint);
        return {
          prepare: session.prepare.bind(session),
          batch: (statements: D1PreparedStatement[]) => {
            batches += 1;
            // The second is the one that writes.
            if (batches === 2) throw new Error('D1_ERROR: D1 DB is overloaded.');
            return session.batch(statements);
          },
        };
      },
    };
    expect((await send(testApp({ bindings: { DB } }), guideRequest(statement))).status).toBe(503);
    const object = env.CLIENTS.get(env.CLIENTS.idFromName(String(first.body['client_id'])));
    await runInDurableObject(object, (_object, state) => {
      state.storage.sql.exec('UPDATE row_end SET due_at_ms = 1');
    });
    await runDurableObjectAlarm(object);
    const bindings = { LIVE_CLIENTS_PER_ORGANISATION: '1' };
    const other = await send(
      testApp({ bindings }),
      guideRequest(await newStatement(testApp(), { organisation })),
    );
    expect(other.status).toBe(201);
  });

  it('cannot be freed, nor a suspension lifted, by registering again', async () => {
    const app = testApp();
    const statement = await newStatement(app);
    const first = await send(app, guideRequest(statement));
    const object = env.CLIENTS.get(env.CLIENTS.idFromName(String(first.body['client_id'])));
    await object.tell({ version: 2, status: 'suspended', scopes: [] });
    const again = await send(app, guideRequest(statement));
    expect([again.status, again.body['error']]).toEqual([400, 'invalid_software_statement']);
    expect(JSON.stringify(again.body)).not.toContain('suspended');
  });
});

describe('work', () => {
  it('is one read and one batch for D1, and one object call; refusals write nothing', async () => {
    const counted = countingEnv();
    const app = testApp({ bindings: { ...counted.env, LIVE_CLIENTS_PER_ORGANISATION: '1' } });
    const organisation = await insertOrganisationWithKey();
    const [first, second] = await Promise.all([
      newStatement(app, { organisation }),
      newStatement(app, { organisation }),
    ]);
    // An isolate reads once in 30 s which directories the operators distrust.
    expect((await send(app, guideRequest(await newStatement(app)))).status).toBe(201);
    counted.reset();
    expect((await send(app, guideRequest(first))).status).toBe(201);
    expect(counted.hops.calls).toEqual(['D1 batch', 'D1 batch', 'CLIENTS.tell']);
    counted.reset();
    expect((await send(app, guideRequest(first))).status).toBe(201);
    expect(counted.hops.calls).toEqual([
      'D1 batch',
      'CLIENTS.replaceUnlessAuthenticated',
      'D1 batch',
      'CLIENTS.tell',
    ]);
    counted.reset();
    expect((await send(app, guideRequest(second))).status).toBe(400);
    expect([counted.hops.rowsWritten, counted.hops.objects]).toEqual([0, 0]);
    counted.reset();
    for (const members of [{ scope: 'profile' }, { software_statement: 'x' }, { redirect_uris: [] }]) {
      expect((await send(app, { ...guideRequest(second), ...members })).status).toBe(400);
    }
    expect(counted.hops.calls).toEqual([]);
  });
});

describe('in production', () => {
  const bindings = PRODUCTION;

  it('the same software may have five live clients, of an organisation that its first registration creates', async () => {
    const directory = await testDirectory();
    const app = testApp({ bindings: { ...bindings, ...directory.bindings } });
    const claims = directory.claims(await makeKey());
    const errors = [];
    for (let index = 0; index < 6; index += 1) {
      const statement = await directory.sign({ ...claims, jti: crypto.randomUUID() });
      errors.push((await send(app, guideRequest(statement))).body['error']);
    }
    expect(errors).toEqual([...Array.from({ length: 5 }), 'invalid_client_metadata']);
    const organisations = await env.DB.prepare(
      'SELECT name, tenant_id FROM organisations WHERE directory_issuer = ?',
    )
      .bind(directory.issuer)
      .all();
    expect(organisations.results).toEqual([{ name: 'Nutkin Money Ltd', tenant_id: null }]);
  });

  it.each<[string, Members, Members, string]>([
    ['a statement without keys', { software_jwks: undefined }, {}, 'invalid_software_statement'],
    [
      'http on loopback',
      { software_redirect_uris: ['http://localhost/cb'] },
      { redirect_uris: ['http://localhost/cb'] },
      'invalid_redirect_uri',
    ],
    [
      'a key endpoint on loopback',
      { software_jwks: undefined, software_jwks_endpoint: 'http://localhost/jwks' },
      {},
      'invalid_software_statement',
    ],
  ])('refuses %s', async (_what, claims, members, error) => {
    const directory = await testDirectory();
    const app = testApp({ bindings: { ...bindings, ...directory.bindings } });
    const statement = await directory.sign({ ...directory.claims(await makeKey()), ...claims });
    const jwks = claims['software_jwks_endpoint'] ? {} : { jwks: { keys: [(await makeKey()).publicJwk] } };
    const own = claims['software_jwks'] === undefined && 'software_jwks' in claims ? jwks : {};
    const { status, body } = await send(app, { ...guideRequest(statement), ...own, ...members });
    expect([status, body['error']]).toEqual([400, error]);
  });
});

describe('the door', () => {
  it.each([
    ['GET', 405],
    ['PUT', 405],
    ['DELETE', 405],
  ])('answers %s with %d', async (method, status) => {
    const answer = await testApp().request('/register', { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([status, 'POST']);
  });

  it.each([
    ['text/plain', '{}', 415, 'unsupported_media_type'],
    ['application/x-www-form-urlencoded', 'a=b', 415, 'unsupported_media_type'],
    ['application/json', '{', 400, 'invalid_request'],
    ['application/json', '[]', 400, 'invalid_request'],
    ['application/json', 'null', 400, 'invalid_request'],
    ['application/json', `{"a":"${'x'.repeat(65_536)}"}`, 413, 'payload_too_large'],
    ['application/jwt', 'no.jwt.here', 400, 'invalid_client_metadata'],
  ])('answers %s of %.8s with %d', async (contentType, body, status, error) => {
    const answer = await testApp().request('/register', {
      method: 'POST',
      headers: { 'content-type': contentType },
      body,
    });
    expect([answer.status, (await answer.json<Members>())['error']]).toEqual([status, error]);
  });

  it('takes no compressed body', async () => {
    const headers = { 'content-encoding': 'gzip' };
    expect((await testApp().sendJson('/register', {}, { headers })).status).toBe(415);
  });

  it('counts every call against its source before it looks at the body', async () => {
    const app = testApp({ bindings: { LOCAL_SOURCE_LIMIT: { limit: async () => ({ success: false }) } } });
    const answers = await Promise.all([
      app.request('/register', { method: 'POST', body: 'x' }),
      app.request(`/register/${crypto.randomUUID()}`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([429, 429]);
    expect(answers[0]?.headers.get('retry-after')).toBe('60');
  });
});
