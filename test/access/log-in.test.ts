/** Log-in at /my/access: what opens a session, what does not, and when it is over. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { accessLinkOf } from '#access/access-link.flow.ts';
import { forgetSessions } from '#access/visit.flow.ts';
import type { CodeMessage } from '#authorization/second-factor.ts';
import { hashPassword } from '#bank/password.ts';
import { accessLink, headingOf, postAccessCode, postName, textOf, visitorOf } from '../support/access.ts';
import { testApp } from '../support/app.ts';
import { type Browser, testBrowser } from '../support/browser.ts';
import {
  beginJourney,
  ISSUER,
  ONE_TIME_CODE,
  PASSWORD,
  reachCode,
  reachConsent,
} from '../support/journey.ts';
import { insertTestOrganisation } from '../support/organisation.ts';
import { PRODUCTION } from '../support/production.ts';
import { productionRing } from '../support/production-ring.ts';
import { testScope } from '../support/scope.ts';

const FRONT = `${ISSUER}/my/access`;
const ELSEWHERE = `/my/access/consents/consent_ais_${'0'.repeat(64)}`;

async function newBank() {
  const organisationId = await insertTestOrganisation();
  return { organisationId, ...(await accessLink(organisationId)) };
}

/** Whether the browser is logged in somewhere. */
async function isIn(browser: Browser): Promise<boolean> {
  return headingOf(await browser.get('/my/access/past')) === 'Past access';
}

async function sessionsOf(tenantOrganisation: string) {
  const { results } = await env.DB.prepare('SELECT * FROM access_sessions WHERE organisation_id = ?')
    .bind(tenantOrganisation)
    .all();
  return results;
}

describe('log-in', () => {
  it('takes password and one-time code, with a new cookie value at each step, kept as a digest', async () => {
    const { organisationId, link, bank } = await newBank();
    const browser = testBrowser(testApp());
    const page = await browser.get(link);
    expect([page.status, page.form, browser.cookies.size]).toEqual([200, 'login', 0]);
    expect(page.html).toContain(`value="${bank}"`);
    const named = await postName(browser, bank);
    expect([named.status, named.location]).toEqual([303, `${FRONT}/code`]);
    expect(named.headers.getSetCookie()[0]).toMatch(/^access=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/);
    const first = browser.copy();
    expect((await browser.follow(named)).form).toBe('otp');
    expect(await isIn(browser)).toBe(false);
    const coded = await postAccessCode(browser, '123 456');
    expect([coded.status, coded.location]).toEqual([303, FRONT]);
    expect(headingOf(await browser.follow(coded))).toBe('Who has access');
    expect(browser.cookies.get('access')).not.toBe(first.cookies.get('access'));
    expect(await isIn(first)).toBe(false);
    const kept = JSON.stringify(await sessionsOf(organisationId));
    for (const cookie of [browser.cookies.get('access'), first.cookies.get('access')]) {
      expect(kept).not.toContain(cookie?.split('.')[1]);
    }
    expect(kept).not.toContain(ONE_TIME_CODE);
    expect(kept).not.toContain('"hazel"');
  });

  it('fails with one text, byte for byte, whatever was wrong', async () => {
    const { bank } = await newBank();
    const app = testApp();
    const guess = (username: string, password: string) =>
      postName(testBrowser(app), bank, { username, password });
    for (let n = 0; n < 5; n += 1) await guess('clover', 'wrong');
    const failures = [
      await guess('hazel', 'wrong'),
      await guess('nobody', PASSWORD),
      await guess('sorrel', PASSWORD),
      await guess('clover', PASSWORD),
      await guess('', ''),
      await guess('x'.repeat(1_000), 'y'.repeat(1_000)),
    ];
    for (const { status, html, headers } of failures) {
      expect([status, html]).toEqual([400, failures[0]?.html]);
      expect(headers.getSetCookie()).toEqual([]);
    }
  });

  it('counts its failures together with those of the authorization pages', async () => {
    const journey = await beginJourney();
    const { bank } = await accessLink(journey.organisationId);
    const browser = journey.browser();
    for (let n = 0; n < 5; n += 1) await postName(browser, bank, { password: 'wrong' });
    expect((await reachCode(journey.browser(), journey.url())).form).toBe('login');
    journey.app.advance(15 * 60_000);
    expect((await postName(browser, bank)).status).toBe(303);
  });

  it('ends after three wrong codes, and the right one comes too late', async () => {
    const { bank } = await newBank();
    const browser = testBrowser(testApp());
    await postName(browser, bank);
    for (let n = 0; n < 2; n += 1) {
      expect(await postAccessCode(browser, '000000')).toMatchObject({ status: 400, form: 'otp' });
    }
    const third = await browser.follow(await postAccessCode(browser, '000000'));
    expect(third).toMatchObject({ status: 200, form: 'login' });
    expect(textOf(third)).toContain('Three codes were wrong');
    expect(await browser.follow(await postAccessCode(browser))).toMatchObject({ form: 'login' });
    expect(await isIn(browser)).toBe(false);
  });

  it('of 20 codes at once at most three are compared', async () => {
    const { bank } = await newBank();
    const browser = testBrowser(testApp());
    await postName(browser, bank);
    const tries = await Promise.all(
      Array.from({ length: 20 }, (_, n) => postAccessCode(browser.copy(), String(n).padStart(6, '0'))),
    );
    expect(tries.filter(({ status }) => status === 400).length).toBeLessThanOrEqual(2);
  });

  it('goes on when the code is posted twice, and the answer of before opens nothing', async () => {
    const { bank } = await newBank();
    const browser = testBrowser(testApp());
    await postName(browser, bank);
    const other = browser.copy();
    expect((await postAccessCode(browser)).location).toBe(FRONT);
    expect((await postAccessCode(other, '000000')).location).toContain('left=code');
    expect((await postAccessCode(other)).location).toBe(FRONT);
    expect([await isIn(other), await isIn(browser)]).toEqual([true, false]);
  });

  it('is over when the code is five minutes old', async () => {
    const { bank } = await newBank();
    const app = testApp();
    const browser = testBrowser(app);
    await postName(browser, bank);
    app.advance(300_000);
    expect(textOf(await browser.follow(await postAccessCode(browser)))).toContain('one-time code is over');
    expect(textOf(await browser.follow(await browser.get('/my/access/code')))).toContain('code is over');
  });
});

