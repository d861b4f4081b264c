/** API keys in the dashboard: made and shown once, rolled with an overlap, revoked; by whom, of whose organisation, and how often. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { LOCAL_API_KEY, newApiKey } from '#clients/api-key.ts';
import { doerOf } from '#developers/record-deed.flow.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';
import { createApiKey, LIVE_KEYS_MAXIMUM, revokeApiKey, rollApiKey } from '#portal/api-keys.flow.ts';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { deedsOf } from '../support/deeds.ts';
import { signUpMember, type TestMember } from '../support/developers.ts';
import { PRODUCTION } from '../support/production.ts';
import { TEST_NOW_MS, testScope } from '../support/scope.ts';
import { makeClient } from '../support/test-client.ts';

const NOW = TEST_NOW_MS / 1000;
const DAY = 86_400;
const KEY = /sk_(?:sandbox|live)_[A-Za-z0-9]{49}/;

const FORM = {
  name: 'Build server',
  scope_sandbox: 'on',
  scope_usage: 'on',
  lifetime: '90',
  allowed_ips: '',
};

async function page(app: TestApp, member: TestMember, path: string): Promise<Response> {
  return app.request(path, { headers: member.headers });
}

async function nonceOf(app: TestApp, member: TestMember): Promise<string> {
  const answer = await page(app, member, '/dashboard/api-keys/new');
  expect(answer.status).toBe(200);
  return /name="nonce" value="([^"]+)"/.exec(await answer.text())?.[1] ?? '';
}

async function post(app: TestApp, member: TestMember, path: string, form: Record<string, string> = {}) {
  return app.sendForm(path, form, { headers: member.headers, redirect: 'manual' });
}

interface Made {
  readonly key: string;
  readonly keyId: string;
  readonly nonce: string;
  readonly html: string;
}

async function keysIn(organisationId: string): Promise<Record<string, unknown>[]> {
  const { results } = await env.DB.prepare('SELECT * FROM api_keys WHERE organisation_id = ? ORDER BY rowid')
    .bind(organisationId)
    .all();
  return results;
}

/** Makes a key as a developer does, by the form. */
async function make(app: TestApp, member: TestMember, form: Record<string, string> = {}): Promise<Made> {
  const nonce = await nonceOf(app, member);
  const answer = await post(app, member, '/dashboard/api-keys/new', { ...FORM, ...form, nonce });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const html = await answer.text();
  const rows = await keysIn(member.organisation.organisationId);
  return { key: KEY.exec(html)?.[0] ?? '', keyId: String(rows.at(-1)?.['key_id']), nonce, html };
}

/** In rising order. */
function statusesOf(answers: readonly Response[]): readonly number[] {
  return answers.map(({ status }) => status).toSorted((a, b) => a - b);
}

async function whoAmI(app: TestApp, key: string, method = 'GET'): Promise<Response> {
  return app.request('/developer/v1/api-key', { method, headers: { authorization: `Bearer ${key}` } });
}

