/** What protects the journey's forms: their origin, their seal, their cookie, and the headers of every page. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import {
  answerOf,
  beginJourney,
  JOINT_ACCOUNT,
  MAIN_ACCOUNT,
  ONE_TIME_CODE,
  PASSWORD,
  postCode,
  postDecision,
  postLogin,
  reachCode,
  reachConsent,
} from '../support/journey.ts';

const AWAITING = { status: 'awaiting_authorization' };
const PATHS = ['login', 'code', 'consent'].map((page) => `/oauth/authorize/${page}`);

describe('a post', () => {
  it.each<[string, Record<string, string | null>]>([
    ['of another origin', { origin: 'https://evil.example' }],
    ['of the client', { origin: 'https://client.example' }],
    ['of a null origin', { origin: 'null' }],
    ['of the issuer by another scheme', { origin: 'https://localhost:8787' }],
    ['without Origin and without Sec-Fetch-Site', { origin: null }],
    ['without Origin, of another site', { origin: null, 'sec-fetch-site': 'cross-site' }],
    ['without Origin, of the same site', { origin: null, 'sec-fetch-site': 'same-site' }],
    ['without Origin, typed', { origin: null, 'sec-fetch-site': 'none' }],
  ])('%s is refused', async (_name, headers) => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url());
    for (const path of PATHS) {
      const fields = { interaction: consent.interaction, decision: 'approve', account_id: MAIN_ACCOUNT };
      expect(await browser.post(path, fields, headers)).toMatchObject({ status: 403, location: undefined });
    }
    expect(await journey.consent()).toMatchObject(AWAITING);
    expect(answerOf(await postDecision(browser, consent))).toHaveProperty('code');
  });

  it('without Origin that the browser calls same-origin is taken', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const login = await browser.get(journey.url());
    const fields = { interaction: login.interaction, username: 'hazel', password: PASSWORD };
    const headers = { origin: null, 'sec-fetch-site': 'same-origin' };
    expect((await browser.post('/oauth/authorize/login', fields, headers)).status).toBe(303);
  });

  it.each<[string, (seal: string) => string | readonly string[]]>([
    ['changed', (seal) => `${seal.slice(0, 40)}${seal[40] === 'A' ? 'B' : 'A'}${seal.slice(41)}`],
    ['cut', (seal) => seal.slice(0, -1)],
    ['empty', () => ''],
    ['sent twice', (seal) => [seal, seal]],
    ['not sent', () => []],
    ['no seal at all', () => 'eyJhbGciOiJub25lIn0..'],
  ])('with a seal that is %s is refused', async (_name, change) => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const login = await browser.get(journey.url());
    for (const path of PATHS) {
      const fields = { interaction: change(login.interaction), username: 'hazel', password: PASSWORD };
      expect(await browser.post(path, fields)).toMatchObject({ status: 400, location: undefined });
    }
  });

  it.each([
    ['application/json', 415],
    ['multipart/form-data; boundary=x', 415],
  ])('of %s is refused', async (type, status) => {
    const journey = await beginJourney();
    expect((await journey.browser().post(PATHS[0] ?? '', {}, { 'content-type': type })).status).toBe(status);
  });

  it('that is too large is refused', async () => {
    const journey = await beginJourney();
    const fields = { interaction: 'x'.repeat(70_000) };
    expect((await journey.browser().post(PATHS[0] ?? '', fields)).status).toBe(413);
  });

  it.each(PATHS)('has an address that cannot be opened: %s', async (path) => {
    const journey = await beginJourney();
    const opened = await journey.browser().get(path);
    expect(opened.status).toBe(405);
    expect(opened.headers.get('allow')).toBe('POST');
    expect(opened.html).toContain('<!doctype html>');
  });
});

describe('the cookie', () => {
  it('is one of its own for each interaction, and new after log-in', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const login = await browser.get(journey.url());
    const [name] = browser.cookies.keys();
    const before = browser.cookies.get(name ?? '');
    expect(name).toMatch(/^ix-[0-9a-f]{32}$/);
    expect(login.headers.get('set-cookie')).toBe(
      `${name}=${before}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax`,
    );
    await browser.get(journey.url());
    expect(browser.cookies.size).toBe(2);
    await postLogin(browser, login);
    expect(browser.cookies.get(name ?? '')).not.toBe(before);
  });

  it('is a __Host- cookie on https', async () => {
    const issuer = 'https://sandbox.example';
    const app = testApp({ origin: issuer, bindings: { ISSUER: issuer } });
    const journey = await beginJourney({ app });
    const login = await journey.browser().get(journey.url());
    expect(login.headers.get('set-cookie')).toMatch(
      /^__Host-ix-[0-9a-f]{32}=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it('missing or foreign, the form decides nothing', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url());
    const stranger = journey.browser();
    expect(await postDecision(stranger, consent)).toMatchObject({ status: 400, location: undefined });
    for (const name of browser.cookies.keys()) stranger.cookies.set(name, 'A'.repeat(43));
    expect(await postDecision(stranger, consent)).toMatchObject({ status: 400, location: undefined });
    expect(await postCode(stranger, consent)).toMatchObject({ status: 400, location: undefined });
    expect(await postLogin(stranger, consent)).toMatchObject({ status: 400, location: undefined });
    expect(await journey.consent()).toMatchObject(AWAITING);
    expect(answerOf(await postDecision(browser, consent))).toHaveProperty('code');
  });

  it('of before the log-in shows and decides nothing after it', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const login = await browser.get(journey.url());
    const early = browser.copy();
    const loggedIn = await postLogin(browser, login);
    const consent = await browser.follow(await postCode(browser, await browser.follow(loggedIn)));
    expect((await early.follow(loggedIn)).status).toBe(400);
    expect((await postDecision(early, consent)).status).toBe(400);
    expect((await postLogin(early, login)).status).toBe(400);
    expect(await journey.consent()).toMatchObject(AWAITING);
  });

  it('of one interaction does not open another', async () => {
    const journey = await beginJourney();
    const [mine, theirs] = [journey.browser(), journey.browser()];
    const other = await journey.addConsent();
    await reachConsent(mine, journey.url());
    const consent = await reachConsent(theirs, journey.url({ consent_id: other }), 'basil');
    const [value = ''] = mine.cookies.values();
    const [name = ''] = theirs.cookies.keys();
    mine.cookies.set(name, value);
    expect((await postDecision(mine, consent, 'approve', [JOINT_ACCOUNT])).status).toBe(400);
  });
});

describe('a stage', () => {
  it('is skipped by no form', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const login = await browser.get(journey.url());
    expect(await postCode(browser, login)).toMatchObject({ status: 400, location: undefined });
    expect(await postDecision(browser, login)).toMatchObject({ status: 400, location: undefined });
    const code = await browser.follow(await postLogin(browser, login));
    const early = await postDecision(browser, code);
    expect((await browser.follow(early)).form).toBe('otp');
    expect(await journey.consent()).toMatchObject(AWAITING);
  });

  it('that is past leads on to the one that is not', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const login = await browser.get(journey.url());
    const code = await browser.follow(await postLogin(browser, login));
    await postCode(browser, code);
    expect((await browser.follow(await postCode(browser, code))).form).toBe('consent');
    expect((await browser.follow(await postLogin(browser, login))).form).toBe('consent');
  });
});

describe('a one-time code', () => {
  it('is for its own interaction', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const code = await reachCode(browser, journey.url());
    const changed = await journey.client.change({ softwareName: 'Someone Else' });
    expect(changed.client.softwareName).toBe('Someone Else');
    // It confirmed a request of Nutkin's; what the page would say now is another.
    expect(await postCode(browser, code, ONE_TIME_CODE)).toMatchObject({ status: 400, form: 'otp' });
  });
});

it('sends each page with the headers that protect it', async () => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const login = await browser.get(journey.url());
  const code = await browser.follow(await postLogin(browser, login));
  const consent = await browser.follow(await postCode(browser, code));
  const dead = await browser.get('/oauth/authorize');
  for (const page of [login, code, consent, dead]) {
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('x-fapi-interaction-id')).toBeTruthy();
  }
  for (const page of [login, code, consent]) {
    expect(page.headers.get('content-security-policy')).toMatch(/form-action 'self' https:(;|$)/);
  }
  expect(dead.headers.get('content-security-policy')).toMatch(/form-action 'self'(;|$)/);
});

it('lets the page lead to http where the redirect URI is a loopback one', async () => {
  const redirectUri = 'http://127.0.0.1:3000/callback';
  const journey = await beginJourney({ client: { redirectUris: [redirectUri] } });
  const login = await journey.browser().get(journey.url({ redirect_uri: redirectUri }));
  expect(login.headers.get('content-security-policy')).toMatch(/form-action 'self' https: http:(;|$)/);
});

it('writes nothing by loading a page', async () => {
  const { countingEnv } = await import('../support/counting-env.ts');
  const counted = countingEnv(env);
  const app = testApp({ bindings: counted.env as unknown as Record<string, unknown> });
  const journey = await beginJourney({ app });
  await journey.browser().get(journey.url());
  counted.reset();
  await journey.browser().get(journey.url());
  expect(counted.hops).toMatchObject({ d1: 1, rowsWritten: 0, objects: 1 });
  expect(counted.hops.calls.filter((call) => call.startsWith('INTERACTIONS'))).toEqual([]);
});
