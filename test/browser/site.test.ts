/** The site in a real browser: accessible, narrow enough for a phone, and asking nobody else for anything. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../src/docs/documents.ts';
import { type LocalServer, startLocalServer } from '../node/local-server.ts';
import { axeViolations, launchChromium, openPage, overflow, smallTargets } from './chromium.ts';

let server: LocalServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startLocalServer(), launchChromium()]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

const PATHS = ['/', '/docs', ...DOCUMENTS.map(({ slug }) => `/docs/${slug}`), '/status', '/nothing-here'];

describe.each([
  { viewport: { width: 1280, height: 800 }, colorScheme: 'light' as const },
  { viewport: { width: 320, height: 640 }, colorScheme: 'dark' as const },
])('$viewport.width px, $colorScheme', (options) => {
  it.each(PATHS)('%s', async (path) => {
    const { page, complaints, close } = await openPage(browser, options);
    await page.goto(server.baseUrl + path);
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(await smallTargets(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });
});

it('copies a code block', async () => {
  const { page, close } = await openPage(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`${server.baseUrl}/docs/getting-started`);
  await page.getByRole('button', { name: 'Copy' }).nth(1).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
    `export BASE_URL=${server.baseUrl}`,
  );
  await close();
});

it('draws the API reference with nothing from elsewhere', async () => {
  const { page, complaints, close } = await openPage(browser);
  await page.goto(`${server.baseUrl}/reference`);
  await page.getByRole('heading', { name: 'Hamster Bank Open Banking API' }).waitFor();
  expect(complaints).toEqual([]);
  await close();
});
