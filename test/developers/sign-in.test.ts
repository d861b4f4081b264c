/** Sign-in: one answer and one hash for every name that does not get in, the lock-out, and the session that comes of it. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import {
  failSignIns,
  hashesDuring,
  NEW_PASSWORD,
  newAddress,
  newPasswordDigest,
  postSignIn,
  postSignUp,
  wordsOf,
} from '../support/accounts.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { testBrowser } from '../support/browser.ts';
import { signUpMember } from '../support/developers.ts';

/** A deployed sandbox, at an address of its own. */
const DEPLOYED = { ISSUER: 'https://sandbox.api.hamsterbank.ai' };
const QUARTER_HOUR_MS = 15 * 60_000;

async function newMember() {
  return signUpMember({ passwordDigest: await newPasswordDigest() });
}

async function failTimes(app: TestApp, email: string, times: number): Promise<void> {
  for (let index = 0; index < times; index += 1) await postSignIn(testBrowser(app), email, 'wrong');
}

describe('every name that does not get in', () => {
  it('gets the same bytes, the same status and exactly one hash at the same cost', async () => {
    const app = testApp();
    const known = (await newMember()).developer.email;
    const locked = (await newMember()).developer.email;
    const passkeyOnly = (await signUpMember()).developer.email;
    const unconfirmed = newAddress();
    await postSignUp(testBrowser(app), unconfirmed);
    await failSignIns(app, locked, 5);
    const unknownLocked = newAddress();
    await failSignIns(app, unknownLocked, 5);
    const tries: [string, string][] = [
      [known, 'wrong'],
      [newAddress(), NEW_PASSWORD],
      [locked, NEW_PASSWORD],
      [unknownLocked, NEW_PASSWORD],
      [passkeyOnly, NEW_PASSWORD],
      [passkeyOnly, ''],
      [unconfirmed, NEW_PASSWORD],
      ['no address', NEW_PASSWORD],
      ['x'.repeat(5_000), 'y'.repeat(5_000)],
    ];
    const pages: string[] = [];
    for (const [email, password] of tries) {
      const browser = testBrowser(app);
      const hashes = await hashesDuring(async () => {
        const page = await postSignIn(browser, email, password);
        expect(page.status).toBe(400);
        pages.push(wordsOf(page, email));
      });
      expect([email, hashes]).toEqual([email, { '16384$8$5': 1 }]);
      expect(browser.cookies.size).toBe(0);
    }
    expect(new Set(pages).size).toBe(1);
    expect((await postSignIn(testBrowser(app), 'nobody')).html).toContain('href="/docs/dashboard#accounts"');
  });
});

describe('after five failures', () => {
  it('the name waits a quarter of an hour, then twice that, and a sign-in forgets them', async () => {
    const app = testApp();
    const { email } = (await newMember()).developer;
    const browser = testBrowser(app);
    await failTimes(app, email, 5);
    expect((await postSignIn(browser, email)).status).toBe(400);
    app.advance(QUARTER_HOUR_MS);
    await failSignIns(app, email, 5);
    app.advance(QUARTER_HOUR_MS);
    expect((await postSignIn(browser, email)).status).toBe(400);
    app.advance(QUARTER_HOUR_MS);
    expect((await postSignIn(browser, email)).status).toBe(303);
    await failSignIns(app, email, 4);
    expect((await postSignIn(browser, email)).status).toBe(303);
  });

  it('counts spellings of one address as one', async () => {
    const app = testApp();
    const { email } = (await newMember()).developer;
    await failTimes(app, email.toUpperCase(), 3);
    await failTimes(app, ` ${email}`, 2);
    expect((await postSignIn(testBrowser(app), email)).status).toBe(400);
  });

  it('does not count customers of the bank who have that name', async () => {
    const app = testApp();
    const { email } = (await newMember()).developer;
    const refused = async () => {
      const { results } = await env.DB.prepare(
        'SELECT tenant_id, count(*) AS names FROM login_attempts WHERE failures = 5 GROUP BY tenant_id',
      ).all<{ tenant_id: string; names: number }>();
      return new Map(results.map(({ tenant_id, names }) => [tenant_id, names]));
    };
    const before = await refused();
    await failSignIns(app, email, 5);
    const developers = (before.get('developers') ?? 0) + 1;
    expect(await refused()).toEqual(new Map([...before, ['developers', developers]]));
  });
});

