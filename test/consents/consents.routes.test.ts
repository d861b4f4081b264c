/** The routes of consents, as a TPP calls them. Source: interface sections 4 and 7. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Consent } from '#consents/consent.ts';
import { consentListSchema, consentSchema } from '#consents/consent-answer.schema.ts';
import { renderConsentId } from '#kernel/consent-id.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { authorizedConsent, awaitingConsent } from '../support/consents.ts';
import { countingEnv } from '../support/counting-env.ts';
import { testScope } from '../support/scope.ts';
import { makeClient } from '../support/test-client.ts';
import { accessToken, bearer } from '../support/tokens.ts';

const PATH = '/open-banking/v1/consents';
/** The body that the interface prints. */
const BODY = {
  consent_type: 'account-access',
  permissions: ['ReadAccounts', 'ReadBalances', 'ReadTransactions'],
  expiration_date: '2027-02-20T00:00:00Z',
  transaction_from_date: '2026-01-01T00:00:00Z',
  transaction_to_date: '2027-02-20T23:59:59Z',
};

interface Caller {
  readonly app: TestApp;
  readonly clientId: string;
  readonly headers: Record<string, string>;
  readonly post: (body: unknown) => Promise<Response>;
}

async function caller(given: Parameters<typeof makeClient>[0] = {}, parts = {}): Promise<Caller> {
  const { clientId } = await makeClient(given);
  const app = testApp(parts);
  const headers = bearer(await accessToken(clientId));
  return { app, clientId, headers, post: (body) => app.sendJson(PATH, body, { headers }) };
}

async function json(answer: Response): Promise<Record<string, unknown>> {
  return answer.json();
}

