/** GET, PUT and DELETE of a registration by its registration access token. */
import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { createScheduled } from '#app.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { countingEnv } from '../support/counting-env.ts';
import { testScope } from '../support/scope.ts';
import { makeKey } from '../support/test-client.ts';
import { guideRequest, type Members, newStatement, newTpp, REDIRECT_URI, type Tpp } from '../support/tpp.ts';

const SECOND_URI = 'https://tpp.example/second';

function bearer(token: string): { headers: { authorization: string } } {
  return { headers: { authorization: `Bearer ${token}` } };
}

async function put(app: TestApp, tpp: Tpp, body: Members): Promise<{ status: number; body: Members }> {
  const answer = await app.sendJson(`/register/${tpp.clientId}`, body, {
    method: 'PUT',
    ...bearer(tpp.registrationToken),
  });
  return { status: answer.status, body: await answer.json() };
}

/** A request that changes nothing, less the members that only the server sets. */
function repeated({ statement }: Tpp): Members {
  return guideRequest(statement);
}

async function newsOf(clientId: string) {
  return env.CLIENTS.get(env.CLIENTS.idFromName(clientId)).admit({
    nowMs: Date.now(),
    limit: 1_000,
    attempt: crypto.randomUUID(),
  });
}

describe('GET', () => {
  it('answers what was registered, with the token that was presented', async () => {
    const app = testApp();
    const tpp = await newTpp(app);
    const answer = await app.request(`/register/${tpp.clientId}`, bearer(tpp.registrationToken));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual(tpp.registration);
  });

  it('answers a token in another case of the scheme', async () => {
    const app = testApp();
    const tpp = await newTpp(app);
    const headers = { authorization: `bEaReR ${tpp.registrationToken}` };
    expect((await app.request(`/register/${tpp.clientId}`, { headers })).status).toBe(200);
  });
});

describe('who has no right to it', () => {
  it('is refused alike: no token, a wrong one, an ended or unknown client', async () => {
    const app = testApp();
    const [tpp, other, ended] = await Promise.all([newTpp(app), newTpp(app), newTpp(app)]);
    await app.request(`/register/${ended.clientId}`, {
      method: 'DELETE',
      ...bearer(ended.registrationToken),
    });
    const wrong = `reg_token_${'A'.repeat(43)}`;
    const bodies = new Set<string>();
    for (const [path, init] of [
      [`/register/${tpp.clientId}`, {}],
      [`/register/${tpp.clientId}`, bearer(wrong)],
      [`/register/${tpp.clientId}`, bearer('reg_token_short')],
      [`/register/${tpp.clientId}`, bearer(other.registrationToken)],
      [`/register/${tpp.clientId}`, { headers: { authorization: `Basic ${tpp.registrationToken}` } }],
      [`/register/${tpp.clientId}?access_token=${tpp.registrationToken}`, {}],
      [`/register/${tpp.clientId}?access_token=x`, bearer(tpp.registrationToken)],
      [`/register/${ended.clientId}`, bearer(ended.registrationToken)],
      [`/register/${crypto.randomUUID()}`, bearer(tpp.registrationToken)],
      ['/register/none', bearer(tpp.registrationToken)],
    ] as const) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const answer = await app.request(path, { method, ...init });
        expect([path, method, answer.status]).toEqual([path, method, 401]);
        const { request_id: _id, ...body } = await answer.json<Members>();
        bodies.add(JSON.stringify(body));
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="hamster-bank"/);
      }
    }
    expect([...bodies]).toHaveLength(1);
    expect([...bodies][0]).toContain('invalid_token');
  });

  it('reads D1 as often for a wrong token as for an unknown client', async () => {
    const counted = countingEnv();
    const app = testApp({ bindings: { ...counted.env } });
    const tpp = await newTpp(app);
    const counts = [];
    for (const id of [tpp.clientId, crypto.randomUUID()]) {
      counted.reset();
      await app.request(`/register/${id}`, bearer(`reg_token_${'A'.repeat(43)}`));
      counts.push([counted.hops.d1, counted.hops.objects]);
    }
    expect(counts).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  it('is refused when the client is suspended', async () => {
    const app = testApp();
    const tpp = await newTpp(app);
    await env.DB.prepare("UPDATE clients SET status = 'suspended' WHERE client_id = ?")
      .bind(tpp.clientId)
      .run();
    const answer = await app.request(`/register/${tpp.clientId}`, bearer(tpp.registrationToken));
    expect(answer.status).toBe(401);
  });
});

