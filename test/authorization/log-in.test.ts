/** Log-in: what is counted, and that every failure looks the same. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import type { Landed } from '../support/browser.ts';
import {
  answerOf,
  beginJourney,
  type Journey,
  ONE_TIME_CODE,
  PASSWORD,
  postCode,
  postLogin,
  reachCode,
} from '../support/journey.ts';

const QUARTER_HOUR_MS = 15 * 60 * 1000;

/** One guess in a browser of its own. */
async function guess(journey: Journey, username: string, password: string): Promise<Landed> {
  const browser = journey.browser();
  return postLogin(browser, await browser.get(journey.url()), { username, password });
}

async function failTimes(journey: Journey, username: string, times: number): Promise<void> {
  for (let index = 0; index < times; index += 1) await guess(journey, username, 'wrong');
}

/** What a page says, less what differs between any two pages. */
function words({ html }: Landed): string {
  return html.replace(/name="interaction" value="[^"]*"/, '');
}

it('fails with one text, whatever was wrong', async () => {
  const journey = await beginJourney();
  await failTimes(journey, 'clover', 5);
  const failures = [
    await guess(journey, 'hazel', 'wrong'),
    await guess(journey, 'nobody', PASSWORD),
    await guess(journey, 'sorrel', PASSWORD),
    await guess(journey, 'clover', PASSWORD),
    await guess(journey, '', ''),
    await guess(journey, 'x'.repeat(1000), 'y'.repeat(1000)),
  ];
  const [first] = failures;
  for (const failure of failures) {
    expect(failure).toMatchObject({ status: 400, form: 'login' });
    expect(words(failure)).toBe(words(first as Landed));
  }
});

it('costs a hash for a name that is unknown, refused or locked', async () => {
  const journey = await beginJourney();
  await failTimes(journey, 'clover', 5);
  for (const username of ['nobody', 'clover', 'sorrel']) {
    const started = Date.now();
    await guess(journey, username, PASSWORD);
    // A hash takes some 200 ms; the rest of the post about 20.
    expect(Date.now() - started).toBeGreaterThan(60);
  }
});

it('refuses a name after five failures, and takes it again after 15 minutes', async () => {
  const journey = await beginJourney();
  await failTimes(journey, 'hazel', 5);
  expect((await guess(journey, 'hazel', PASSWORD)).form).toBe('login');
  expect((await guess(journey, 'basil', PASSWORD)).status).toBe(303);
  journey.app.advance(QUARTER_HOUR_MS - 1);
  expect((await guess(journey, 'hazel', PASSWORD)).form).toBe('login');
  journey.app.advance(1);
  expect((await guess(journey, 'hazel', PASSWORD)).status).toBe(303);
});

it('counts a name that does not exist too', async () => {
  const journey = await beginJourney();
  await failTimes(journey, 'nobody', 3);
  const row = await env.DB.prepare('SELECT failures FROM login_attempts WHERE tenant_id = ?')
    .bind(await journey.tenantId())
    .first();
  expect(row).toEqual({ failures: 3 });
});

it('counts passwords and codes together', async () => {
  const journey = await beginJourney();
  await failTimes(journey, 'hazel', 3);
  const browser = journey.browser();
  const code = await reachCode(browser, journey.url());
  expect((await postCode(browser, code, '000000')).form).toBe('otp');
  expect((await postCode(browser, code, '000001')).form).toBe('otp');
  // Five failures: even the right code is not looked at any more.
  expect(answerOf(await postCode(browser, code))).toMatchObject({ error: 'access_denied' });
});

it('forgets the failures when the right code is posted again, as after an answer that was lost', async () => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const code = await reachCode(browser, journey.url());
  expect((await postCode(browser, code)).status).toBe(303);
  await failTimes(journey, 'hazel', 3);
  expect((await postCode(browser, code, '000000')).status).toBe(303);
  expect((await postCode(browser, code)).status).toBe(303);
  await failTimes(journey, 'hazel', 4);
  expect((await guess(journey, 'hazel', PASSWORD)).status).toBe(303);
});

it('forgets the failures after a complete log-in, not after the password alone', async () => {
  const journey = await beginJourney();
  await failTimes(journey, 'hazel', 4);
  const browser = journey.browser();
  const code = await reachCode(browser, journey.url());
  expect(code.form).toBe('otp');
  const count = async () =>
    env.DB.prepare('SELECT failures FROM login_attempts WHERE tenant_id = ?')
      .bind(await journey.tenantId())
      .first('failures');
  expect(await count()).toBe(4);
  await postCode(browser, code);
  expect(await count()).toBeNull();
});

it('keeps the names of one organisation from those of another', async () => {
  const [one, other] = [await beginJourney(), await beginJourney()];
  await failTimes(one, 'hazel', 5);
  expect((await guess(one, 'hazel', PASSWORD)).form).toBe('login');
  expect((await guess(other, 'hazel', PASSWORD)).status).toBe(303);
});

it('of 20 guesses at once in browsers of their own five are compared, and the name is refused', async () => {
  const journey = await beginJourney();
  await journey.tenantId();
  const guesses = await Promise.all(
    Array.from({ length: 20 }, (_, index) => guess(journey, 'hazel', `wrong${index}`)),
  );
  expect(guesses.every(({ status, form }) => status === 400 && form === 'login')).toBe(true);
  const failures = await env.DB.prepare('SELECT failures FROM login_attempts WHERE tenant_id = ?')
    .bind(await journey.tenantId())
    .first('failures');
  expect(failures).toBe(5);
  expect((await guess(journey, 'hazel', PASSWORD)).form).toBe('login');
});

it('of 50 guesses at once in one browser at most five are compared, and it is over', async () => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const page = await browser.get(journey.url());
  await journey.tenantId();
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      postLogin(browser.copy(), page, { username: `guess${index}`, password: 'wrong' }),
    ),
  );
  const compared = await env.DB.prepare('SELECT count(*) AS n FROM login_attempts WHERE tenant_id = ?')
    .bind(await journey.tenantId())
    .first<number>('n');
  expect(compared).toBeLessThanOrEqual(5);
  expect(answers.filter((answer) => answer.location !== undefined)).toHaveLength(1);
  expect((await postLogin(browser, page)).status).toBe(400);
});

it('of 50 codes at once at most three are compared', async () => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const page = await reachCode(browser, journey.url());
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      postCode(browser.copy(), page, index === 49 ? ONE_TIME_CODE : String(index).padStart(6, '0')),
    ),
  );
  expect(answers.filter((answer) => answer.location?.startsWith('https://client.example'))).toHaveLength(1);
  expect(answers.filter((answer) => answer.form === 'otp').length).toBeLessThanOrEqual(2);
  expect((await browser.get(`/oauth/authorize/${'0'.repeat(64)}`)).status).toBe(404);
});

it('goes on after a second press of the button', async () => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const page = await browser.get(journey.url());
  const other = browser.copy();
  const first = await postLogin(other, page);
  expect(first.status).toBe(303);
  // The browser dropped the first answer and its cookie, and follows the second.
  const code = await browser.follow(await postLogin(browser, page));
  expect(code.form).toBe('otp');
  expect((await browser.follow(await postCode(browser, code))).form).toBe('consent');
  expect((await other.follow(first)).status).toBe(400);
});

it('lets the customer step back and log in as somebody else', async () => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const page = await browser.get(journey.url());
  await postLogin(browser, page);
  const code = await browser.follow(await postLogin(browser, page, { username: 'basil' }));
  const consent = await browser.follow(await postCode(browser, code));
  expect(consent.html).toContain('Overdrawn');
  expect(consent.html).not.toContain('Main Account');
});