describe('POST /consents', () => {
  it('creates the consent of the interface and says everything back', async () => {
    const { post } = await caller();
    const answer = await post(BODY);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('ratelimit')).toBe('"default";r=99;t=60');
    const consent = await json(answer);
    expect(() => v.parse(consentSchema, consent)).not.toThrow();
    expect(consent).toEqual({
      ...BODY,
      consent_id: expect.stringMatching(/^consent_ais_[0-9a-f]{64}$/),
      status: 'awaiting_authorization',
      created_at: '2026-11-22T12:00:00Z',
      status_updated_at: '2026-11-22T12:00:00Z',
      authorization_url: `http://localhost:8787/oauth/authorize?consent_id=${String(consent['consent_id'])}`,
    });
  });

  it.each([
    ['default', undefined, '2027-02-20T12:00:00Z'],
    ['shorter', '2026-11-22T12:00:01Z', '2026-11-22T12:00:01Z'],
    ['exactly the cap, in another zone', '2027-02-20T13:00:00+01:00', '2027-02-20T12:00:00Z'],
    ['longer than the cap', '2099-01-01T00:00:00Z', '2027-02-20T12:00:00Z'],
  ])('ends a consent when asked, 90 days after creation at most: %s', async (_what, wanted, given) => {
    const { post } = await caller();
    const body = { ...BODY, expiration_date: wanted, transaction_to_date: undefined };
    expect(await json(await post(body))).toMatchObject({ expiration_date: given });
  });

  it('folds permissions named twice and ignores unknown members', async () => {
    const { post } = await caller();
    const consent = await json(
      await post({
        consent_type: 'account-access',
        permissions: ['ReadBalances', 'ReadBalances'],
        surprise: 1,
      }),
    );
    expect(consent['permissions']).toEqual(['ReadBalances']);
    expect(consent).not.toHaveProperty('surprise');
  });

  it.each([
    ['no type', { consent_type: undefined }, 'consent_type'],
    ['an unknown type', { consent_type: 'everything' }, 'consent_type'],
    ['an enduring payment', { consent_type: 'enduring-payment' }, 'consent_type'],
    ['no permissions', { permissions: undefined }, 'permissions'],
    ['an empty list of permissions', { permissions: [] }, 'permissions'],
    ['permissions that are no list', { permissions: 'ReadAccounts' }, 'permissions'],
    ['a permission that is no text', { permissions: [7] }, 'permissions.0'],
    ['a past expiration', { expiration_date: '2026-11-22T11:59:59Z' }, 'expiration_date'],
    ['an expiration of this very second', { expiration_date: '2026-11-22T12:00:00Z' }, 'expiration_date'],
    ['a date without offset', { expiration_date: '2027-01-01T00:00:00' }, 'expiration_date'],
    ['a day that does not exist', { expiration_date: '2027-02-30T00:00:00Z' }, 'expiration_date'],
    ['a date of null', { transaction_from_date: null }, 'transaction_from_date'],
    ['from after to', { transaction_from_date: '2027-02-21T00:00:00Z' }, 'transaction_from_date'],
  ])('refuses %s, naming the field', async (_what, changes, field) => {
    const { post } = await caller();
    const answer = await post({ ...BODY, ...changes });
    expect(answer.status).toBe(400);
    const error = await json(answer);
    expect(error).toMatchObject({ code: 'invalid_request', errors: [{ field }] });
  });

  it('names permissions that are not offered', async () => {
    const { post } = await caller();
    const error = await json(
      await post({ ...BODY, permissions: ['ReadAccounts', 'ReadBeneficiaries', '<b>'] }),
    );
    expect(error).toMatchObject({
      code: 'invalid_request',
      message: 'These permissions are not available: ReadBeneficiaries.',
      errors: [{ field: 'permissions.1' }, { field: 'permissions.2' }],
    });
  });

  it.each([
    ['malformed JSON', '{"consent_type"', 'application/json', 400],
    ['a JSON list', '[]', 'application/json', 400],
    ['another content type', '{}', 'text/plain', 415],
    ['a body of more than 64 KiB', `"${'x'.repeat(65_536)}"`, 'application/json', 413],
  ])('refuses %s', async (_what, body, contentType, status) => {
    const { app, headers } = await caller();
    const answer = await app.request(PATH, {
      method: 'POST',
      body,
      headers: { ...headers, 'content-type': contentType },
    });
    expect(answer.status).toBe(status);
  });

  it('refuses software without the role, at once when the role was taken away', async () => {
    const without = await caller({ roles: ['PISP'] });
    const answer = await without.post(BODY);
    expect(answer.status).toBe(403);
    expect(await json(answer)).toMatchObject({ code: 'unauthorized_client' });

    const client = await makeClient();
    const app = testApp();
    const headers = bearer(await accessToken(client.clientId));
    expect((await app.sendJson(PATH, BODY, { headers })).status).toBe(201);
    await client.change({ roles: ['PISP'], scopes: ['openid', 'payments'] });
    expect((await app.sendJson(PATH, BODY, { headers })).status).toBe(403);
  });

  it('stops at the cap of the day', async () => {
    const { app, clientId, post } = await caller({}, { bindings: { CONSENTS_PER_CLIENT_AND_DAY: '2' } });
    expect([(await post(BODY)).status, (await post(BODY)).status]).toEqual([201, 201]);
    const capped = await post(BODY);
    expect(capped.status).toBe(429);
    expect(capped.headers.get('retry-after')).toBe('43200');
    app.advance(43_200_000);
    const headers = bearer(await accessToken(clientId, {}, testScope({ nowMs: app.nowMs() })));
    expect((await app.sendJson(PATH, BODY, { headers })).status).toBe(201);
  });

  it('asks two objects and, of a known client, nothing of D1', async () => {
    const { env: bindings, hops, reset } = countingEnv();
    const { post } = await caller({}, { bindings: { ...bindings } });
    await post(BODY);
    reset();
    expect((await post(BODY)).status).toBe(201);
    expect(hops.calls).toEqual(['CLIENTS.admit', 'CLIENTS.countConsent', 'CONSENTS.create']);
    reset();
    expect((await post({ ...BODY, permissions: ['All'] })).status).toBe(400);
    expect(hops).toMatchObject({ calls: ['CLIENTS.admit'], rowsWritten: 0 });
  });
});