describe('PUT', () => {
  it('replaces the whole: members left out return to their defaults', async () => {
    const app = testApp();
    const tpp = await newTpp(app, {
      metadata: { client_name: 'First', scope: 'openid', id_token_signed_response_alg: 'PS256' },
    });
    const { status, body } = await put(app, tpp, repeated(tpp));
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('client_name');
    expect(body).toMatchObject({
      client_id: tpp.clientId,
      scope: 'openid accounts transactions',
      id_token_signed_response_alg: 'ES256',
      registration_access_token: tpp.registrationToken,
    });
    const read = await app.request(`/register/${tpp.clientId}`, bearer(tpp.registrationToken));
    expect(await read.json()).toEqual(body);
    expect(await newsOf(tpp.clientId)).toMatchObject({ version: 2 });
  });

  it('takes back what it answered', async () => {
    const app = testApp();
    const tpp = await newTpp(app, { metadata: { client_name: 'First' } });
    const { status, body } = await put(app, tpp, tpp.registration);
    expect([status, body]).toEqual([200, tpp.registration]);
  });

  it('may leave the software statement out', async () => {
    const app = testApp();
    const tpp = await newTpp(app);
    const { status, body } = await put(app, tpp, { ...repeated(tpp), software_statement: undefined });
    expect([status, body['software_statement']]).toEqual([200, tpp.statement]);
  });

  it('may repeat a statement that has become too old for a registration', async () => {
    const app = testApp();
    const tpp = await newTpp(app);
    app.advance(366 * 86_400_000);
    expect((await put(app, tpp, repeated(tpp))).status).toBe(200);
    expect((await app.sendJson('/register', repeated(tpp))).status).toBe(400);
  });

  it('ignores what only the server sets, but for a client_id of another', async () => {
    const app = testApp();
    const tpp = await newTpp(app);
    const own = {
      registration_access_token: 'reg_token_mine',
      client_id_issued_at: 1,
      registration_client_uri: 'https://tpp.example/',
      client_secret: 'mine',
    };
    const { status, body } = await put(app, tpp, { ...repeated(tpp), ...own, client_id: tpp.clientId });
    expect([status, body]).toEqual([200, tpp.registration]);
    for (const client_id of [crypto.randomUUID(), '', 7]) {
      const refused = await put(app, tpp, { ...repeated(tpp), client_id });
      expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_client_metadata']);
    }
  });

  it.each<[Members, string]>([
    [{ redirect_uris: ['https://evil.example/'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: undefined }, 'invalid_redirect_uri'],
    [{ scope: 'openid payments' }, 'invalid_client_metadata'],
    [{ token_endpoint_auth_method: 'none' }, 'invalid_client_metadata'],
    [{ jwks_uri: 'https://evil.example/jwks' }, 'invalid_client_metadata'],
    [{ software_statement: 'x' }, 'invalid_software_statement'],
  ])('may not leave what the statement allows: %j', async (members, error) => {
    const app = testApp();
    const tpp = await newTpp(app);
    const refused = await put(app, tpp, { ...repeated(tpp), ...members });
    expect([refused.status, refused.body['error']]).toEqual([400, error]);
    const read = await app.request(`/register/${tpp.clientId}`, bearer(tpp.registrationToken));
    expect(await read.json()).toEqual(tpp.registration);
  });

  it('brings a new statement of the same software, whose bounds then count', async () => {
    const app = testApp();
    const organisation = await insertOrganisationWithKey();
    const key = await makeKey();
    const software = (request: Members) =>
      newStatement(app, { organisation, key, request: { software_id: 'same1', ...request } });
    const first = await software({ software_roles: ['AISP', 'PISP'] });
    const registered = await app.sendJson('/register', guideRequest(first));
    const body = await registered.json<Members>();
    const tpp = {
      clientId: String(body['client_id']),
      registrationToken: String(body['registration_access_token']),
      statement: first,
    } as Tpp;
    const second = await software({ software_redirect_uris: [REDIRECT_URI, SECOND_URI] });
    const changed = await put(app, tpp, { ...guideRequest(second), redirect_uris: [SECOND_URI] });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      redirect_uris: [SECOND_URI],
      scope: 'openid accounts transactions',
      software_statement: second,
    });
    expect(await newsOf(tpp.clientId)).toMatchObject({ scopes: ['openid', 'accounts', 'transactions'] });
    // The first statement is free again, the second is not.
    expect((await app.sendJson('/register', guideRequest(first))).status).toBe(201);
    const other = await software({ software_id: 'other1' });
    const refused = await put(app, tpp, guideRequest(other));
    expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_software_statement']);
    const taken = await put(app, tpp, guideRequest(first));
    expect([taken.status, taken.body['error']]).toEqual([400, 'invalid_software_statement']);
  });

  it('of two at the same moment leaves one whole, and each later version is the next', async () => {
    const app = testApp();
    const tpp = await newTpp(app);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        put(app, tpp, { ...repeated(tpp), client_name: `Name ${index}` }),
      ),
    );
    const done = outcomes.filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThan(0);
    expect(outcomes.filter(({ status }) => status === 409)).toHaveLength(10 - done.length);
    const row = await env.DB.prepare('SELECT version FROM clients WHERE client_id = ?')
      .bind(tpp.clientId)
      .first('version');
    expect(row).toBe(1 + done.length);
    expect(await newsOf(tpp.clientId)).toMatchObject({ version: row });
  });

  it('answers other bodies as POST does', async () => {
    const app = testApp();
    const tpp = await newTpp(app);
    const init = { method: 'PUT', ...bearer(tpp.registrationToken) };
    const text = await app.request(`/register/${tpp.clientId}`, { ...init, body: 'x' });
    expect(text.status).toBe(415);
    const large = await app.sendJson(`/register/${tpp.clientId}`, { x: 'x'.repeat(65_536) }, init);
    expect(large.status).toBe(413);
  });
});