describe('making a key', () => {
  it('shows it once, and it works', async () => {
    const app = testApp();
    const member = await signUpMember({ role: 'developer' });
    const { organisation, developer } = member;
    const first = await page(app, member, '/dashboard/api-keys');
    expect(await first.text()).toContain('No API key yet');
    const { key, keyId, html } = await make(app, member, { allowed_ips: '203.0.113.7\n2001:db8::/32' });
    expect(html).toContain('Copy it now');
    expect(html).toContain('/developer/v1/api-key');

    const from = { authorization: `Bearer ${key}`, 'cf-connecting-ip': '203.0.113.7' };
    const own = await app.request('/developer/v1/api-key', { headers: from });
    expect(await own.json()).toEqual({
      key_id: keyId,
      name: 'Build server',
      prefix: 'sk_sandbox_',
      last_four: key.slice(-4),
      environment: 'sandbox',
      organisation: { org_id: organisation.orgId, name: organisation.name },
      scopes: ['sandbox', 'usage'],
      allowed_ips: ['203.0.113.7/32', '2001:db8::/32'],
      status: 'active',
      created_at: '2026-11-22T12:00:00Z',
      expires_at: '2027-02-20T12:00:00Z',
      last_used_at: null,
    });
    const minted = await app.sendJson(
      '/sandbox/software-statements',
      { software_redirect_uris: ['https://your-app.com/callback'] },
      { headers: from },
    );
    expect(minted.status).toBe(201);
    expect((await whoAmI(app, key)).status).toBe(403);

    const list = await (await page(app, member, '/dashboard/api-keys')).text();
    const one = await (await page(app, member, `/dashboard/api-keys/${keyId}`)).text();
    for (const text of [list, one]) {
      expect(text).not.toMatch(KEY);
      expect(text).toContain(`sk_sandbox_...${key.slice(-4)}`);
      expect(text).toContain('203.0.113.7/32');
      expect(text).toContain(developer.name);
    }
    expect(await deedsOf(organisation.organisationId)).toMatchObject([
      { actorId: developer.developerId, actor: developer.email, action: 'api_key.create', subject: keyId },
    ]);
  });

  it('twice with one form makes one key, also at once', async () => {
    const app = testApp();
    const member = await signUpMember();
    const { keyId, nonce } = await make(app, member);
    const again = await post(app, member, '/dashboard/api-keys/new', { ...FORM, nonce });
    expect(again.status).toBe(303);
    expect(again.headers.get('location')).toBe(`/dashboard/api-keys/${keyId}?notice=made`);
    const told = await (await page(app, member, again.headers.get('location') ?? '')).text();
    expect(told).toContain('This key was made already');
    expect(told).not.toMatch(KEY);

    const other = await nonceOf(app, member);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        post(testApp(), member, '/dashboard/api-keys/new', { ...FORM, nonce: other }),
      ),
    );
    expect(statusesOf(answers)).toEqual([200, 303, 303, 303]);
    expect(await keysIn(member.organisation.organisationId)).toHaveLength(2);
    expect(await deedsOf(member.organisation.organisationId)).toHaveLength(2);
    // Another member's form of the same nonce is another form.
    const colleague = await signUpMember({ organisationId: member.organisation.organisationId });
    expect((await post(app, colleague, '/dashboard/api-keys/new', { ...FORM, nonce })).status).toBe(200);
  });

  it.each([
    ['no name', { name: ' \u200b ' }, 'Give the key a name'],
    ['a long name', { name: 'n'.repeat(61) }, 'at most 60 characters'],
    ['no scope', { scope_sandbox: '', scope_usage: '' }, 'Choose at least one'],
    ['another lifetime', { lifetime: '9999' }, 'Choose how long'],
    ['no range', { allowed_ips: '203.0.113.0/24\nmy-office' }, 'Entry 2 is no IP address'],
    ['many ranges', { allowed_ips: '::1 '.repeat(21) }, 'at most 20'],
  ])('asks again for %s, and keeps what was typed', async (_what, form, words) => {
    const app = testApp();
    const member = await signUpMember();
    const nonce = newSecret();
    const answer = await post(app, member, '/dashboard/api-keys/new', { ...FORM, ...form, nonce });
    expect(answer.status).toBe(400);
    const html = await answer.text();
    expect(html).toContain(words);
    expect(html).toContain(`value="${nonce}"`);
    expect(html).toContain('<title>Error: New API key');
    expect(await keysIn(member.organisation.organisationId)).toEqual([]);
  });

  it('counts a name in characters', async () => {
    const app = testApp();
    const member = await signUpMember();
    const name = '𠮷'.repeat(60);
    await make(app, member, { name });
    expect(await keysIn(member.organisation.organisationId)).toMatchObject([{ name }]);
  });

  it('ties hint and problem to a question answered by choosing, as screen readers say them', async () => {
    const form = { ...FORM, scope_sandbox: '', scope_usage: '', nonce: newSecret() };
    const answer = await post(testApp(), await signUpMember(), '/dashboard/api-keys/new', form);
    const html = await answer.text();
    expect(html).toContain('<fieldset aria-describedby="what-it-opens-hint what-it-opens-error">');
    expect(html).toContain('id="what-it-opens-hint">Take only');
    expect(html).toContain('id="what-it-opens-error">Choose at least one');
  });

  it('takes no form without its nonce, and no scope that is none', async () => {
    const app = testApp();
    const member = await signUpMember();
    for (const nonce of ['', 'short', `${newSecret()}x`]) {
      expect((await post(app, member, '/dashboard/api-keys/new', { ...FORM, nonce })).status).toBe(400);
    }
    await make(app, member, { scope_customers: 'on', scope_sandbox: '' });
    expect(await keysIn(member.organisation.organisationId)).toMatchObject([{ scopes: 'usage' }]);
  });

  it(`stops at ${LIVE_KEYS_MAXIMUM} live keys, also of forms sent at once`, async () => {
    const app = testApp();
    const member = await signUpMember();
    const { organisationId } = member.organisation;
    const doer = doerOf(member);
    for (let made = 0; made < LIVE_KEYS_MAXIMUM - 2; made += 1) {
      const { ok } = await createApiKey(testScope(), doer, {
        nonce: newSecret(),
        name: `Key ${made}`,
        scopes: ['usage'],
        lifetimeSeconds: made === 0 ? 1 : undefined,
        allowedIps: [],
      });
      expect(ok).toBe(true);
    }
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        post(testApp(), member, '/dashboard/api-keys/new', { ...FORM, nonce: newSecret() }),
      ),
    );
    expect(statusesOf(answers)).toEqual([200, 200, 409, 409, 409]);
    expect(await answers.find(({ status }) => status === 409)?.text()).toContain('20 live API keys');
    expect(await keysIn(organisationId)).toHaveLength(LIVE_KEYS_MAXIMUM);
    // With an overlap the old key still counts; without, the new one takes its place.
    const keyId = String((await keysIn(organisationId)).at(-1)?.['key_id']);
    const crowded = await post(app, member, `/dashboard/api-keys/${keyId}/roll`, { overlap: '3600' });
    expect(crowded.status).toBe(409);
    expect(await crowded.text()).toContain('roll without an overlap');
    expect((await post(app, member, `/dashboard/api-keys/${keyId}/roll`, { overlap: '0' })).status).toBe(200);
    // One has expired.
    app.advance(1_000);
    expect((await post(app, member, '/dashboard/api-keys/new', { ...FORM, nonce: newSecret() })).status).toBe(
      200,
    );
    expect((await (await page(app, member, '/dashboard/api-keys')).text()).split('<tr>')).toHaveLength(
      LIVE_KEYS_MAXIMUM + 2 + 2,
    );
  });
});