describe('GET and DELETE /consents/{consent_id}', () => {
  it('reads, ends, and still reads the consent', async () => {
    const { app, headers, post } = await caller();
    const created = await json(await post(BODY));
    const path = `${PATH}/${String(created['consent_id'])}`;
    expect(await json(await app.request(path, { headers }))).toEqual(created);
    app.advance(1_000);
    const ended = await app.request(path, { method: 'DELETE', headers });
    expect([ended.status, await ended.text()]).toEqual([204, '']);
    const revoked = await json(await app.request(path, { headers }));
    expect(revoked).toMatchObject({
      status: 'revoked',
      revoked_by: 'tpp',
      status_updated_at: '2026-11-22T12:00:01Z',
    });
    expect(revoked).not.toHaveProperty('authorization_url');
    expect((await app.request(path, { method: 'DELETE', headers })).status).toBe(204);
  });

  it('shows a consent that nobody authorized in a day as expired, and 204 answers its DELETE', async () => {
    const { app, clientId } = await caller();
    const { consentId } = await awaitingConsent(testScope(), { clientId });
    app.advance(86_400_000);
    const now = testScope({ nowMs: app.nowMs() });
    const headers = bearer(await accessToken(clientId, {}, now));
    const path = `${PATH}/${consentId}`;
    expect(await json(await app.request(path, { headers }))).toMatchObject({
      status: 'expired',
      status_updated_at: '2026-11-23T12:00:00Z',
    });
    expect((await app.request(path, { method: 'DELETE', headers })).status).toBe(204);
  });

  it('answers 404 for another client and for unknown ids, and leaves nothing anywhere', async () => {
    const { app, headers } = await caller();
    const foreign = await awaitingConsent(testScope());
    const unborn = env.CONSENTS.newUniqueId();
    const other = renderConsentId({ type: 'payment', objectId: foreign.consentId.slice(-64) });
    const invented = renderConsentId({ type: 'account-access', objectId: '0'.repeat(64) });
    const unknown = renderConsentId({ type: 'account-access', objectId: unborn.toString() });
    for (const id of [foreign.consentId, other, invented, unknown, 'consent_ais_', '%00']) {
      for (const method of ['GET', 'DELETE']) {
        const answer = await app.request(`${PATH}/${id}`, { method, headers });
        expect([id, method, answer.status]).toEqual([id, method, 404]);
      }
    }
    const kept = await runInDurableObject(env.CONSENTS.get(unborn), async (_object, state) => [
      ...state.storage.sql.exec('SELECT name FROM sqlite_master').toArray(),
      await state.storage.getAlarm(),
    ]);
    expect(kept).toEqual([null]);
    const rows = await env.DB.prepare('SELECT status FROM consents WHERE consent_id = ?').bind(unknown).all();
    expect(rows.results).toEqual([]);
  });

  it("lets the consent's own token read it, and no other consent", async () => {
    const { app, clientId } = await caller();
    const { consentId } = await authorizedConsent(testScope(), { clientId });
    const other = await authorizedConsent(testScope(), { clientId });
    const headers = bearer(await accessToken(clientId, { consentId, scopes: ['openid'] }));
    const answer = await app.request(`${PATH}/${consentId}`, { headers });
    expect(answer.status).toBe(200);
    expect(await json(answer)).not.toHaveProperty('account_ids');
    expect((await app.request(`${PATH}/${other.consentId}`, { headers })).status).toBe(403);
    expect((await app.request(`${PATH}/${consentId}`, { headers, method: 'DELETE' })).status).toBe(403);
    expect((await app.request(PATH, { headers })).status).toBe(403);
  });
});

