/** The customer's journey in a real browser: by clicks, with and without scripts, on a phone, in the dark. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { axeViolations, connectChromium, openPage, overflow, smallTargets, wrapped } from './chromium.ts';
import { decide, typeCode } from './steps.ts';
import { type BrowserTpp, browserTpp } from './tpp.ts';
import { forgetAttempts, logIn, walkToConsent } from './walk.ts';

const baseUrl = inject('baseUrl');
let browser: Browser;
let tpp: BrowserTpp;

beforeAll(async () => {
  [browser, tpp] = await Promise.all([
    connectChromium(inject('chromium')),
    browserTpp({ baseUrl, apiKey: inject('apiKey') }),
  ]);
});

afterAll(async () => {
  tpp.close();
  await browser.close();
});

/** Waits for the TPP's own front page, the third origin, and takes what its callback was given. */
async function arrival(page: Page, consentId: string): Promise<URLSearchParams> {
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  return tpp.arrivalOf(consentId) ?? new URLSearchParams();
}

describe.each([
  ['a desk', { viewport: { width: 1280, height: 800 } }],
  ['a phone in the dark', { viewport: { width: 320, height: 640 }, colorScheme: 'dark' as const }],
  ['no scripts', { viewport: { width: 390, height: 800 }, javaScriptEnabled: false }],
])('with %s', (_name, options) => {
  const scripted = !('javaScriptEnabled' in options);

  async function look(page: Page): Promise<void> {
    if (!scripted) return;
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(await smallTargets(page)).toEqual([]);
    expect(await wrapped(page, '.row b, .row .amount')).toEqual([]);
  }

  it('the customer confirms and arrives at the client, and where it sends them on', async () => {
    const { page, complaints, close } = await openPage(browser, options);
    const { consentId, startUrl } = await tpp.start();

    await page.goto(startUrl);
    expect(await page.title()).toBe('Log in - Hamster Bank');
    await look(page);
    await logIn(page);

    await page.getByRole('heading', { name: 'Enter your one-time code' }).waitFor();
    await look(page);
    await typeCode(page);

    await page.getByRole('heading', { name: 'Acorn Finance wants to see your accounts' }).waitFor();
    await look(page);
    await page.getByLabel('Main Account').check();
    await page.getByLabel('Joint Account').check();
    await decide(page, 'Confirm');

    const given = await arrival(page, consentId);
    expect(given.get('code')).toMatch(/^c\./);
    expect(given.get('iss')).toBe(baseUrl);
    expect(await tpp.statusOf(consentId)).toBe('authorized');
    expect(complaints).toEqual([]);
    await close();
  });

  it('the customer refuses', async () => {
    const { page, complaints, close } = await openPage(browser, options);
    const { consentId, startUrl } = await tpp.start();
    await walkToConsent(page, startUrl);
    await decide(page, 'Refuse');
    expect((await arrival(page, consentId)).get('error')).toBe('access_denied');
    expect(await tpp.statusOf(consentId)).toBe('rejected');
    expect(complaints).toEqual([]);
    await close();
  });
});

it.each([
  ['log-in', async () => {}],
  ['one-time code', (page: Page) => logIn(page)],
  [
    'consent',
    async (page: Page) => {
      await logIn(page);
      await typeCode(page);
    },
  ],
])(
  'Cancel on the page for %s takes the customer back, undecided, and needs no field filled',
  async (_name, walk) => {
    const { page, complaints, close } = await openPage(browser);
    const { consentId, startUrl } = await tpp.start();
    await page.goto(startUrl);
    await walk(page);
    await decide(page, 'Cancel');
    expect((await arrival(page, consentId)).get('error')).toBe('access_denied');
    expect(await tpp.statusOf(consentId)).toBe('awaiting_authorization');
    expect(complaints).toEqual([]);
    await close();
  },
);

it('says in words what was wrong, at the field, and lets the customer go on', async () => {
  const { page, complaints, close } = await openPage(browser);
  const { consentId, startUrl } = await tpp.start();
  await page.goto(startUrl);

  await logIn(page, 'hazel', 'not-the-password');
  const username = page.getByLabel('Username');
  await page.getByRole('alert').waitFor();
  expect(await page.title()).toBe('Error: Log in - Hamster Bank');
  expect(await username.getAttribute('aria-describedby')).toBe('failure');
  // A page gives its focus when it is painted, which may be after its words are there.
  await page.locator('#username:focus').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await logIn(page);

  await typeCode(page, '000000');
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('One-time code').getAttribute('aria-describedby')).toContain('failure');
  expect(await axeViolations(page)).toEqual([]);
  await typeCode(page);

  await decide(page, 'Confirm');
  await page.getByRole('alert').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByLabel('Main Account').check();
  await decide(page, 'Confirm');
  expect((await arrival(page, consentId)).get('code')).toMatch(/^c\./);
  expect(complaints).toEqual([]);
  await close();
});