it('leaves no password, code, cookie or handle in the log, and no handle or secret in D1', async () => {
  const organisationId = await insertTestOrganisation();
  const app = testApp();
  const { browser, bank, link } = await visitorOf(app, organisationId);
  await browser.get(link);
  await postName(browser, bank, { password: 'canary-password' });
  await postAccessCode(browser, '654321');
  const [, handle = ''] = bank.split('.');
  const [, cookie = ''] = browser.cookies.get('access')?.split('.') ?? [];
  const kept = JSON.stringify(await sessionsOf(organisationId));
  const log = JSON.stringify(app.lines);
  expect(log).toContain('POST /my/access/code');
  for (const secret of [handle, cookie, PASSWORD, 'canary-password', ONE_TIME_CODE, '654321']) {
    expect([secret, log.includes(secret), kept.includes(secret)]).toEqual([secret, false, false]);
  }
});

it('counts strangers by their source, before anything is looked up', async () => {
  const touched: string[] = [];
  const untouchable = { withSession: () => new Proxy({}, { get: () => () => void touched.push('D1') }) };
  const app = testApp({
    bindings: { LOCAL_SOURCE_LIMIT: { limit: async () => ({ success: false }) }, DB: untouchable },
  });
  const browser = testBrowser(app);
  for (const page of [
    await browser.get('/my/access'),
    await postName(browser, 'x'),
    await postAccessCode(browser),
  ]) {
    expect([page.status, headingOf(page), page.headers.get('retry-after')]).toEqual([
      429,
      'Too many attempts',
      '60',
    ]);
  }
  expect(touched).toEqual([]);
});