describe('GET /consents', () => {
  interface Page {
    readonly data: { consent_id: string }[];
    readonly links: { self: string; next?: string; prev?: string };
  }

  async function page({ app, headers }: Caller, link: string): Promise<Page> {
    const answer = await app.request(`/open-banking/v1${link}`, { headers });
    expect(answer.status).toBe(200);
    const body: Page = await answer.json();
    expect(() => v.parse(consentListSchema, body)).not.toThrow();
    return body;
  }

  it('lists own consents alone, the newest first', async () => {
    const me = await caller();
    await awaitingConsent(testScope());
    const mine: Consent[] = [];
    for (const seconds of [0, 10, 5]) {
      mine.push(await awaitingConsent(testScope({ nowMs: me.app.nowMs() + seconds * 1000 }), me));
    }
    const { data, links } = await page(me, '/consents');
    expect(data.map(({ consent_id }) => consent_id)).toEqual(
      [1, 2, 0].map((index) => mine[index]?.consentId),
    );
    expect(links).toEqual({ self: '/consents' });
  });

  it('walks next and back over every row once, while new rows arrive', async () => {
    const me = await caller();
    const expected: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      // Several share a second: the id decides then.
      const scope = testScope({ nowMs: me.app.nowMs() + Math.floor(index / 4) * 1000 });
      expected.push((await awaitingConsent(scope, me)).consentId);
    }
    const seen: string[] = [];
    const sizes: number[] = [];
    let back: string | undefined;
    for (let link: string | undefined = '/consents?limit=5'; link !== undefined; ) {
      const { data, links } = await page(me, link);
      expect(links.self).toBe(link);
      seen.push(...data.map(({ consent_id }) => consent_id));
      sizes.push(data.length);
      back = links.prev;
      link = links.next;
      await awaitingConsent(testScope({ nowMs: me.app.nowMs() + 60_000 }), me);
    }
    expect(sizes).toEqual([5, 5, 2]);
    expect(new Set(seen).size).toBe(12);
    expect([...seen].sort()).toEqual([...expected].sort());
    const returned: string[] = [];
    for (let link = back; link !== undefined; ) {
      const { data, links } = await page(me, link);
      returned.unshift(...data.map(({ consent_id }) => consent_id));
      link = links.prev;
    }
    // The way back also meets what arrived meanwhile.
    expect(returned.slice(-10)).toEqual(seen.slice(0, 10));
  });

  it.each(['limit=100', 'limit=007', 'limit=0100', 'limit='])('takes %s', async (query) => {
    const { app, headers } = await caller();
    expect((await app.request(`${PATH}?${query}`, { headers })).status).toBe(200);
  });

  it.each([
    'limit=0',
    'limit=000',
    'limit=101',
    'limit=%2B7',
    'limit=1e1',
    'limit=x',
    'limit=1.5',
    'limit=1&limit=2',
    'cursor=x',
    'cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  ])('refuses %s', async (query) => {
    const { app, headers } = await caller();
    const answer = await app.request(`${PATH}?${query}`, { headers });
    expect(answer.status).toBe(400);
    expect(await json(answer)).toMatchObject({ code: 'invalid_request' });
  });

  it.each(['0', '101', 'x'])('says what a limit of %s must be', async (limit) => {
    const { app, headers } = await caller();
    const answer = await app.request(`${PATH}?limit=${limit}`, { headers });
    const message = 'must be a whole number from 1 to 100';
    expect(await json(answer)).toMatchObject({ errors: [{ field: 'limit', code: 'invalid', message }] });
  });

  it('refuses the cursor of another client', async () => {
    const [me, you] = [await caller(), await caller()];
    for (let index = 0; index < 2; index += 1) await awaitingConsent(testScope(), me);
    const { links } = await page(me, '/consents?limit=1');
    const answer = await you.app.request(`/open-banking/v1${links.next ?? ''}`, { headers: you.headers });
    expect(answer.status).toBe(400);
  });

  it('asks one object and D1 once', async () => {
    const { env: bindings, hops, reset } = countingEnv();
    const me = await caller({}, { bindings: { ...bindings } });
    await page(me, '/consents');
    reset();
    for (let index = 0; index < 5; index += 1) await awaitingConsent(testScope(), me);
    await page(me, '/consents?limit=2');
    expect(hops).toMatchObject({ objects: 1, d1: 1, rowsWritten: 0 });
    expect(hops.rowsRead).toBeLessThanOrEqual(2 + 10);
  });
});