it.each(['/sign-in', '/sign-up', '/sign-out', '/reset-password'])(
  'a method that no page has is answered 405 at /dashboard%s',
  async (path) => {
    const answer = await testApp().request(`/dashboard${path}`, { method: 'PUT', body: 'x' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toContain('POST');
  },
);

describe('a session', () => {
  it('begins with a value of its own, ends the one before, and is kept by its digest alone', async () => {
    const app = testApp();
    const { email } = (await newMember()).developer;
    const browser = testBrowser(app);
    const planted = 'P'.repeat(43);
    browser.cookies.set('developer', planted);
    await postSignIn(browser, email);
    const first = browser.cookies.get('developer') ?? '';
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(first).not.toBe(planted);
    const before = browser.copy();
    await postSignIn(browser, email);
    expect(browser.cookies.get('developer')).not.toBe(first);
    expect((await before.get('/dashboard/security')).status).toBe(303);
    expect((await browser.get('/dashboard/security')).status).toBe(200);
    const rows = JSON.stringify((await env.DB.prepare('SELECT * FROM developer_sessions').all()).results);
    expect(rows).not.toContain(browser.cookies.get('developer'));
  });

  it('has a cookie no script and no other site sees', async () => {
    const { email } = (await newMember()).developer;
    const signed = await postSignIn(testBrowser(testApp()), email);
    expect(signed.headers.getSetCookie()[0]).toMatch(
      /^developer=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  it('has a __Host- cookie over https', async () => {
    const { email } = (await newMember()).developer;
    const app = testApp({ origin: DEPLOYED.ISSUER, bindings: DEPLOYED });
    const signed = await testBrowser(app).post(
      '/dashboard/sign-in',
      { email, password: NEW_PASSWORD },
      { origin: DEPLOYED.ISSUER },
    );
    expect(signed.headers.getSetCookie()[0]).toMatch(/^__Host-developer=[\w-]{43}; .*Secure/);
  });

  it('goes on to pages of the dashboard alone', async () => {
    const { email } = (await newMember()).developer;
    const to = async (next: string) =>
      (await postSignIn(testBrowser(testApp()), email, NEW_PASSWORD, { next })).location;
    expect(await to('/dashboard/api-keys?x=1')).toBe('/dashboard/api-keys?x=1');
    expect(await to('https://evil.example/dashboard')).toBe('/dashboard');
    expect(await to('//evil.example')).toBe('/dashboard');
  });

  it('is not opened by a customer’s cookie, nor the other way round', async () => {
    const app = testApp();
    const { cookie } = await newMember();
    const value = cookie.split('=')[1] ?? '';
    for (const name of ['customer', 'access', '__Host-developer', '__Host-customer']) {
      const headers = { cookie: `${name}=${value}` };
      expect((await app.request('/dashboard/security', { headers, redirect: 'manual' })).status).toBe(303);
    }
  });

  it('ends by signing out', async () => {
    const app = testApp();
    const { email } = (await newMember()).developer;
    const browser = testBrowser(app);
    await postSignIn(browser, email);
    const copy = browser.copy();
    const out = await browser.post('/dashboard/sign-out', {});
    expect(out).toMatchObject({ status: 303, location: '/dashboard/sign-in?done=signed-out' });
    expect(browser.cookies.size).toBe(0);
    expect((await copy.get('/dashboard/security')).status).toBe(303);
  });
});

describe('the dashboard on a host of its own', () => {
  const bindings = { DEVELOPER_HOST: 'developer.example' };

  it('is nowhere else', async () => {
    expect((await testApp({ bindings }).request('/dashboard/sign-in')).status).toBe(404);
  });

  it('takes posts of its own pages alone', async () => {
    const app = testApp({ origin: 'https://developer.example', bindings: { ...DEPLOYED, ...bindings } });
    const post = (origin: string) =>
      testBrowser(app).post('/dashboard/sign-in', { email: newAddress(), password: 'x' }, { origin });
    expect((await post(DEPLOYED.ISSUER)).status).toBe(403);
    expect((await post('https://developer.example')).status).toBe(400);
  });
});