describe('a session', () => {
  it('is over after five minutes without use, and leads to the log-in of its own bank', async () => {
    const app = testApp();
    const { browser, bank } = await visitorOf(app, await insertTestOrganisation());
    for (let n = 0; n < 3; n += 1) {
      app.advance(299_000);
      expect(await isIn(browser)).toBe(true);
    }
    app.advance(300_000);
    const refused = await browser.get(ELSEWHERE);
    expect([refused.status, refused.location]).toEqual([303, `${FRONT}?bank=${bank}&left=over`]);
    const login = await browser.follow(refused);
    expect(login).toMatchObject({ status: 200, form: 'login' });
    expect(textOf(login)).toContain('You were logged out');
    expect((await browser.get('/my/access')).html).toContain(`value="${bank}"`);
  });

  it('is over after half an hour, whatever the customer does', async () => {
    const app = testApp();
    const { browser } = await visitorOf(app, await insertTestOrganisation());
    for (let n = 0; n < 7; n += 1) {
      app.advance(250_000);
      expect(await isIn(browser)).toBe(true);
    }
    app.advance(49_999);
    expect(await isIn(browser)).toBe(true);
    app.advance(1);
    expect(await isIn(browser)).toBe(false);
  });

  it('ends with log-out, for the cookie too', async () => {
    const { browser, bank } = await visitorOf(testApp(), await insertTestOrganisation());
    const thief = browser.copy();
    const left = await browser.post('/my/access/log-out', {});
    expect(left.location).toBe(`${FRONT}?bank=${bank}&left=out`);
    expect(textOf(await browser.follow(left))).toContain('You are logged out.');
    expect(browser.cookies.size).toBe(0);
    expect(await isIn(thief)).toBe(false);
  });

  it('ends with log-out while its code is awaited too, and leads back to its bank', async () => {
    const { bank } = await newBank();
    const browser = testBrowser(testApp());
    await postName(browser, bank);
    const left = await browser.post('/my/access/log-out', {});
    expect(left.location).toBe(`${FRONT}?bank=${bank}&left=out`);
    expect((await postAccessCode(browser)).location).toBe(FRONT);
    expect(await isIn(browser)).toBe(false);
  });

  it('ends when the bank locks its customer, and when the sandbox is reset', async () => {
    const app = testApp();
    const organisationId = await insertTestOrganisation();
    const locked = await visitorOf(app, organisationId, 'basil');
    const { browser } = await visitorOf(app, organisationId);
    const [{ tenant_id: tenantId } = {}] = await sessionsOf(organisationId);
    await env.DB.prepare("UPDATE customers SET locked = 1 WHERE tenant_id = ? AND username = 'basil'")
      .bind(tenantId)
      .run();
    expect([await isIn(locked.browser), await isIn(browser)]).toEqual([false, true]);
    await env.DB.prepare("UPDATE organisations SET tenant_id = 'tnt_other' WHERE organisation_id = ?")
      .bind(organisationId)
      .run();
    expect(await isIn(browser)).toBe(false);
  });

  it('is forgotten a day after it began', async () => {
    const organisationId = await insertTestOrganisation();
    await visitorOf(testApp(), organisationId);
    await forgetSessions(testScope());
    expect(await sessionsOf(organisationId)).toHaveLength(1);
    await forgetSessions(testScope({ nowMs: testScope().nowMs + 86_401_000 }));
    expect(await sessionsOf(organisationId)).toEqual([]);
  });
});

describe('realms', () => {
  it('a session of one bank is none in another', async () => {
    const app = testApp();
    const { browser, link } = await visitorOf(app, await insertTestOrganisation());
    const other = await newBank();
    const page = await browser.get(other.link);
    expect([page.form, page.html.includes(other.bank)]).toEqual(['login', true]);
    expect(headingOf(await browser.get(link))).toBe('Who has access');
    await postName(browser, other.bank);
    await postAccessCode(browser);
    expect([(await browser.get(link)).form, headingOf(await browser.get(other.link))]).toEqual([
      'login',
      'Who has access',
    ]);
  });

  it('no cookie of an interaction opens it, and its cookie opens no interaction', async () => {
    const journey = await beginJourney();
    const customer = journey.browser();
    const consentPage = await reachConsent(customer, journey.url());
    expect(consentPage.form).toBe('consent');
    const [name = '', value = ''] = [...customer.cookies][0] ?? [];
    const stranger = testBrowser(
      journey.app,
      new Map([
        [name, value],
        ['access', value],
      ]),
    );
    expect(await isIn(stranger)).toBe(false);
    const { browser } = await visitorOf(journey.app, journey.organisationId);
    const cookie = browser.cookies.get('access') ?? '';
    const intruder = testBrowser(journey.app, new Map([[name, cookie.split('.')[1] ?? '']]));
    const decided = await intruder.post('/oauth/authorize/consent', {
      interaction: consentPage.interaction,
      decision: 'approve',
      account_id: 'acc_1234567890',
    });
    expect(decided.status).toBe(400);
    expect((await journey.consent())?.status).toBe('awaiting_authorization');
  });

  it.each(['', 'x', `${crypto.randomUUID()}.${'A'.repeat(43)}`, `${crypto.randomUUID()}.x.y`])(
    'the cookie %j is nobody',
    async (cookie) => {
      expect(await isIn(testBrowser(testApp(), new Map([['access', cookie]])))).toBe(false);
    },
  );

  it.each(['/my/access/log-in', '/my/access/code', '/my/access/log-out', `${ELSEWHERE}/stop`])(
    'takes a post to %s from its own pages alone',
    async (path) => {
      const app = testApp();
      const { browser, bank } = await visitorOf(app, await insertTestOrganisation());
      const fields = { bank, username: 'hazel', password: PASSWORD, otp: ONE_TIME_CODE };
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: null },
        { origin: null, 'sec-fetch-site': 'same-site' },
      ]) {
        const refused = await browser.post(path, fields, headers);
        expect([refused.status, headingOf(refused)]).toEqual([403, 'We did not accept that']);
        expect(refused.html).toContain(`href="${FRONT}"`);
      }
      expect(await isIn(browser)).toBe(true);
    },
  );
});

