/** Sign-up: an account begins with the mailed link and the password chosen, and no answer tells who has one. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import {
  failSignIns,
  hashesDuring,
  mailTo,
  NEW_PASSWORD,
  newAddress,
  postSignUp,
  signUpWhole,
  tokenIn,
  wordsOf,
} from '../support/accounts.ts';
import { testApp } from '../support/app.ts';
import { testBrowser } from '../support/browser.ts';
import { signUpMember } from '../support/developers.ts';
import { TEST_NOW_MS } from '../support/scope.ts';

const DAY_MS = 24 * 3_600_000;
/** As many as may try one name before the first of them was right. */
const RACERS = env.TEST_LENGTH === 'long' ? 5 : 3;
const confirm = '/dashboard/confirm-email';

async function rowsOf(email: string) {
  return env.DB.prepare(
    `SELECT d.developer_id, m.role, o.name, o.directory_issuer FROM developers d
      JOIN memberships m USING (developer_id) JOIN organisations o USING (organisation_id) WHERE d.email = ?`,
  )
    .bind(email)
    .all<Record<string, string>>();
}

describe('a stranger', () => {
  it('signs up, confirms by link and password, and owns a new organisation', async () => {
    const app = testApp();
    const { browser, email } = await signUpWhole(app);
    expect((await browser.get('/dashboard/security')).html).toContain(email);
    const { results } = await rowsOf(email);
    expect(results).toMatchObject([
      { role: 'owner', name: 'Analytical Engines', directory_issuer: 'sandbox-directory' },
    ]);
    const deeds = await env.DB.prepare('SELECT action FROM developer_deeds WHERE actor = ?')
      .bind(email)
      .all();
    expect(deeds.results).toEqual([{ action: 'organisation.create' }]);
  });

  it('has no account before the link was opened', async () => {
    const email = newAddress();
    await postSignUp(testBrowser(testApp()), email);
    expect((await rowsOf(email)).results).toEqual([]);
  });

  it('changes nothing by looking at the link', async () => {
    const browser = testBrowser(testApp());
    const email = newAddress();
    await postSignUp(browser, email);
    const token = tokenIn((await mailTo(email))[0]);
    for (let visit = 0; visit < 3; visit += 1) {
      expect((await browser.get(`${confirm}?token=${token}`)).status).toBe(200);
    }
    expect((await rowsOf(email)).results).toEqual([]);
    expect((await browser.post(confirm, { token, password: NEW_PASSWORD })).status).toBe(303);
  });

  it('cannot confirm with another password: whoever owns the mailbox alone makes no account of it', async () => {
    const browser = testBrowser(testApp());
    const email = newAddress();
    await postSignUp(browser, email);
    const token = tokenIn((await mailTo(email))[0]);
    const refused = await browser.post(confirm, { token, password: 'another password' });
    expect(refused).toMatchObject({ status: 400 });
    expect(browser.cookies.size).toBe(0);
    expect((await rowsOf(email)).results).toEqual([]);
  });

  it('confirms though others fail to sign in with the address, and has five tries a link', async () => {
    const app = testApp();
    const browser = testBrowser(app);
    const email = newAddress();
    await failSignIns(app, email, 5);
    await postSignUp(browser, email);
    await postSignUp(browser, email);
    const [guessed, own] = (await mailTo(email)).map(tokenIn);
    const guess = (password: string) => browser.post(confirm, { token: guessed ?? '', password });
    for (const _ of [1, 2, 3, 4, 5]) expect((await guess('another password')).status).toBe(400);
    expect((await guess(NEW_PASSWORD)).status).toBe(400);
    expect((await browser.post(confirm, { token: own ?? '', password: NEW_PASSWORD })).status).toBe(303);
  });

  it('cannot use the link twice, nor after 24 hours', async () => {
    const app = testApp();
    const { email } = await signUpWhole(app);
    const token = tokenIn((await mailTo(email))[0]);
    expect((await testBrowser(app).post(confirm, { token, password: NEW_PASSWORD })).status).toBe(404);

    const late = newAddress();
    await postSignUp(testBrowser(app), late);
    app.advance(DAY_MS);
    const ended = tokenIn((await mailTo(late))[0]);
    expect((await testBrowser(app).post(confirm, { token: ended, password: NEW_PASSWORD })).status).toBe(404);
  });

  it.each([
    ['email', { email: 'nobody' }],
    ['email', { email: 'a@b.c\r\nBcc: d@e.fr' }],
    ['name', { name: ' ' }],
    ['organisation', { organisation: '\u200b' }],
    ['password', { password: 'short' }],
    ['password', { password: 'Password1234!' }],
  ])('is told what is wrong with %s', async (field, fields) => {
    const browser = testBrowser(testApp());
    const { html, status } = await postSignUp(browser, newAddress(), fields);
    expect(status).toBe(400);
    expect(html).toContain(`href="#${field}"`);
    expect(html).not.toContain(NEW_PASSWORD);
  });
});