describe('rolling a key', () => {
  it.each([
    ['0', 'no', 0],
    ['3600', '1 hour', 3_600],
    ['86400', '24 hours', DAY],
    ['604800', '7 days', 7 * DAY],
  ])('with overlap %s: the old key works %s more', async (overlap, _words, seconds) => {
    const app = testApp();
    const member = await signUpMember();
    const old = await make(app, member, { allowed_ips: '' });
    const answer = await post(app, member, `/dashboard/api-keys/${old.keyId}/roll`, { overlap });
    expect(answer.status).toBe(200);
    const html = await answer.text();
    const key = KEY.exec(html)?.[0] ?? '';
    expect(key).not.toBe(old.key);
    expect(html).toContain(seconds > 0 ? 'works until <time' : 'has stopped working.');
    const [was, is] = await keysIn(member.organisation.organisationId);
    expect(was).toMatchObject({ rolled_at: NOW, expires_at: NOW + seconds });
    expect(is).toMatchObject({
      name: 'Build server',
      scopes: 'sandbox usage',
      rolled_from: old.keyId,
      expires_at: NOW + 90 * DAY,
      created_by: member.developer.developerId,
    });
    expect((await whoAmI(app, key)).status).toBe(200);
    if (seconds > 0) {
      expect(await (await whoAmI(app, old.key)).json()).toMatchObject({ status: 'rolled' });
      app.advance((seconds - 1) * 1000);
      expect((await whoAmI(app, old.key)).status).toBe(200);
      app.advance(1_000);
    }
    const ended = await whoAmI(app, old.key);
    expect([ended.status, await ended.json()]).toMatchObject([401, { code: 'invalid_api_key' }]);
    expect((await whoAmI(app, key)).status).toBe(200);
    expect(await deedsOf(member.organisation.organisationId)).toMatchObject([
      { action: 'api_key.create' },
      { action: 'api_key.roll', subject: old.keyId },
    ]);
  });

  it('never lengthens the life of the old key', async () => {
    const app = testApp();
    const member = await signUpMember();
    const old = await make(app, member, { lifetime: '30' });
    app.advance((30 * DAY - 60) * 1000);
    // The session is as old by now.
    const later = await signUpMember({
      organisationId: member.organisation.organisationId,
      now: NOW + 30 * DAY - 60,
    });
    const answer = await post(app, later, `/dashboard/api-keys/${old.keyId}/roll`, { overlap: '604800' });
    expect(answer.status).toBe(200);
    const [was, is] = await keysIn(member.organisation.organisationId);
    expect(was).toMatchObject({ expires_at: NOW + 30 * DAY });
    expect(is).toMatchObject({ expires_at: NOW + 60 * DAY - 60 });
  });

  it('twice, also at once, makes one successor', async () => {
    const app = testApp();
    const member = await signUpMember();
    const old = await make(app, member);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        post(testApp(), member, `/dashboard/api-keys/${old.keyId}/roll`, { overlap: '3600' }),
      ),
    );
    expect(statusesOf(answers)).toEqual([200, 303, 303, 303, 303]);
    const rows = await keysIn(member.organisation.organisationId);
    expect(rows).toHaveLength(2);
    const shown = (await answers.find(({ status }) => status === 200)?.text()) ?? '';
    expect((await whoAmI(app, KEY.exec(shown)?.[0] ?? '')).status).toBe(200);
    const elsewhere = new Set(answers.map(({ headers }) => headers.get('location')));
    expect(elsewhere).toEqual(
      new Set([null, `/dashboard/api-keys/${String(rows[1]?.['key_id'])}?notice=made`]),
    );
    const late = await post(app, member, `/dashboard/api-keys/${old.keyId}/roll`, { overlap: '0' });
    expect(elsewhere).toContain(late.headers.get('location'));
    expect((await keysIn(member.organisation.organisationId))[0]).toMatchObject({ expires_at: NOW + 3_600 });
    expect(await deedsOf(member.organisation.organisationId)).toHaveLength(2);
  });

  it('twice without an overlap leads to the successor too, which says that it is shown no more', async () => {
    const app = testApp();
    const member = await signUpMember();
    const old = await make(app, member);
    const roll = () => post(app, member, `/dashboard/api-keys/${old.keyId}/roll`, { overlap: '0' });
    expect((await roll()).status).toBe(200);
    const told = (await roll()).headers.get('location') ?? '';
    const text = await (await page(app, member, told)).text();
    expect(text).toContain('This key was made already');
    expect(text).toContain(`href="/dashboard/api-keys/${old.keyId}"`);
  });

  it('beside its revocation: the key ends either way, and what is recorded is what happened', async () => {
    const member = await signUpMember();
    const doer = doerOf(member);
    const made = await createApiKey(testScope(), doer, {
      nonce: newSecret(),
      name: 'Raced',
      scopes: ['usage'],
      lifetimeSeconds: undefined,
      allowedIps: [],
    });
    if (!made.ok) throw new Error('not made');
    const { keyId } = made.value.apiKey;
    const [rolled, revoked] = await Promise.all([
      rollApiKey(testScope(), doer, { keyId, overlapSeconds: 3_600 }),
      revokeApiKey(testScope(), doer, keyId),
    ]);
    expect(revoked.ok).toBe(true);
    const [old, ...others] = await keysIn(member.organisation.organisationId);
    expect(old).toMatchObject({ revoked_at: NOW });
    expect(others).toHaveLength(rolled.ok ? 1 : 0);
    expect(await deedsOf(member.organisation.organisationId)).toHaveLength(rolled.ok ? 3 : 2);
  });

  it('takes no other overlap', async () => {
    const app = testApp();
    const member = await signUpMember();
    const { keyId } = await make(app, member);
    for (const overlap of ['', '1', '-1', '99999999', 'constructor']) {
      expect((await post(app, member, `/dashboard/api-keys/${keyId}/roll`, { overlap })).status).toBe(400);
    }
    expect(await keysIn(member.organisation.organisationId)).toMatchObject([{ rolled_at: null }]);
  });
});