describe('the bank of a link', () => {
  it.each(['x', `${crypto.randomUUID()}.${'A'.repeat(43)}`, '.', ''])(
    'is not known by the handle %j',
    async (bank) => {
      const browser = testBrowser(testApp());
      for (const page of [await browser.get(`/my/access?bank=${bank}`), await postName(browser, bank)]) {
        expect([page.status, headingOf(page)]).toEqual([404, 'This link does not work']);
      }
    },
  );

  it('is one for each organisation, and the same at all times', async () => {
    const [one, other] = [crypto.randomUUID(), crypto.randomUUID()];
    const links = await Promise.all([one, other, one].map((id) => accessLink(id)));
    expect(links[0]).toEqual(links[2]);
    const [, digest = ''] = links[0]?.bank.split('.') ?? [];
    expect(digest).toMatch(/^[\w-]{43}$/);
    const borrowed = await testBrowser(testApp()).get(`/my/access?bank=${other}.${digest}`);
    expect(borrowed.status).toBe(404);
  });

  it('without a name is the local one on this machine alone', async () => {
    expect((await testBrowser(testApp()).get('/my/access')).form).toBe('login');
    const deployed = testApp({
      origin: 'https://sandbox.example',
      bindings: { ISSUER: 'https://sandbox.example' },
    });
    const page = await testBrowser(deployed).get('/my/access');
    expect([page.status, headingOf(page)]).toEqual([404, 'Which bank is yours?']);
  });

  it('never stands on the host of the developers', async () => {
    const bindings = { DEVELOPER_HOST: 'developer.example', ISSUER: 'https://sandbox.example' };
    const app = testApp({ bindings, origin: 'https://developer.example' });
    const page = await app.request('/my/access');
    expect([page.status, headingOf({ html: await page.text() })]).toEqual([404, 'There is nothing here']);
  });

  it('is led from any other host to the issuer’s, whose forms alone are taken', async () => {
    const origin = 'https://auth.example';
    const app = testApp({ bindings: { ISSUER: 'https://sandbox.example' }, origin });
    const opened = await app.request('/my/access?bank=x.y', { redirect: 'manual' });
    expect([opened.status, opened.headers.get('location')]).toEqual([
      303,
      'https://sandbox.example/my/access?bank=x.y',
    ]);
    const posted = await app.request('/my/access/log-in', { method: 'POST', headers: { origin } });
    expect(posted.status).toBe(403);
  });
});

it('in production it is the bank’s one, with a code by chance and a cookie of this host alone', async () => {
  const told: CodeMessage[] = [];
  const sendCode = (message: CodeMessage) => {
    told.push(message);
    return Promise.resolve({ sentTo: '…01' });
  };
  const bindings = { ...PRODUCTION, CODE_SENDER: { sendCode }, KEY_RING: productionRing() };
  const app = testApp({ origin: PRODUCTION.ISSUER, bindings });
  const digest = await hashPassword('a pass phrase of its own');
  if (!digest.ok) throw new Error(digest.refusal.reason);
  const username = `u${crypto.randomUUID()}`;
  await env.DB.prepare("INSERT INTO customers VALUES ('bank', ?1, ?1, 'Hazel Nutkin', ?2, 0)")
    .bind(username, digest.value)
    .run();
  const form = (fields: Record<string, string>, cookie = '') => ({
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: PRODUCTION.ISSUER, cookie },
    redirect: 'manual' as const,
  });
  expect(await accessLinkOf(testScope({ bindings, url: PRODUCTION.ISSUER }), 'any')).toBe(
    `${PRODUCTION.ISSUER}/my/access`,
  );
  expect(await (await app.request('/my/access')).text()).not.toContain('hamster-wheel');
  const named = await app.request(
    '/my/access/log-in',
    form({ username, password: 'a pass phrase of its own' }),
  );
  const [cookie = ''] = named.headers.getSetCookie();
  expect(cookie).toMatch(/^__Host-access=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  expect(told).toMatchObject([{ purpose: 'access', softwareName: 'Hamster Bank', customerId: username }]);
  const [pair = ''] = cookie.split(';');
  const asked = await app.request('/my/access/code', { headers: { cookie: pair } });
  expect(await asked.text()).toContain('We have sent …01 a code');
  const coded = await app.request('/my/access/code', form({ otp: told[0]?.code ?? '' }, pair));
  expect([coded.status, coded.headers.get('location')]).toEqual([303, `${PRODUCTION.ISSUER}/my/access`]);
});