describe('an address with an account', () => {
  it('gets the same page after the same one hash, and its owner a note', async () => {
    const app = testApp();
    const known = (await signUpMember()).developer.email;
    const unknown = newAddress();
    const pages: string[] = [];
    for (const email of [known, unknown]) {
      const hashes = await hashesDuring(async () => {
        const page = await postSignUp(testBrowser(app), email);
        expect(page.status).toBe(200);
        pages.push(wordsOf(page, email));
      });
      expect(hashes).toEqual({ '16384$8$5': 1 });
    }
    expect(pages[0]).toBe(pages[1]);
    const [note] = await mailTo(known);
    expect(note?.subject).toContain('You have an account already');
    expect(tokenIn(note)).toBe('');
    expect((await rowsOf(known)).results).toHaveLength(1);
  });

  it('gets three mails an hour and eight a day', async () => {
    const app = testApp();
    const email = newAddress();
    for (let sent = 0; sent < 5; sent += 1) await postSignUp(testBrowser(app), email);
    expect(await mailTo(email)).toHaveLength(3);
    for (let hour = 0; hour < 3; hour += 1) {
      app.advance(3_600_000);
      for (let sent = 0; sent < 3; sent += 1) await postSignUp(testBrowser(app), email);
    }
    expect(await mailTo(email)).toHaveLength(8);
  });
});

describe('the sign-ups of an hour', () => {
  // A day of its own: other tests sign up too.
  const SIGN_UPS = { nowMs: TEST_NOW_MS - 700 * DAY_MS, bindings: { SIGN_UPS_PER_HOUR: '3' } };

  it('are so many for the whole deployment, and beyond them known and unknown are answered alike', async () => {
    const app = testApp(SIGN_UPS);
    const known = (await signUpMember()).developer.email;
    const addresses = [known, newAddress(), newAddress()];
    for (const email of addresses) {
      app.advance(60_000);
      expect((await postSignUp(testBrowser(app), email)).status).toBe(200);
    }
    for (const email of [known, newAddress()]) {
      const page = await postSignUp(testBrowser(app), email);
      expect(page.status).toBe(503);
      expect(page.headers.get('retry-after')).toBe('3600');
      expect(wordsOf(page, email)).toContain('We take no more sign-ups at the moment');
      expect(await mailTo(email)).toHaveLength(email === known ? 1 : 0);
    }
    expect(app.lines.at(-1)).toMatchObject({ reason: 'sign-ups of the hour used up' });
    // Whoever has an account goes on: their mails go to addresses that proved themselves.
    await testBrowser(app).post('/dashboard/reset-password', { email: known });
    expect(await mailTo(known)).toHaveLength(2);
    // The first of them is an hour old: there is room for one, and for one alone.
    app.advance(58 * 60_000);
    const late = await Promise.all(
      [newAddress(), newAddress()].map((email) => postSignUp(testBrowser(app), email)),
    );
    expect(new Set(late.map(({ status }) => status))).toEqual(new Set([200, 503]));
  });
});

describe('the sign-ups of one source', () => {
  it.each([
    { maximum: '80', share: 4, before: 710 },
    { maximum: '20', share: 3, before: 720 },
  ])('are $share of $maximum, so that it leaves room for others', async ({ maximum, share, before }) => {
    const ISSUER = 'https://sandbox.bank.example';
    const EMAIL = { send: () => Promise.resolve() };
    const bindings = { ISSUER, SIGN_UPS_PER_HOUR: maximum, EMAIL_FROM: 'bank@bank.example', EMAIL };
    const app = testApp({ nowMs: TEST_NOW_MS - before * DAY_MS, origin: ISSUER, bindings });
    const known = (await signUpMember()).developer.email;
    const ask = async (source: string, email = newAddress()) =>
      (await postSignUp(testBrowser(app), email, {}, { origin: ISSUER, 'cf-connecting-ip': source })).status;
    // One site's networks of IPv6, and a known address as well as unknown ones.
    expect(await ask('2001:db8:1:1::1', known)).toBe(200);
    for (let asked = 1; asked < share; asked += 1) expect(await ask(`2001:db8:1:a${asked}::1`)).toBe(200);
    expect(await ask('2001:db8:1:2::1')).toBe(503);
    expect(await ask('2001:db8:1:3::1', known)).toBe(503);
    expect(await ask('2001:db8:2::1')).toBe(200);
    app.advance(3_600_000);
    expect(await ask('2001:db8:1:2::1')).toBe(200);
  });
});

describe('of those who race', () => {
  it('for one address one gets the account', async () => {
    const app = testApp();
    const email = newAddress();
    const browsers = [0, 1, 2].map(() => testBrowser(app));
    await Promise.all(browsers.map((browser) => postSignUp(browser, email)));
    const tokens = (await mailTo(email)).map(tokenIn);
    expect(new Set(tokens).size).toBe(3);
    const answers = await Promise.all(
      browsers.map((browser, index) =>
        browser.post(confirm, { token: tokens[index] ?? '', password: NEW_PASSWORD }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 404, 404]);
    expect((await rowsOf(email)).results).toHaveLength(1);
  });

  it('with one link one gets the account, and no organisation is left over', async () => {
    const app = testApp();
    const email = newAddress();
    const name = `Racing ${email.slice(0, 8)}`;
    await postSignUp(testBrowser(app), email, { organisation: name });
    const token = tokenIn((await mailTo(email))[0]);
    const answers = await Promise.all(
      Array.from({ length: RACERS }, () => testBrowser(app).post(confirm, { token, password: NEW_PASSWORD })),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(RACERS - 1);
    const made = await env.DB.prepare('SELECT count(*) AS n FROM organisations WHERE name = ?')
      .bind(name)
      .first('n');
    expect(made).toBe(1);
  });
});

it('refuses forms of other origins', async () => {
  const browser = testBrowser(testApp());
  for (const path of [
    'sign-up',
    'confirm-email',
    'sign-in',
    'sign-out',
    'reset-password',
    'confirm',
    'security/password',
    'security/sessions',
  ]) {
    const forged = await browser.post(`/dashboard/${path}`, {}, { origin: 'https://evil.example' });
    expect([path, forged.status]).toEqual([path, 403]);
  }
});