describe('DELETE', () => {
  it('ends the client: 204, and at the next request nothing of it is left', async () => {
    const app = testApp();
    const tpp = await newTpp(app);
    const token = await app.sendForm('/oauth/token', {
      grant_type: 'client_credentials',
      ...(await tpp.credentials()),
    });
    const { access_token } = await token.json<{ access_token: string }>();
    const answer = await app.request(`/register/${tpp.clientId}`, {
      method: 'DELETE',
      ...bearer(tpp.registrationToken),
    });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    for (const isolate of [app, testApp()]) {
      const again = await isolate.sendForm('/oauth/token', {
        grant_type: 'client_credentials',
        ...(await tpp.credentials()),
      });
      expect([again.status, (await again.json<Members>())['error']]).toEqual([401, 'invalid_client']);
      const call = await isolate.request('/open-banking/v1/consents', bearer(access_token));
      expect(call.status).toBe(401);
    }
    const { results } = await env.DB.prepare('SELECT topic FROM outbox WHERE subject = ? ORDER BY id')
      .bind(tpp.clientId)
      .all();
    expect(results).toEqual([{ topic: 'client.changed' }, { topic: 'client.ended' }]);
  });

  it('repeated after its object was out of reach, is true by the time it answers', async () => {
    const tpp = await newTpp(testApp());
    const away = {
      idFromName: (name: string) => env.CLIENTS.idFromName(name),
      get: () => ({ tell: () => Promise.reject(Object.assign(new Error('gone'), { retryable: true })) }),
    };
    const path = `/register/${tpp.clientId}`;
    const init = { method: 'DELETE', ...bearer(tpp.registrationToken) };
    expect((await testApp({ bindings: { CLIENTS: away } }).request(path, init)).status).toBe(503);
    expect((await newsOf(tpp.clientId)).outcome).toBe('admitted');
    expect((await testApp().request(path, init)).status).toBe(401);
    expect((await newsOf(tpp.clientId)).outcome).toBe('ended');
  });

  it('frees its software statement and its place', async () => {
    const app = testApp({ bindings: { LIVE_CLIENTS_PER_ORGANISATION: '1' } });
    const tpp = await newTpp(app);
    await app.sendForm('/oauth/token', { grant_type: 'client_credentials', ...(await tpp.credentials()) });
    expect((await app.sendJson('/register', repeated(tpp))).status).toBe(400);
    await app.request(`/register/${tpp.clientId}`, { method: 'DELETE', ...bearer(tpp.registrationToken) });
    expect((await app.sendJson('/register', repeated(tpp))).status).toBe(201);
  });
});

it('ends the consents of an ended client from the outbox', async () => {
  const nowMs = Date.now();
  const app = testApp({ nowMs });
  const tpp = await newTpp(app);
  const token = await app.sendForm('/oauth/token', {
    grant_type: 'client_credentials',
    ...(await tpp.credentials()),
  });
  const { access_token } = await token.json<{ access_token: string }>();
  const created = await app.sendJson(
    '/open-banking/v1/consents',
    { consent_type: 'account-access', permissions: ['ReadAccounts'] },
    bearer(access_token),
  );
  expect(created.status).toBe(201);
  const { consent_id } = await created.json<{ consent_id: string }>();
  await app.request(`/register/${tpp.clientId}`, { method: 'DELETE', ...bearer(tpp.registrationToken) });
  const context = createExecutionContext();
  const scheduled = createScheduled({ clock: { nowMs: () => nowMs + 60_000 }, log: () => {} });
  await scheduled(createScheduledController({ scheduledTime: nowMs + 60_000 }), env, context);
  await waitOnExecutionContext(context);
  const consent = await readConsent(testScope({ nowMs: nowMs + 60_000 }), consent_id);
  expect(consent).toMatchObject({ status: 'revoked', revokedBy: 'tpp' });
});
