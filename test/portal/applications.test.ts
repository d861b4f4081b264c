/** An application made in the dashboard: each step, what is wrong with its answers, and the registration at its end. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import {
  browse,
  clientIdIn,
  hidden,
  makeApplication,
  SOFTWARE,
  tokenIn,
  walkToReview,
} from '../support/applications.ts';
import { signUpMember } from '../support/developers.ts';
import { makeKey, signAssertion } from '../support/test-client.ts';

async function begin(role?: 'owner' | 'developer' | 'viewer') {
  const app = testApp();
  const member = await signUpMember(role === undefined ? {} : { role });
  return { app, member, browser: browse(app, member) };
}

async function deedsOf(organisationId: string) {
  const { results } = await env.DB.prepare(
    'SELECT action, subject, detail FROM developer_deeds WHERE organisation_id = ? ORDER BY sequence',
  )
    .bind(organisationId)
    .all<{ action: string; subject: string; detail: string }>();
  return results;
}

async function countClients(organisationId: string): Promise<number> {
  const row = await env.DB.prepare('SELECT count(*) AS count FROM clients WHERE organisation_id = ?')
    .bind(organisationId)
    .first<{ count: number }>();
  return row?.count ?? 0;
}

describe('the four steps', () => {
  it('end in a registered client whose key gets a token', async () => {
    const { app, member, browser } = await begin('developer');
    const key = await makeKey();
    expect((await browser.open('')).html).toContain('No applications yet');
    const review = await walkToReview(browser, SOFTWARE, key);
    expect(review.status).toBe(200);
    expect(review.html).toContain('"redirect_uris": [\n    "https://acorn.example/callback"\n  ]');
    expect(review.html).toContain(key.publicJwk.kid);

    const registered = await browser.post('/new/review', { form: hidden(review.html, 'form') });
    expect(registered.status).toBe(200);
    const [clientId, token] = [clientIdIn(registered.html), tokenIn(registered.html)];
    const read = await app.request(`/register/${clientId}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await read.json()).toMatchObject({
      client_id: clientId,
      client_name: 'Acorn Finance',
      logo_uri: 'https://acorn.example/logo.svg',
      redirect_uris: ['https://acorn.example/callback'],
      scope: 'openid accounts transactions',
      jwks: { keys: [key.publicJwk] },
    });
    const tokens = await app.sendForm('/oauth/token', {
      grant_type: 'client_credentials',
      scope: 'consents',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await signAssertion(clientId, key),
    });
    expect(tokens.status).toBe(200);

    const list = await browser.open('');
    expect(list.html).toContain('Acorn Finance');
    expect(list.html).toContain(clientId);
    const one = await browser.open(`/${clientId}`);
    expect(one.html).toContain('100 requests a minute; 99 left');
    expect(one.html).toContain(key.publicJwk.kid);
    expect(one.html).not.toContain(token);
    const [deed] = await deedsOf(member.organisation.organisationId);
    expect(deed).toMatchObject({ action: 'application.register', subject: clientId });
  });

  it('name in the .env the first key of the set that signs', async () => {
    const { browser } = await begin();
    const keys = [
      { ...(await makeKey('PS256', 'encrypts')).publicJwk, use: 'enc' },
      { ...(await makeKey('PS256', 'for others')).publicJwk, alg: 'RS256' },
      (await makeKey('EdDSA', 'signs')).publicJwk,
    ];
    await browser.post('/new', SOFTWARE);
    const draft = hidden((await browser.open('/new/keys')).html, 'draft');
    await browser.post('/new/keys', { draft, key_source: 'jwks', jwks: JSON.stringify({ keys }) });
    await browser.post('/new/statement', { draft });
    const form = hidden((await browser.open('/new/review')).html, 'form');
    const { html } = await browser.post('/new/review', { form });
    expect(html).toContain('KEY_ID=signs\nKEY_ALGORITHM=EdDSA\n');
  });

  it('leave the algorithm to the private key where the keys are behind an address', async () => {
    const { browser } = await begin();
    await browser.post('/new', SOFTWARE);
    const draft = hidden((await browser.open('/new/keys')).html, 'draft');
    await browser.post('/new/keys', {
      draft,
      key_source: 'jwks_uri',
      jwks_uri: 'https://keys.acorn.example/jwks',
    });
    await browser.post('/new/statement', { draft });
    const form = hidden((await browser.open('/new/review')).html, 'form');
    const { html } = await browser.post('/new/review', { form });
    expect(html).toContain("KEY_ID=''\nKEY_ALGORITHM=''\n");
  });

  it('keep what was answered, and can be gone back to', async () => {
    const { browser } = await begin();
    await browser.post('/new', { ...SOFTWARE, redirect_uris: 'https://a.example/1\nhttps://a.example/2' });
    const again = await browser.open('/new');
    expect(again.html).toContain('https://a.example/1\nhttps://a.example/2');
    expect((await browser.open('/new?fresh=1')).html).not.toContain('https://a.example/1');
    // A step that is not reached leads to the one to answer.
    expect((await browser.open('/new/statement')).location).toBe('/dashboard/applications/new/keys');
    expect((await browser.open('/new/review')).location).toBe('/dashboard/applications/new/keys');
  });

  it('have the statement minted anew when an answer before it changes', async () => {
    const { browser } = await begin();
    const review = await walkToReview(browser);
    const draft = hidden((await browser.open('/new')).html, 'draft');
    await browser.post('/new', { ...SOFTWARE, draft, redirect_uris: 'https://other.example/callback' });
    expect((await browser.open('/new/review')).location).toBe('/dashboard/applications/new/statement');
    const form = hidden(review.html, 'form');
    const unsigned = await browser.post('/new/review', { form });
    expect(unsigned.status).toBe(400);
    expect(unsigned.html).toContain('changed in another tab');
    expect(unsigned.html).toContain('Get the statement and continue');
    expect(unsigned.html).toContain('href="/docs/errors#conflict"');
    await browser.post('/new/statement', { draft });
    const stale = await browser.post('/new/review', { form });
    expect(stale.status).toBe(400);
    expect(stale.html).toContain('changed in another tab');
    expect(stale.html).toContain('https://other.example/callback');
  });

  it('belong to the developer and organisation that began them', async () => {
    const { app, member, browser } = await begin();
    await browser.post('/new', SOFTWARE);
    const { organisationId } = member.organisation;
    const colleague = browse(app, await signUpMember({ organisationId, role: 'developer' }));
    expect((await colleague.open('/new')).html).not.toContain('acorn.example');
    const draft = hidden((await browser.open('/new/keys')).html, 'draft');
    const foreign = await colleague.post('/new/keys', { draft, key_source: 'jwks', jwks: '{}' });
    expect(foreign).toMatchObject({ status: 303, location: '/dashboard/applications/new?lost=1' });
  });
});

describe('what is wrong with an answer is said beside its field', () => {
  it.each([
    ['no name', { name: ' \u200b ' }, 'Give the application a name.'],
    ['a logo that is no https address', { logo_uri: 'javascript:alert(1)' }, 'must begin with https://'],
    ['no redirect URI', { redirect_uris: ' \n ' }, 'Name at least one and at most 20 redirect URIs.'],
    [
      'http',
      { redirect_uris: 'https://a.example\nhttp://a.example/cb' },
      'Redirect URI 2 is not an https URI.',
    ],
    ['a fragment', { redirect_uris: 'https://a.example/#x' }, 'Redirect URI 1 has a fragment.'],
    ['a wildcard', { redirect_uris: 'https://*.example/cb' }, 'Redirect URI 1 has a wildcard.'],
    [
      'too many',
      { redirect_uris: Array.from({ length: 21 }, (_, n) => `https://a.example/${n}`).join('\n') },
      'Name at least one and at most 20 redirect URIs.',
    ],
    ['no role', { role_AISP: '' }, 'Choose at least one role.'],
  ])('step 1, %s', async (_, fields, message) => {
    const { browser } = await begin();
    const answer = await browser.post('/new', { ...SOFTWARE, ...fields });
    expect(answer.status).toBe(400);
    expect(answer.html).toContain(message);
    expect(answer.html).toContain('<title>Error: ');
    expect((await browser.open('/new/keys')).location).toBe('/dashboard/applications/new');
  });

  it.each([
    ['nothing', {}, 'Generate a key pair first'],
    ['no JSON', { key_source: 'jwks', jwks: 'nope' }, 'This is no JSON.'],
    [
      'a PEM text',
      { key_source: 'jwks', jwks: '-----BEGIN PUBLIC KEY-----' },
      'Paste the keys as a JWK set.',
    ],
    ['no keys', { key_source: 'jwks', jwks: '{"keys":[]}' }, 'must hold 1 to 20 keys'],
    [
      'an address that is not public',
      { key_source: 'jwks_uri', jwks_uri: 'https://10.0.0.1/jwks' },
      'Name an https',
    ],
    ['no address', { key_source: 'jwks_uri' }, 'Name an https address'],
  ])('step 2, %s', async (_, fields, message) => {
    const { browser } = await begin();
    await browser.post('/new', SOFTWARE);
    const draft = hidden((await browser.open('/new/keys')).html, 'draft');
    const answer = await browser.post('/new/keys', { draft, ...fields });
    expect(answer.status).toBe(400);
    expect(answer.html).toContain(message);
  });

  it('step 2, keys that prove nothing', async () => {
    const { browser } = await begin();
    const { publicJwk } = await makeKey('PS256');
    await browser.post('/new', SOFTWARE);
    const draft = hidden((await browser.open('/new/keys')).html, 'draft');
    const encrypts = { ...publicJwk, kid: 'other', use: 'enc' };
    const jwks = JSON.stringify({ keys: [{ ...publicJwk, alg: 'RS256' }, encrypts] });
    const answer = await browser.post('/new/keys', { draft, key_source: 'jwks', jwks });
    expect(answer.status).toBe(400);
    expect(answer.html).toContain('None of the keys can prove your software');
  });

  it('takes what was filled in where no script chose', async () => {
    const { browser } = await begin();
    const { publicJwk } = await makeKey('PS256');
    await browser.post('/new', SOFTWARE);
    const draft = hidden((await browser.open('/new/keys')).html, 'draft');
    const answer = await browser.post('/new/keys', {
      draft,
      key_source: 'generated',
      jwks: JSON.stringify(publicJwk),
    });
    expect(answer.location).toBe('/dashboard/applications/new/statement');
  });

  it('neither keeps nor repeats a private key', async () => {
    const { app, member, browser } = await begin();
    await browser.post('/new', SOFTWARE);
    const draft = hidden((await browser.open('/new/keys')).html, 'draft');
    const d = 'x'.repeat(43);
    const jwks = JSON.stringify({ keys: [{ ...(await makeKey()).publicJwk, d }] });
    for (const fields of [
      { key_source: 'jwks', jwks },
      { key_source: 'generated', generated_jwks: jwks },
      { key_source: 'jwks', jwks: `-----BEGIN PRIVATE KEY-----\n${d}\n-----END PRIVATE KEY-----` },
    ]) {
      const answer = await browser.post('/new/keys', { draft, ...fields });
      expect(answer.status).toBe(400);
      expect(answer.html).toContain('This holds a private key.');
      expect(answer.html).not.toContain(d);
    }
    const rows = await env.DB.prepare('SELECT content FROM application_drafts WHERE organisation_id = ?')
      .bind(member.organisation.organisationId)
      .all();
    expect(JSON.stringify([rows.results, app.lines])).not.toContain(d);
  });
});

describe('registering', () => {
  it('twice with one form makes one client, and answers alike', async () => {
    const { member, browser } = await begin();
    const form = hidden((await walkToReview(browser)).html, 'form');
    const answers = await Promise.all([
      browser.post('/new/review', { form }),
      browser.post('/new/review', { form }),
      browser.post('/new/review', { form }),
    ]);
    answers.push(await browser.post('/new/review', { form }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ html }) => clientIdIn(html))).size).toBe(1);
    expect(new Set(answers.map(({ html }) => tokenIn(html))).size).toBe(1);
    expect(await countClients(member.organisation.organisationId)).toBe(1);
    expect(await deedsOf(member.organisation.organisationId)).toHaveLength(1);
  });

  it('from two tabs makes one client; the second is led to it', async () => {
    const { member, browser } = await begin();
    const one = hidden((await walkToReview(browser)).html, 'form');
    const two = hidden((await browser.open('/new/review')).html, 'form');
    const clientId = clientIdIn((await browser.post('/new/review', { form: one })).html);
    const second = await browser.post('/new/review', { form: two });
    expect(second.location).toBe(`/dashboard/applications/${clientId}?done=before`);
    expect(await countClients(member.organisation.organisationId)).toBe(1);
  });

  it('after another was begun in a second tab leads to that one, and says so', async () => {
    const { browser } = await begin();
    const form = hidden((await walkToReview(browser)).html, 'form');
    await browser.post('/new', { ...SOFTWARE, name: 'Another' });
    const answer = await browser.post('/new/review', { form });
    expect(answer.location).toBe('/dashboard/applications/new?lost=1');
    expect((await browser.open('/new?lost=1')).html).toContain('an application you are no longer making');
  });

  it('is not begun from a page that was shown for another organisation', async () => {
    const { app, member, browser } = await begin();
    const shown_for = hidden((await browser.open('/new')).html, 'shown_for');
    expect(shown_for).toBe(member.organisation.organisationId);
    const elsewhere = browse(app, await signUpMember());
    const answer = await elsewhere.post('/new', { ...SOFTWARE, shown_for });
    expect(answer.status).toBe(409);
    expect(answer.html).toContain('You are working in another organisation by now');
    expect((await elsewhere.open('/new/keys')).location).toBe('/dashboard/applications/new');
  });

  it('with a form that is old, changed or another’s does nothing', async () => {
    const { app, member, browser } = await begin();
    const form = hidden((await walkToReview(browser)).html, 'form');
    const stranger = browse(app, await signUpMember());
    expect((await stranger.post('/new/review', { form })).location).toContain('lost=1');
    expect((await browser.post('/new/review', { form: `${form}x` })).html).toContain('too old');
    expect((await browser.post('/new/review')).html).toContain('too old');
    app.advance(31 * 60_000);
    expect((await browser.post('/new/review', { form })).html).toContain('too old');
    expect(await countClients(member.organisation.organisationId)).toBe(0);
  });

  it('says so where the organisation has no room for one more', async () => {
    const member = await signUpMember();
    const app = testApp({ bindings: { LIVE_CLIENTS_PER_ORGANISATION: '1' } });
    const browser = browse(app, member);
    await makeApplication(browser);
    const review = await walkToReview(browser, { ...SOFTWARE, name: 'Another' });
    const answer = await browser.post('/new/review', { form: hidden(review.html, 'form') });
    expect(answer.status).toBe(400);
    expect(answer.html).toContain('There are too many live clients');
    expect(await countClients(member.organisation.organisationId)).toBe(1);
    expect(await deedsOf(member.organisation.organisationId)).toHaveLength(1);
  });

  it('leaves the token in the one answer alone', async () => {
    const { app, member, browser } = await begin();
    const form = hidden((await walkToReview(browser)).html, 'form');
    expect(form).not.toContain('reg_token_');
    const { html } = await browser.post('/new/review', { form });
    const token = tokenIn(html);
    const { organisationId } = member.organisation;
    const rows = await Promise.all(
      ['clients', 'application_drafts', 'developer_deeds'].map((table) =>
        env.DB.prepare(`SELECT * FROM ${table} WHERE organisation_id = ?`).bind(organisationId).all(),
      ),
    );
    const kept = JSON.stringify([rows.map(({ results }) => results), app.lines]);
    expect(kept).toContain(clientIdIn(html));
    expect(kept).not.toContain(token.slice('reg_token_'.length));
  });
});

describe('who may', () => {
  it('a viewer reads and changes nothing', async () => {
    const { app, member, browser } = await begin();
    const { clientId } = await makeApplication(browser);
    const { organisationId } = member.organisation;
    const viewer = browse(app, await signUpMember({ organisationId, role: 'viewer' }));
    expect((await viewer.open('')).html).not.toContain('New application');
    const one = await viewer.open(`/${clientId}`);
    expect(one.status).toBe(200);
    expect(one.html).not.toContain(`${clientId}/edit`);
    for (const path of ['/new', '/new/keys', '/join', `/${clientId}/edit`, `/${clientId}/delete`]) {
      expect((await viewer.open(path)).status, path).toBe(403);
      expect((await viewer.post(path)).status, path).toBe(403);
    }
  });

  it('another organisation finds no application, whatever it asks', async () => {
    const { app, browser } = await begin();
    const { clientId } = await makeApplication(browser);
    const stranger = browse(app, await signUpMember());
    expect((await stranger.open('')).html).not.toContain(clientId);
    for (const page of ['', '/edit', '/token', '/delete', '/leave']) {
      expect((await stranger.open(`/${clientId}${page}`)).status, page).toBe(404);
      if (page !== '') {
        expect((await stranger.post(`/${clientId}${page}`)).status, page).toBe(404);
      }
    }
    expect((await stranger.open(`/${crypto.randomUUID()}`)).status).toBe(404);
    expect((await browser.open(`/${clientId}`)).status).toBe(200);
  });
});
