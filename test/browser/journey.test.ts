/** The customer's journey in a real browser: by clicks, with and without scripts, on a phone, in the dark. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../node/local-server.ts';
import { axeViolations, launchChromium, openPage, overflow, smallTargets } from './chromium.ts';
import { type BrowserTpp, browserTpp } from './tpp.ts';

let server: LocalServer;
let browser: Browser;
let tpp: BrowserTpp;

beforeAll(async () => {
  server = await startLocalServer();
  [browser, tpp] = await Promise.all([launchChromium(), browserTpp(server)]);
});

afterAll(async () => {
  tpp.close();
  await browser.close();
  await server.stop();
});

async function logIn(page: Page, username = 'hazel', password = 'hamster-wheel'): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function typeCode(page: Page, code = '123456'): Promise<void> {
  await page.getByLabel('One-time code').fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** Waits for the TPP's own front page, the third origin, and takes what its callback was given. */
async function arrival(page: Page): Promise<URLSearchParams> {
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  return tpp.arrivals.at(-1)?.searchParams ?? new URLSearchParams();
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
    await page.getByRole('button', { name: 'Confirm' }).click();

    const given = await arrival(page);
    expect(given.get('code')).toMatch(/^c\./);
    expect(given.get('state')).toBe(`state-${consentId.slice(-8)}`);
    expect(given.get('iss')).toBe(server.baseUrl);
    expect(await tpp.statusOf(consentId)).toBe('authorized');
    expect(complaints).toEqual([]);
    await close();
  });

  it('the customer refuses', async () => {
    const { page, complaints, close } = await openPage(browser, options);
    const { consentId, startUrl } = await tpp.start();
    await page.goto(startUrl);
    await logIn(page);
    await typeCode(page);
    await page.getByRole('button', { name: 'Refuse' }).click();
    expect((await arrival(page)).get('error')).toBe('access_denied');
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
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect((await arrival(page)).get('error')).toBe('access_denied');
    expect(await tpp.statusOf(consentId)).toBe('awaiting_authorization');
    expect(complaints).toEqual([]);
    await close();
  },
);

it('says in words what was wrong, at the field, and lets the customer go on', async () => {
  const { page, complaints, close } = await openPage(browser);
  await page.goto((await tpp.start()).startUrl);

  await logIn(page, 'hazel', 'not-the-password');
  const username = page.getByLabel('Username');
  await page.getByRole('alert').waitFor();
  expect(await page.title()).toBe('Error: Log in - Hamster Bank');
  expect(await username.getAttribute('aria-describedby')).toBe('failure');
  expect(await username.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await axeViolations(page)).toEqual([]);
  await logIn(page);

  await typeCode(page, '000000');
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('One-time code').getAttribute('aria-describedby')).toContain('failure');
  expect(await axeViolations(page)).toEqual([]);
  await typeCode(page);

  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('alert').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByLabel('Main Account').check();
  await page.getByRole('button', { name: 'Confirm' }).click();
  expect((await arrival(page)).get('code')).toMatch(/^c\./);
  expect(complaints).toEqual([]);
  await close();
});

it('walks the journey by keyboard alone', async () => {
  const { page, close } = await openPage(browser);
  await page.goto((await tpp.start()).startUrl);
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
  expect((await arrival(page)).get('code')).toMatch(/^c\./);
  await close();
});

it('gives the three ways out the same size and look', async () => {
  const { page, close } = await openPage(browser, { viewport: { width: 1280, height: 800 } });
  await page.goto((await tpp.start()).startUrl);
  await logIn(page);
  await typeCode(page);
  await page.getByRole('button', { name: 'Confirm' }).waitFor();
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
    `${server.baseUrl}/oauth/authorize?response_type=code&client_id=550e8400-e29b-41d4-a716-446655440000&redirect_uri=https://your-app.com/callback`,
  );
  expect(answer?.status()).toBeGreaterThanOrEqual(400);
  expect(new URL(page.url()).origin).toBe(server.baseUrl);
  await page.getByText('Request id:').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});
