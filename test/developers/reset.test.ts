/** A forgotten password, the change of a known one, the proof anew, and the list of sessions. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { openDeveloperSession } from '#developers/open-session.flow.ts';
import { setPassword } from '#developers/set-password.flow.ts';
import { refuse } from '#kernel/result.ts';
import {
  failSignIns,
  hashesDuring,
  mailTo,
  NEW_PASSWORD,
  newAddress,
  newPasswordDigest,
  postSignIn,
  tokenIn,
  wordsOf,
} from '../support/accounts.ts';
import { testApp } from '../support/app.ts';
import { testBrowser } from '../support/browser.ts';
import { signUpMember } from '../support/developers.ts';
import { testScope } from '../support/scope.ts';

const OTHER_PASSWORD = 'nine quiet voles knit scarves';
const ask = '/dashboard/reset-password';
const link = '/dashboard/reset-password/new';

async function newMember() {
  return signUpMember({ passwordDigest: await newPasswordDigest() });
}

describe('a forgotten password', () => {
  it('is set by a mailed link, which ends every session and the lock-out', async () => {
    const app = testApp();
    const { developer, cookie } = await newMember();
    const { email } = developer;
    await failSignIns(app, email, 5);
    const browser = testBrowser(app);
    await browser.post(ask, { email });
    const token = tokenIn((await mailTo(email))[0]);
    expect((await browser.get(`${link}?token=${token}`)).html).toContain(email);
    const done = await browser.post(link, { token, password: OTHER_PASSWORD });
    expect(done).toMatchObject({ status: 303, location: '/dashboard/sign-in?done=reset' });
    expect(
      (await app.request('/dashboard/security', { headers: { cookie }, redirect: 'manual' })).status,
    ).toBe(303);
    expect((await postSignIn(browser, email, NEW_PASSWORD)).status).toBe(400);
    expect((await postSignIn(browser, email, OTHER_PASSWORD)).status).toBe(303);
    expect((await mailTo(email)).at(-1)?.subject).toContain('Your password was changed');
  });

  it('is asked for in the same words and without a hash for a stranger’s address', async () => {
    const app = testApp();
    const known = (await newMember()).developer.email;
    const unknown = newAddress();
    const pages: string[] = [];
    for (const email of [known, unknown]) {
      const hashes = await hashesDuring(async () => {
        const page = await testBrowser(app).post(ask, { email });
        expect(page.status).toBe(200);
        pages.push(wordsOf(page, email));
      });
      expect(hashes).toEqual({});
    }
    expect(pages[0]).toBe(pages[1]);
    expect(await mailTo(unknown)).toEqual([]);
  });

  it('needs a link that was not used, is not 30 minutes old, and was mailed for that', async () => {
    const app = testApp();
    const { email } = (await newMember()).developer;
    const browser = testBrowser(app);
    const fresh = async () => {
      await browser.post(ask, { email });
      return tokenIn((await mailTo(email)).at(-1));
    };
    const token = await fresh();
    expect((await browser.post(link, { token, password: 'short' })).status).toBe(400);
    expect((await browser.post(link, { token, password: OTHER_PASSWORD })).status).toBe(303);
    expect((await browser.post(link, { token, password: OTHER_PASSWORD })).status).toBe(404);
    const late = await fresh();
    app.advance(30 * 60_000);
    expect((await browser.get(`${link}?token=${late}`)).status).toBe(404);
    expect((await browser.post(link, { token: late, password: OTHER_PASSWORD })).status).toBe(404);
    expect(
      (await browser.post('/dashboard/confirm-email', { token: late, password: NEW_PASSWORD })).status,
    ).toBe(404);
  });

  it.each([0, 1])('leaves no other link behind, by link %i of two and by who is signed in', async (used) => {
    const app = testApp();
    const { email } = (await newMember()).developer;
    const browser = testBrowser(app);
    await browser.post(ask, { email });
    await browser.post(ask, { email });
    const links = (await mailTo(email)).map(tokenIn);
    const posted = { token: links[used] ?? '', password: OTHER_PASSWORD };
    expect((await browser.post(link, posted)).status).toBe(303);
    for (const token of links) expect((await browser.get(`${link}?token=${token}`)).status).toBe(404);

    await browser.post(ask, { email });
    const third = tokenIn((await mailTo(email)).at(-1));
    expect((await browser.get(`${link}?token=${third}`)).status).toBe(200);
    await postSignIn(browser, email, OTHER_PASSWORD);
    await browser.post('/dashboard/security/password', { password: 'six slow otters paint doors' });
    expect((await browser.get(`${link}?token=${third}`)).status).toBe(404);
  });

  it('opens no session by the old password that was being compared', async () => {
    const { developer } = await newMember();
    const scope = testScope();
    const old = await newPasswordDigest();
    await env.DB.prepare("UPDATE developers SET password_digest = 'another' WHERE developer_id = ?")
      .bind(developer.developerId)
      .run();
    const visit = { cookie: undefined, agent: undefined };
    const { developerId } = developer;
    const open = (passwordDigest: string) =>
      openDeveloperSession(scope, { developerId, passwordDigest }, visit);
    expect(await open(old)).toBeUndefined();
    expect(await open('another')).toMatch(/^[\w-]{43}$/);
  });

  it('stands against a change that a session began before it was signed out', async () => {
    const app = testApp();
    const { developer, organisation, sessionId } = await newMember();
    const scope = testScope();
    const { developerId, email } = developer;
    const times = { createdAt: scope.now, lastUsedAt: scope.now, confirmedAt: scope.now };
    const session = { sessionId, developerId, organisationId: organisation.organisationId, ...times };
    const browser = testBrowser(app);
    await browser.post(ask, { email });
    const token = tokenIn((await mailTo(email))[0]);
    await browser.post(link, { token, password: OTHER_PASSWORD });
    await postSignIn(browser, email, OTHER_PASSWORD);
    const noMailer = refuse('service_unavailable', 'no mailer');
    // The guard let it through; then its password waited to be hashed.
    const late = await setPassword(scope, noMailer, { developer, session }, 'six slow otters paint doors');
    expect(late).toEqual({ ok: true, value: false });
    expect((await browser.get('/dashboard/security')).status).toBe(200);
    expect((await postSignIn(testBrowser(app), email, OTHER_PASSWORD)).status).toBe(303);
  });

  it('is set once by those who race with one link', async () => {
    const app = testApp();
    const { email } = (await newMember()).developer;
    await testBrowser(app).post(ask, { email });
    const token = tokenIn((await mailTo(email))[0]);
    const passwords = ['five early badgers hum', 'four early badgers hum', 'nine early badgers hum'];
    const answers = await Promise.all(
      passwords.map((password) => testBrowser(app).post(link, { token, password })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 404, 404]);
    const won = passwords[answers.findIndex(({ status }) => status === 303)] ?? '';
    expect((await postSignIn(testBrowser(app), email, won)).status).toBe(303);
  });
});

describe('a proof anew', () => {
  it('is asked for before the password may change, and turns the cookie', async () => {
    const app = testApp();
    const { developer } = await newMember();
    const browser = testBrowser(app);
    await postSignIn(browser, developer.email);
    const other = testBrowser(app);
    await postSignIn(other, developer.email);
    app.advance(15 * 60_000);
    const sent = await browser.get('/dashboard/security/password');
    expect(sent.location).toBe('/dashboard/confirm?next=%2Fdashboard%2Fsecurity%2Fpassword');
    const old = browser.copy();
    const next = '/dashboard/security/password';
    const failed = await browser.post('/dashboard/confirm', { password: 'wrong', next });
    expect(failed.status).toBe(400);
    const proved = await browser.post('/dashboard/confirm', { password: NEW_PASSWORD, next });
    expect(proved).toMatchObject({ status: 303, location: next });
    expect((await old.get('/dashboard/security')).status).toBe(303);
    expect((await browser.get(next)).status).toBe(200);

    const changed = await browser.post(next, { password: OTHER_PASSWORD });
    expect(changed).toMatchObject({ status: 303, location: '/dashboard/security?done=password' });
    expect((await browser.get('/dashboard/security')).status).toBe(200);
    expect((await other.get('/dashboard/security')).status).toBe(303);
    expect((await mailTo(developer.email)).at(-1)?.subject).toContain('Your password was changed');
  });

  it('counts wrong passwords with those of sign-in', async () => {
    const app = testApp();
    const { developer } = await newMember();
    const browser = testBrowser(app);
    await postSignIn(browser, developer.email);
    await failSignIns(app, developer.email, 4);
    await browser.post('/dashboard/confirm', { password: 'wrong' });
    expect((await browser.post('/dashboard/confirm', { password: NEW_PASSWORD })).status).toBe(400);
    expect((await postSignIn(testBrowser(app), developer.email)).status).toBe(400);
  });

  it('turns the cookie for one of two tabs', async () => {
    const app = testApp();
    const { developer } = await newMember();
    const browser = testBrowser(app);
    await postSignIn(browser, developer.email);
    const tabs = [browser.copy(), browser.copy()];
    const answers = await Promise.all(
      tabs.map((tab) => tab.post('/dashboard/confirm', { password: NEW_PASSWORD })),
    );
    const alive = await Promise.all(tabs.map(async (tab) => (await tab.get('/dashboard/security')).status));
    expect(alive.filter((status) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 303).length).toBeGreaterThan(0);
  });
});

describe('the list of sessions', () => {
  it('names this one and ends another’s, never another developer’s', async () => {
    const app = testApp();
    const { developer } = await newMember();
    const stranger = await newMember();
    const [browser, other] = [testBrowser(app), testBrowser(app)];
    await postSignIn(browser, developer.email);
    await postSignIn(other, developer.email);
    const { html } = await browser.get('/dashboard/security');
    expect(html).toContain('This one');
    const [otherId = ''] = [...html.matchAll(/name="session_id" value="(ses_[\w-]{22})"/g)].map(
      (match) => match[1],
    );
    await browser.post('/dashboard/security/sessions', { session_id: otherId });
    expect((await other.get('/dashboard/security')).status).toBe(303);
    await browser.post('/dashboard/security/sessions', { session_id: stranger.sessionId });
    expect((await app.request('/dashboard/security', { headers: stranger.headers })).status).toBe(200);
  });

  it('ends all others at once', async () => {
    const app = testApp();
    const { developer, headers } = await newMember();
    const browser = testBrowser(app);
    await postSignIn(browser, developer.email);
    await browser.post('/dashboard/security/sessions', { session_id: 'others' });
    expect((await app.request('/dashboard/security', { headers, redirect: 'manual' })).status).toBe(303);
    expect((await browser.get('/dashboard/security')).status).toBe(200);
  });

  it('is open to who belongs to no organisation any more', async () => {
    const app = testApp();
    const { developer, headers } = await newMember();
    await env.DB.prepare('DELETE FROM memberships WHERE developer_id = ?').bind(developer.developerId).run();
    const page = await app.request('/dashboard/security', { headers });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('No organisation');
  });
});