it('decides in each of two tabs only what that tab asked', async () => {
  const { page, complaints, close } = await openPage(browser);
  const other = await page.context().newPage();
  const [first, second] = [await tpp.start(), await tpp.start()];
  await walkToConsent(page, first.startUrl);
  await walkToConsent(other, second.startUrl);

  await page.getByLabel('Main Account').check();
  await decide(page, 'Confirm');
  expect((await arrival(page, first.consentId)).get('code')).toMatch(/^c\./);
  expect(await tpp.statusOf(second.consentId)).toBe('awaiting_authorization');
  expect(tpp.arrivalOf(second.consentId)).toBeUndefined();

  await decide(other, 'Refuse');
  expect((await arrival(other, second.consentId)).get('error')).toBe('access_denied');
  expect(await tpp.statusOf(first.consentId)).toBe('authorized');
  expect(await tpp.statusOf(second.consentId)).toBe('rejected');
  expect(complaints).toEqual([]);
  await close();
});

it('tells who goes back after deciding that their answer was sent, and changes nothing', async () => {
  const { page, complaints, close } = await openPage(browser);
  const { consentId, startUrl } = await tpp.start();
  await walkToConsent(page, startUrl);
  await decide(page, 'Refuse');
  await arrival(page, consentId);
  await page.goBack();
  await page.getByText('If you have answered, your answer was sent').waitFor();
  expect(await page.getByRole('button').count()).toBe(0);
  expect(await axeViolations(page)).toEqual([]);
  expect(await tpp.statusOf(consentId)).toBe('rejected');
  expect(complaints).toEqual([]);
  await close();
});

it('walks the journey by keyboard alone', async () => {
  const { page, close } = await openPage(browser);
  const { consentId, startUrl } = await tpp.start();
  await page.goto(startUrl);
  await forgetAttempts('hazel');
  await page.getByLabel('Username').focus();
  await page.keyboard.type('hazel');
  await page.keyboard.press('Tab');
  await page.keyboard.type('hamster-wheel');
  await page.keyboard.press('Enter');
  await page.getByLabel('One-time code').focus();
  await page.keyboard.type('123456');
  await page.keyboard.press('Enter');
  await page.getByLabel('Main Account').focus();
  await page.keyboard.press('Space');
  const order: string[] = [];
  while (order.length < 8 && order.at(-1) !== 'Cancel') {
    await page.keyboard.press('Tab');
    order.push((await page.evaluate(() => document.activeElement?.textContent?.trim())) ?? '');
  }
  expect(order.slice(-3)).toEqual(['Confirm', 'Refuse', 'Cancel']);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  expect((await arrival(page, consentId)).get('code')).toMatch(/^c\./);
  await close();
});

it('gives the three ways out the same size and look', async () => {
  const { page, close } = await openPage(browser, { viewport: { width: 1280, height: 800 } });
  await walkToConsent(page, (await tpp.start()).startUrl);
  await page.mouse.move(0, 0);
  const looks = await page.evaluate(() =>
    [...document.querySelectorAll('button[name=decision]')].map((button) => {
      const { width, height, top } = button.getBoundingClientRect();
      const { color, backgroundColor, borderColor, fontWeight, fontSize } = getComputedStyle(button);
      return JSON.stringify([
        Math.round(width),
        height,
        top,
        color,
        backgroundColor,
        borderColor,
        fontWeight,
        fontSize,
      ]);
    }),
  );
  expect(looks).toHaveLength(3);
  expect(new Set(looks).size).toBe(1);
  await close();
});

it('shows a page of ours, and sends nobody anywhere, when the client is not known', async () => {
  const { page, complaints, close } = await openPage(browser);
  const answer = await page.goto(
    `${baseUrl}/oauth/authorize?response_type=code&client_id=550e8400-e29b-41d4-a716-446655440000&redirect_uri=https://your-app.com/callback`,
  );
  expect(answer?.status()).toBeGreaterThanOrEqual(400);
  expect(new URL(page.url()).origin).toBe(baseUrl);
  await page.getByText('Request id:').waitFor();
  expect(await page.getByText('client_id').isVisible()).toBe(false);
  await page.getByText('For the developers of the app').click();
  expect(await page.getByText('client_id').isVisible()).toBe(true);
  expect(await axeViolations(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});