describe('revoking a key', () => {
  it('asks first, then ends it in every isolate at the next call', async () => {
    const app = testApp();
    const member = await signUpMember();
    const { key, keyId } = await make(app, member);
    const others = Array.from({ length: 3 }, () => testApp());
    for (const other of others) expect((await whoAmI(other, key)).status).toBe(200);
    const asked = await page(app, member, `/dashboard/api-keys/${keyId}/revoke`);
    expect(await asked.text()).toContain('cannot be undone');
    expect((await whoAmI(app, key)).status).toBe(200);

    const flying = others.flatMap((other) => Array.from({ length: 5 }, () => whoAmI(other, key)));
    const answer = await post(app, member, `/dashboard/api-keys/${keyId}/revoke`);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/dashboard/api-keys/${keyId}`]);
    for (const other of [app, ...others]) expect((await whoAmI(other, key)).status).toBe(401);
    for (const { status } of await Promise.all(flying)) expect([200, 401]).toContain(status);

    // Its state, and since when.
    const shown = await (await page(app, member, `/dashboard/api-keys/${keyId}`)).text();
    expect(shown.match(/<dt>Revoked<\/dt><dd><time/g)).toHaveLength(1);
    for (const change of ['revoke', 'roll']) {
      const late = await post(app, member, `/dashboard/api-keys/${keyId}/${change}`, { overlap: '0' });
      const told = late.headers.get('location') ?? '';
      expect(await (await page(app, member, told)).text()).toContain('rolled or revoked before');
    }
    expect(await deedsOf(member.organisation.organisationId)).toHaveLength(2);
  });
});

describe('who may', () => {
  const CHANGES = ['new', 'KEY/roll', 'KEY/revoke'];

  it('a viewer reads, and changes nothing', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const { keyId } = await make(app, owner);
    const viewer = await signUpMember({ role: 'viewer', organisationId: owner.organisation.organisationId });
    const list = await (await page(app, viewer, '/dashboard/api-keys')).text();
    expect(list).toContain('Build server');
    expect(list).not.toContain('/dashboard/api-keys/new');
    const one = await (await page(app, viewer, `/dashboard/api-keys/${keyId}`)).text();
    expect(one).not.toContain('/roll');
    for (const change of CHANGES) {
      const path = `/dashboard/api-keys/${change.replace('KEY', keyId)}`;
      expect((await page(app, viewer, path)).status).toBe(403);
      expect((await post(app, viewer, path, { ...FORM, nonce: newSecret(), overlap: '0' })).status).toBe(403);
    }
    expect(await keysIn(owner.organisation.organisationId)).toMatchObject([
      { revoked_at: null, rolled_at: null },
    ]);
  });

  it('an owner whose password is older than 15 minutes proves it anew', async () => {
    const app = testApp();
    const owner = await signUpMember({ confirmed: false });
    expect((await page(app, owner, '/dashboard/api-keys')).status).toBe(200);
    for (const change of CHANGES) {
      const path = `/dashboard/api-keys/${change}`;
      for (const answer of [
        await page(app, owner, path),
        await post(app, owner, path, { nonce: newSecret() }),
      ]) {
        expect(answer.status).toBe(303);
        expect(answer.headers.get('location')).toContain('/dashboard/confirm?next=');
      }
    }
  });

  it("another organisation's key is not there", async () => {
    const app = testApp();
    const owner = await signUpMember();
    const { key, keyId } = await make(app, owner);
    const stranger = await signUpMember();
    for (const path of ['', '/roll', '/revoke']) {
      expect((await page(app, stranger, `/dashboard/api-keys/${keyId}${path}`)).status).toBe(404);
    }
    for (const path of ['/roll', '/revoke']) {
      const answer = await post(app, stranger, `/dashboard/api-keys/${keyId}${path}`, { overlap: '0' });
      expect(answer.status).toBe(404);
    }
    expect(await (await page(app, stranger, '/dashboard/api-keys')).text()).not.toContain('Build server');
    expect((await whoAmI(app, key)).status).toBe(200);
    expect(await deedsOf(stranger.organisation.organisationId)).toEqual([]);
  });

  it('a key opens no page of the dashboard', async () => {
    const app = testApp();
    const { key } = await make(app, await signUpMember());
    for (const path of ['/dashboard/api-keys', '/dashboard/api-keys/new']) {
      const answer = await app.request(path, {
        headers: { authorization: `Bearer ${key}` },
        redirect: 'manual',
      });
      expect(answer.headers.get('location')).toContain('/dashboard/sign-in');
    }
  });
});

describe('a key by itself', () => {
  it('ends itself, and is recorded as who did', async () => {
    const app = testApp();
    const member = await signUpMember();
    const { key, keyId } = await make(app, member);
    const answer = await whoAmI(app, key, 'DELETE');
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect((await whoAmI(testApp(), key)).status).toBe(401);
    expect((await whoAmI(app, key, 'DELETE')).status).toBe(401);
    expect((await deedsOf(member.organisation.organisationId)).at(-1)).toMatchObject({
      action: 'api_key.revoke',
      subject: keyId,
      actorId: keyId,
      actor: `sk_sandbox_...${key.slice(-4)}`,
    });
  });

  it('that came with the local sandbox stays', async () => {
    const app = testApp();
    await insertOrganisationWithKey({ apiKey: LOCAL_API_KEY });
    await env.DB.prepare("UPDATE api_keys SET key_id = 'local' WHERE digest = ?")
      .bind(await digestOf(LOCAL_API_KEY))
      .run();
    const answer = await whoAmI(app, LOCAL_API_KEY, 'DELETE');
    expect([answer.status, await answer.json()]).toMatchObject([409, { code: 'conflict' }]);
    expect((await whoAmI(app, LOCAL_API_KEY)).status).toBe(200);
  });

  it('is in no log line, row, audit or page but the one that shows it', async () => {
    const app = testApp();
    const member = await signUpMember();
    const { key, keyId } = await make(app, member);
    const rolled = await post(app, member, `/dashboard/api-keys/${keyId}/roll`, { overlap: '3600' });
    const next = KEY.exec(await rolled.text())?.[0] ?? '';
    await whoAmI(app, key);
    await whoAmI(app, `${next}x`);
    await whoAmI(app, next, 'DELETE');
    const { results } = await env.DB.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    ).all<{ name: string }>();
    const tables = await Promise.all(
      results.map(({ name }) => env.DB.prepare(`SELECT * FROM "${name}"`).all()),
    );
    const pages = await Promise.all(
      ['', `/${keyId}`, `/${keyId}/revoke`].map(async (path) =>
        (await page(app, member, `/dashboard/api-keys${path}`)).text(),
      ),
    );
    const kept = JSON.stringify([app.lines, tables.map((table) => table.results), pages]);
    expect(kept).toContain(keyId);
    for (const secret of [key, next]) {
      // Not even without its prefix, or its checksum.
      expect(secret).toMatch(KEY);
      expect(kept).not.toContain(secret.slice('sk_sandbox_'.length, -6));
    }
  });
});

describe('in production', () => {
  const origin = PRODUCTION.ISSUER;
  const productionApp = () => testApp({ origin, bindings: PRODUCTION });
  const NEW = '/dashboard/api-keys/new';
  const LIVE_FORM = { name: 'Monitoring', scope_usage: 'on', lifetime: 'never' };

  async function join(clientId: string, organisationId: string, joinedAt: number): Promise<void> {
    await env.DB.prepare('INSERT INTO organisation_clients VALUES (?, ?, ?, ?)')
      .bind(clientId, organisationId, joinedAt, 'dev_1')
      .run();
  }

  async function authenticate(clientId: string, at: number): Promise<void> {
    await env.CLIENTS.get(env.CLIENTS.idFromName(clientId)).admit({
      nowMs: at * 1000,
      limit: 100,
      authenticated: true,
    });
  }

  it('waits for an application of a trusted directory that proved itself since it joined', async () => {
    const app = productionApp();
    const member = await signUpMember({ issuer: origin });
    const { organisationId } = member.organisation;
    const told = async () => {
      const asked = await (await page(app, member, NEW)).text();
      const posted = await post(app, member, NEW, { ...LIVE_FORM, nonce: newSecret() });
      expect([posted.status, asked.includes('name="nonce"')]).toEqual([409, false]);
      const words = (html: string) => /one thing is missing[\s\S]*?<\/section>/.exec(html)?.[0];
      expect(words(await posted.text())).toBe(words(asked));
      return asked;
    };
    expect(await told()).toContain('<b>An application of yours.</b>');

    const software = { directoryIssuer: 'https://gone.example', orgId: 'o', softwareId: 's' };
    const foreign = await makeClient({ software });
    await join(foreign.clientId, organisationId, NOW);
    await authenticate(foreign.clientId, NOW + 1);
    expect(await told()).toContain('<b>A software statement of a directory we trust.</b>');

    const { clientId } = await makeClient();
    await authenticate(clientId, NOW - 1);
    await join(clientId, organisationId, NOW);
    expect(await told()).toContain('<b>A proof of its key.</b>');

    await authenticate(clientId, NOW);
    const nonce = await nonceOf(app, member);
    const html = await (await page(app, member, NEW)).text();
    expect(html).not.toContain('scope_sandbox');
    const made = await post(app, member, NEW, { ...LIVE_FORM, scope_sandbox: 'on', nonce });
    expect(made.status).toBe(200);
    const key = KEY.exec(await made.text())?.[0] ?? '';
    expect(key).toMatch(/^sk_live_/);
    const own = await whoAmI(app, key);
    expect(await own.json()).toMatchObject({
      environment: 'production',
      scopes: ['usage'],
      expires_at: null,
    });
    // The sandbox tells it apart.
    expect(await (await whoAmI(testApp(), key)).json()).toMatchObject({ code: 'wrong_environment' });
    expect(await (await whoAmI(app, await newApiKey('sandbox'))).json()).toMatchObject({
      code: 'wrong_environment',
    });
  });

  it('does not count a client that was suspended, ended, or whose directory lost its trust', async () => {
    const app = productionApp();
    const issuer = 'https://directory.example';
    for (const spoil of [
      async (client: Awaited<ReturnType<typeof makeClient>>) =>
        void (await client.change({ status: 'suspended' })),
      async (client: Awaited<ReturnType<typeof makeClient>>) =>
        void (await client.change({ status: 'ended' })),
      async () => {
        await env.DB.prepare('INSERT INTO distrusted_directories VALUES (?, ?)').bind(issuer, NOW).run();
      },
    ]) {
      const member = await signUpMember({ issuer: origin });
      const client = await makeClient();
      await join(client.clientId, member.organisation.organisationId, NOW);
      await authenticate(client.clientId, NOW);
      const made = await post(app, member, NEW, { ...LIVE_FORM, nonce: await nonceOf(app, member) });
      expect(made.status).toBe(200);
      await spoil(client);
      // A key that takes another's place is a new one.
      const [old] = await keysIn(member.organisation.organisationId);
      const roll = `/dashboard/api-keys/${String(old?.['key_id'])}/roll`;
      const rolled = await post(productionApp(), member, roll, { overlap: '3600' });
      expect([rolled.status, await rolled.text()]).toEqual([
        409,
        expect.stringContaining('one thing is missing'),
      ]);
      expect(await keysIn(member.organisation.organisationId)).toMatchObject([{ rolled_at: null }]);
      const answer = await post(productionApp(), member, NEW, { ...LIVE_FORM, nonce: newSecret() });
      expect(answer.status).toBe(409);
    }
    await env.DB.prepare('DELETE FROM distrusted_directories WHERE issuer = ?').bind(issuer).run();
  });
});
