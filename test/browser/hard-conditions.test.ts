/** Pages under what readers do to them: wider letters, larger type, a narrow screen, long names, paper. Source: WCAG 2.2. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connectChromium, openPage, overflow } from './chromium.ts';
import { newApiKey, newcomer, signUp } from './developer.ts';
import { browserTpp } from './tpp.ts';
import { walkToConsent } from './walk.ts';

const baseUrl = inject('baseUrl');
let browser: Browser;

beforeAll(async () => {
  browser = await connectChromium(inject('chromium'));
});

afterAll(() => browser.close());

/** 1280 pixels at 400 %: success criterion 1.4.10. */
const NARROW = { viewport: { width: 320, height: 512 } };
const DESK = { viewport: { width: 1200, height: 800 } };
const WORD = 'Lopadotemachoselachogaleokranioleipsanodrimhypotrimmatosilph';

/** Sets the spacing of success criterion 1.4.12 as a reader's extension does, past the content policy. */
async function spaceOut(page: Page): Promise<void> {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}' +
        'p{margin-bottom:2em!important}',
    );
    document.adoptedStyleSheets = [sheet];
  });
}

/** Pixels of tables that only scrolling within them brings into sight. */
function beyondTables(page: Page): Promise<number> {
  return page.$$eval('.scroll', (tables) =>
    Math.max(...tables.map((table) => table.scrollWidth - table.clientWidth)),
  );
}

it.each(['/', '/docs', '/status', '/dashboard/sign-in', '/my/access', '/my/nothing-here'])(
  '%s keeps within a narrow screen when its letters are spaced out',
  async (path) => {
    const { page, close } = await openPage(browser, NARROW);
    await page.goto(baseUrl + path);
    await spaceOut(page);
    expect(await overflow(page)).toBe(0);
    await close();
  },
);

describe('the consent page', () => {
  it('keeps within a narrow screen whatever accounts are called, its letters spaced out too', async () => {
    const tpp = await browserTpp({ baseUrl, apiKey: inject('apiKey'), name: WORD });
    const { page, close } = await openPage(browser, NARROW);
    await walkToConsent(page, (await tpp.start()).startUrl, 'basil');
    await page.waitForLoadState();
    await page
      .locator('.row b')
      .first()
      .evaluate((name, word) => name.replaceChildren(word), WORD);
    expect(await overflow(page)).toBe(0);
    await spaceOut(page);
    expect(await overflow(page)).toBe(0);
    tpp.close();
    await close();
  });
});

it('follows the size of type that the reader has set', async () => {
  const { page, close } = await openPage(browser, { viewport: { width: 900, height: 800 } });
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setFontSizes', { fontSizes: { standard: 32 } });
  await page.goto(`${baseUrl}/docs/getting-started`);
  const sizeOf = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).fontSize);
  expect([await sizeOf('body'), await sizeOf('h2')]).toEqual(['32px', '44px']);
  // As on a phone: the list of documents is folded above the page.
  expect(await page.getByRole('navigation', { name: 'Documentation' }).count()).toBe(0);
  expect(await overflow(page)).toBe(0);
  await close();
});

it('gives a copy button an edge where the reader’s own colours take its own away', async () => {
  const { page, close } = await openPage(browser, { forcedColors: 'active' });
  await page.goto(`${baseUrl}/docs/getting-started`);
  await page.waitForLoadState();
  const edges = await page.$$eval('.copy', (buttons) =>
    buttons.map((button) => getComputedStyle(button).borderTopWidth),
  );
  expect(new Set(edges)).toEqual(new Set(['1px']));
  await close();
});

it('leaves on paper what is read, not what is pressed', async () => {
  const { page, close } = await openPage(browser);
  await page.goto(`${baseUrl}/docs/getting-started`);
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('navigation').count()).toBe(0);
  expect(await page.getByRole('button').count()).toBe(0);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await close();
});

it('shows tabs as links and API keys whole, keeps tables and paper from hiding columns, and shows where one is', {
  timeout: 60_000,
}, async () => {
  const { page, close } = await openPage(browser, DESK);
  const look = async (name: string) => {
    if (name !== 'api-key-made') return;
    await page.waitForLoadState();
    await page.setViewportSize(NARROW.viewport);
    expect(await overflow(page)).toBe(0);
    await page.setViewportSize(DESK.viewport);
  };
  await signUp(page, baseUrl, newcomer(WORD), look);
  await newApiKey(page, baseUrl, 'Build server', async () => {});
  await page.goto(`${baseUrl}/dashboard/api-keys`);
  expect(await beyondTables(page)).toBe(0);
  await newApiKey(page, baseUrl, WORD, look);
  for (const path of ['requests', 'usage']) {
    await page.goto(`${baseUrl}/dashboard/${path}`);
    const lines = await page.$$eval('nav.links a', (tabs) =>
      tabs.map((tab) => getComputedStyle(tab).textDecorationLine),
    );
    expect([path, new Set(lines)]).toEqual([path, new Set(['underline'])]);
  }
  // Ids, e-mail addresses and names of 60 letters, beside each other.
  for (const path of ['api-keys', 'organisation', 'audit']) {
    await page.goto(`${baseUrl}/dashboard/${path}`);
    expect([path, await beyondTables(page)]).toEqual([path, 0]);
    await page.setViewportSize({ width: 700, height: 1000 });
    await page.emulateMedia({ media: 'print' });
    expect([path, 'on paper', await beyondTables(page)]).toEqual([path, 'on paper', 0]);
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize(NARROW.viewport);
    const { right } = await page.$eval('.sections [aria-current]', (here) => here.getBoundingClientRect());
    expect(right).toBeLessThanOrEqual(NARROW.viewport.width);
    await page.setViewportSize(DESK.viewport);
  }
  await close();
});
