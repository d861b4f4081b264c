/** What another site tries with a customer's own browser: frames our pages, posts our forms. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { connectChromium, openPage } from './chromium.ts';
import { decide } from './steps.ts';
import { type BrowserTpp, browserTpp } from './tpp.ts';
import { walkToConsent } from './walk.ts';

const baseUrl = inject('baseUrl');
const servers: Server[] = [];
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
  for (const server of servers) server.close();
  await browser.close();
});

/** A site of a stranger with one page; on localhost too, so that a browser sends it our cookies' site as same-site. */
async function stranger(html: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(`<!doctype html><title>Stranger</title>${html}`);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, resolve);
  });
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}

it('a page of ours does not open in the frame of another site', async () => {
  const { page, complaints, close } = await openPage(browser);
  const harmless = await stranger('<h1>Harmless</h1>');
  const { startUrl } = await tpp.start();
  const framed = [startUrl, `${baseUrl}/docs`, `${baseUrl}/reference`];
  const site = await stranger(
    [harmless, ...framed].map((url) => `<iframe src="${url.replaceAll('&', '&amp;')}"></iframe>`).join(''),
  );
  await page.goto(site);
  const [, control, ...refused] = page.frames();
  expect(await control?.getByRole('heading', { name: 'Harmless' }).count()).toBe(1);
  expect(refused.map((frame) => frame.url())).toEqual(framed.map(() => 'chrome-error://chromewebdata/'));
  expect(complaints).toHaveLength(framed.length);
  for (const complaint of complaints) expect(complaint).toContain("frame-ancestors 'none'");
  await close();
});

it('a form of ours posted by another site is refused, with the cookie and the seal of its customer', async () => {
  const { page, close } = await openPage(browser);
  const { consentId, startUrl } = await tpp.start();
  await walkToConsent(page, startUrl);
  const sealed = await page.locator('input[name=interaction]').inputValue();
  const account = await page.locator('input[name=account_id]').first().inputValue();
  const site = await stranger(`<form method="post" action="${baseUrl}/oauth/authorize/consent">
    <input name="interaction" value="${sealed}"><input name="account_id" value="${account}">
    <button name="decision" value="approve">Win a prize</button></form>`);

  const tab = await page.context().newPage();
  await tab.goto(site);
  const posted = tab.waitForRequest((request) => request.method() === 'POST');
  await tab.getByRole('button', { name: 'Win a prize' }).click();
  const request = await posted;
  expect((await request.allHeaders())['cookie']).toMatch(/^ix-/);
  expect((await request.response())?.status()).toBe(403);
  await tab.getByRole('heading', { name: 'We did not accept that' }).waitFor();
  expect(await tpp.statusOf(consentId)).toBe('awaiting_authorization');

  await page.getByLabel('Main Account').check();
  await decide(page, 'Confirm');
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  expect(await tpp.statusOf(consentId)).toBe('authorized');
  await close();
});
