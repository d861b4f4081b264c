/** The site in a real browser: accessible, narrow enough for a phone, and asking nobody else for anything. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DOCUMENTS } from '../../src/docs/documents.ts';
import {
  axeViolations,
  connectChromium,
  openPage,
  overflow,
  smallTargets,
  type WatchedPage,
} from './chromium.ts';

const baseUrl = inject('baseUrl');
let browser: Browser;

beforeAll(async () => {
  browser = await connectChromium(inject('chromium'));
});

afterAll(() => browser.close());

/** What axe-core finds within the viewer of the API reference, which is not ours. */
const VIEWERS_OWN = new Set(['button-name', 'scrollable-region-focusable']);

const PATHS = [
  '/',
  '/docs',
  ...DOCUMENTS.map(({ slug }) => `/docs/${slug}`),
  '/status',
  '/metrics/open-banking',
  '/nothing-here',
];

describe.each([
  { viewport: { width: 1280, height: 800 }, colorScheme: 'light' as const },
  { viewport: { width: 320, height: 640 }, colorScheme: 'dark' as const },
])('$viewport.width px, $colorScheme', (options) => {
  /** Opened by one path, used again by the next: opening takes longer than looking. */
  const idle: WatchedPage[] = [];

  it.each(PATHS)('%s', async (path) => {
    const watched = idle.pop() ?? (await openPage(browser, options));
    const { page, complaints } = watched;
    await page.goto(baseUrl + path);
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(await smallTargets(page)).toEqual([]);
    expect(complaints).toEqual([]);
    idle.push(watched);
  });
});

it('gives a phone its room: one line of navigation, documents folded, code and tables whole', async () => {
  const { page, close } = await openPage(browser, { viewport: { width: 320, height: 640 } });
  await page.goto(`${baseUrl}/docs/sandbox`);
  const tops = await page.$$eval('nav[aria-label=Site] a', (links) =>
    links.map((link) => link.getBoundingClientRect().top),
  );
  expect(new Set(tops).size).toBe(1);

  const list = page.getByRole('navigation', { name: 'Documentation' });
  expect(await list.count()).toBe(0);
  await page.getByText('All documents').click();
  expect(await list.count()).toBe(1);
  await list.getByRole('link', { name: 'Errors' }).waitFor();

  const button = await page.getByRole('button', { name: 'Copy' }).first().boundingBox();
  const code = await page.locator('pre code').first().boundingBox();
  expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThanOrEqual(code?.y ?? 0);

  const wide = page.locator('.scroll', { hasText: 'IBAN' });
  const cell = wide.getByRole('cell', { name: 'Euro Account' });
  const before = await cell.boundingBox();
  await wide.evaluate((element) => element.scrollTo({ left: 1000, behavior: 'instant' }));
  expect(await wide.evaluate((element) => element.scrollLeft)).toBeGreaterThan(50);
  expect((await cell.boundingBox())?.x).toBe(before?.x);
  expect(before?.width).toBeLessThan(150);
  await close();
});

it('copies a code block', async () => {
  const { page, close } = await openPage(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`${baseUrl}/docs/getting-started`);
  await page.getByRole('button', { name: 'Copy' }).nth(1).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`export BASE_URL=${baseUrl}`);
  await close();
});

// axe reads some 20,000 elements of the viewer's.
it('draws the API reference with nothing from elsewhere, within its content policy, as one page', {
  timeout: 120_000,
}, async () => {
  const { page, complaints, close } = await openPage(browser, { viewport: { width: 320, height: 640 } });
  await page.goto(`${baseUrl}/reference`);
  await page.getByRole('heading', { name: 'Hamster Bank Open Banking API' }).waitFor();
  await page.waitForLoadState('networkidle');
  expect(complaints).toEqual([]);
  const rules = (await axeViolations(page)).map((violation) => violation.split(':')[0]);
  expect(rules.filter((rule) => !VIEWERS_OWN.has(rule ?? ''))).toEqual([]);
  await close();
});

it('without scripts the API reference leads to the OpenAPI document', async () => {
  const { page, close } = await openPage(browser, { javaScriptEnabled: false });
  await page.goto(`${baseUrl}/reference`);
  await page.getByRole('main').getByRole('link', { name: 'The OpenAPI document' }).waitFor();
  await close();
});
