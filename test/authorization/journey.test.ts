/** A customer's journey from the client's redirect to its answer: every end of it. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import {
  answerOf,
  beginJourney,
  ISSUER,
  JOINT_ACCOUNT,
  type Journey,
  MAIN_ACCOUNT,
  postCode,
  postDecision,
  postLogin,
  REDIRECT_URI,
  reachCode,
  reachConsent,
} from '../support/journey.ts';

const DENIED = { at: REDIRECT_URI, error: 'access_denied', state: 'state-1', iss: ISSUER };

describe.each(['plain', 'pushed'] as const)('a %s request', (kind) => {
  it('leads over log-in, one-time code and consent to a code', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const login = await browser.get(kind === 'plain' ? journey.url() : await journey.pushedUrl());
    expect(login).toMatchObject({ status: 200, form: 'login' });
    expect(login.html).toContain('Nutkin Money Ltd');
    const loggedIn = await postLogin(browser, login);
    expect(loggedIn).toMatchObject({ status: 303, html: '' });
    const code = await browser.follow(loggedIn);
    expect(code).toMatchObject({ status: 200, form: 'otp' });
    const consent = await browser.follow(await postCode(browser, code));
    expect(consent).toMatchObject({ status: 200, form: 'consent' });
    expect(consent.html).toContain('ending 5678');
    expect(consent.html).not.toMatch(/608371|GB12HMBK/);
    const answered = await postDecision(browser, consent, 'approve', [MAIN_ACCOUNT, JOINT_ACCOUNT]);
    expect(answered.status).toBe(303);
    expect(answered.headers.get('cache-control')).toBe('no-store');
    const answer = answerOf(answered);
    expect(answer).toEqual({
      at: REDIRECT_URI,
      code: expect.stringMatching(/^c\.[0-9a-f]{64}\.[\w-]{43}$/),
      state: 'state-1',
      iss: ISSUER,
    });
    expect(await journey.consent()).toMatchObject({
      status: 'authorized',
      tenantId: await journey.tenantId(),
      customerId: 'cus_hazel',
      accountIds: [MAIN_ACCOUNT, JOINT_ACCOUNT],
    });
    expect(browser.cookies.size).toBe(0);
  });
});

it.each<[string, { transactionFrom?: number }, RegExp]>([
  ['none', {}, / All that we hold, however old\.</],
  [
    'a first day',
    { transactionFrom: Date.UTC(2026, 0, 1) / 1000 },
    / Only those from <time[^>]*>1 January 2026<\/time>\./,
  ],
])('tells the customer how far back transactions go: %s set', async (_name, consent, words) => {
  const journey = await beginJourney({ consent });
  expect((await reachConsent(journey.browser(), journey.url())).html).toMatch(words);
});

it('shows the page again for the same address, and changes nothing by it', async () => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const code = await postLogin(browser, await browser.get(journey.url()));
  expect((await browser.follow(code)).form).toBe('otp');
  const consent = await postCode(browser, await browser.follow(code));
  expect((await browser.follow(consent)).form).toBe('consent');
  expect((await browser.follow(consent)).form).toBe('consent');
});

it('takes the request by POST too', async () => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const login = await browser.post('/oauth/authorize', journey.parameters(), {
    origin: 'https://client.example',
  });
  expect(login).toMatchObject({ status: 200, form: 'login' });
  expect((await browser.follow(await postLogin(browser, login))).form).toBe('otp');
});

it('takes a code typed with spaces, and a name as a phone types it', async () => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const code = await reachCode(browser, journey.url(), ' Hazel ');
  expect((await browser.follow(await postCode(browser, code, ' 123 456 '))).form).toBe('consent');
});

describe('a consent', () => {
  it('is rejected by deny', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const answered = await postDecision(browser, await reachConsent(browser, journey.url()), 'deny', []);
    expect(answerOf(answered)).toMatchObject(DENIED);
    expect(await journey.consent()).toMatchObject({ status: 'rejected' });
  });

  it.each(['login', 'code', 'consent'])('stays as it is after cancel at the page %s', async (page) => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const reach = { login: () => browser.get(journey.url()), code: reachCode, consent: reachConsent };
    const at = await reach[page as keyof typeof reach](browser, journey.url());
    const left = await browser.post(`/oauth/authorize/${page}`, {
      interaction: at.interaction,
      decision: 'cancel',
    });
    expect(answerOf(left)).toMatchObject(DENIED);
    expect(await journey.consent()).toMatchObject({ status: 'awaiting_authorization' });
    const again = await browser.post(`/oauth/authorize/${page}`, {
      interaction: at.interaction,
      decision: 'cancel',
    });
    expect(again.status).toBe(400);
    expect(again.location).toBeUndefined();
  });

  it('of a customer without accounts is denied, and stays as it is', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    expect(answerOf(await reachConsent(browser, journey.url(), 'teasel'))).toMatchObject(DENIED);
    expect(await journey.consent()).toMatchObject({ status: 'awaiting_authorization' });
  });
});

describe('a closed account', () => {
  async function close(journey: Journey, accountId?: string): Promise<void> {
    await env.DB.prepare("UPDATE accounts SET status = 'closed' WHERE tenant_id = ?1 AND account_id LIKE ?2")
      .bind(await journey.tenantId(), accountId ?? '%')
      .run();
  }

  it('is not offered, and cannot be chosen after it was', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url());
    await close(journey, MAIN_ACCOUNT);
    const again = await postDecision(browser, consent, 'approve', [MAIN_ACCOUNT]);
    expect(again).toMatchObject({ status: 400, form: 'consent' });
    expect(again.html).not.toContain('Main Account');
    expect(answerOf(await postDecision(browser, again, 'approve', [JOINT_ACCOUNT]))).toHaveProperty('code');
  });

  it('is no account that fits', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url());
    await close(journey);
    expect(answerOf(await postDecision(browser, consent))).toMatchObject(DENIED);
    expect(await journey.consent()).toMatchObject({ status: 'awaiting_authorization' });
  });
});

describe('an identity-only request', () => {
  const IDENTITY = { consent_id: undefined, scope: 'openid' };

  it('leads to a code of its own kind', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url(IDENTITY), 'teasel');
    expect(consent.html).not.toContain('account_id');
    const answer = answerOf(await postDecision(browser, consent, 'approve', []));
    expect(answer).toMatchObject({ code: expect.stringMatching(/^i\./), state: 'state-1', iss: ISSUER });
  });

  it('can be denied', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url(IDENTITY));
    expect(answerOf(await postDecision(browser, consent, 'deny', []))).toMatchObject(DENIED);
  });

  it('offers no account to choose', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url(IDENTITY));
    expect((await postDecision(browser, consent)).status).toBe(400);
  });
});

describe('time', () => {
  it.each([
    ['log-in', 599_000, 'otp'],
    ['log-in', 600_000, 'access_denied'],
    ['log-in', 3_599_000, 'access_denied'],
  ])('bounds %s after %i ms: %s', async (_page, ms, expected) => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const login = await browser.get(journey.url());
    journey.app.advance(ms);
    const landed = await postLogin(browser, login);
    expect((await browser.follow(landed)).form ?? answerOf(landed)['error']).toBe(expected);
  });

  it('is over for good: the second post of the same form is no answer any more', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const login = await browser.get(journey.url());
    journey.app.advance(600_000);
    expect(answerOf(await postLogin(browser, login))).toMatchObject(DENIED);
    expect(await postLogin(browser, login)).toMatchObject({ status: 400, location: undefined });
  });

  it.each([
    ['code', 299_000, 'consent'],
    ['code', 300_000, 'access_denied'],
  ])('bounds the page %s after %i ms idle: %s', async (_page, ms, expected) => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const code = await reachCode(browser, journey.url());
    journey.app.advance(ms);
    const landed = await postCode(browser, code);
    expect((await browser.follow(landed)).form ?? answerOf(landed)['error']).toBe(expected);
  });

  it.each([
    [299_000, 'code'],
    [300_000, 'error'],
  ])('bounds the decision after %i ms idle: %s', async (ms, expected) => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url());
    journey.app.advance(ms);
    const answer = answerOf(await postDecision(browser, consent));
    expect(answer).toHaveProperty(expected);
    expect(await journey.consent()).toMatchObject({
      status: expected === 'code' ? 'authorized' : 'awaiting_authorization',
    });
  });

  it('returns the customer from a reloaded page too, once', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const loggedIn = await postLogin(browser, await browser.get(journey.url()));
    journey.app.advance(300_000);
    const cookies = browser.copy();
    expect(answerOf(await browser.follow(loggedIn))).toMatchObject(DENIED);
    expect((await cookies.follow(loggedIn)).status).toBe(400);
  });

  it('leaves a form of yesterday nothing but a page', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const login = await browser.get(journey.url());
    journey.app.advance(3_600_000);
    expect(await postLogin(browser, login)).toMatchObject({ status: 400, location: undefined });
  });
});

describe('failures', () => {
  it('of five passwords return to the client', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const login = await browser.get(journey.url());
    for (let index = 0; index < 4; index += 1) {
      const failed = await postLogin(browser, login, { password: 'wrong' });
      expect(failed).toMatchObject({ status: 400, form: 'login' });
    }
    expect(answerOf(await postLogin(browser, login, { password: 'wrong' }))).toMatchObject(DENIED);
    expect((await postLogin(browser, login)).status).toBe(400);
  });

  it('of three codes return to the client', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const code = await reachCode(browser, journey.url());
    for (let index = 0; index < 2; index += 1) {
      expect(await postCode(browser, code, '000000')).toMatchObject({ status: 400, form: 'otp' });
    }
    expect(answerOf(await postCode(browser, code, '000000'))).toMatchObject(DENIED);
    expect((await postCode(browser, code)).status).toBe(400);
  });

  it('can be followed by the right password in the same form', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const failed = await postLogin(browser, await browser.get(journey.url()), { password: 'wrong' });
    expect((await browser.follow(await postLogin(browser, failed))).form).toBe('otp');
  });
});

describe('a decision', () => {
  it.each<[string, string | readonly string[], readonly string[]]>([
    ['no decision', [], [MAIN_ACCOUNT]],
    ['two decisions', ['approve', 'deny'], [MAIN_ACCOUNT]],
    ['the same decision twice', ['approve', 'approve'], [MAIN_ACCOUNT]],
    ['another word', 'yes', [MAIN_ACCOUNT]],
    ['no account', 'approve', []],
    ['an account of somebody else', 'approve', ['acc_3456789012']],
    ['an account that does not exist', 'approve', [MAIN_ACCOUNT, 'acc_0']],
  ])('of %s changes nothing and asks again', async (_name, decision, accounts) => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url());
    const again = await browser.post('/oauth/authorize/consent', {
      interaction: consent.interaction,
      decision,
      account_id: accounts,
    });
    expect(again).toMatchObject({ status: 400, form: 'consent' });
    expect(await journey.consent()).toMatchObject({ status: 'awaiting_authorization' });
    expect(answerOf(await postDecision(browser, again))).toHaveProperty('code');
  });

  it('counts once', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url());
    const [kept] = [browser.copy()];
    expect(answerOf(await postDecision(browser, consent))).toHaveProperty('code');
    const second = await postDecision(kept, consent, 'deny');
    expect(second).toMatchObject({ status: 400, location: undefined });
    expect(await journey.consent()).toMatchObject({ status: 'authorized' });
  });

  it('of two interactions about one consent: the second is told invalid_request', async () => {
    const journey = await beginJourney();
    const [first, second] = [journey.browser(), journey.browser()];
    const consent = await reachConsent(first, journey.url());
    const other = await reachConsent(second, journey.url());
    expect(answerOf(await postDecision(first, consent))).toHaveProperty('code');
    expect(answerOf(await postDecision(second, other))).toMatchObject({ error: 'invalid_request' });
  });
});

it('keeps two tabs apart', async () => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const other = await journey.addConsent();
  const first = await reachConsent(browser, journey.url());
  const second = await reachConsent(browser, journey.url({ consent_id: other, state: 'state-2' }), 'basil');
  expect(answerOf(await postDecision(browser, first))).toMatchObject({ state: 'state-1' });
  const answer = answerOf(await postDecision(browser, second, 'approve', [JOINT_ACCOUNT]));
  expect(answer).toMatchObject({ state: 'state-2' });
  expect(await journey.consent()).toMatchObject({ customerId: 'cus_hazel' });
});

it('goes on in another isolate at every step', async () => {
  const journey = await beginJourney();
  const elsewhere = await beginJourney({ app: testApp() });
  const [here, there] = [journey.browser(), elsewhere.browser()];
  const login = await here.get(journey.url());
  const move = () => {
    for (const [name, value] of here.cookies) there.cookies.set(name, value);
  };
  move();
  const code = await there.follow(await postLogin(there, login));
  expect(code.form).toBe('otp');
  expect((await there.follow(await postCode(there, code))).form).toBe('consent');
});
