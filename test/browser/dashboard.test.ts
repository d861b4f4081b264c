/**
 * A stranger's way through the dashboard in a real browser: account, application, API key, and the first call with what
 * the pages handed out and nothing else. Each page is looked at on the way.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { axeViolations, connectChromium, openPage, overflow, smallTargets } from './chromium.ts';
import { codeOf, makeApplication, newApiKey, newcomer, openShell, signUp } from './developer.ts';
import { type OwnSite, openOwnSite } from './own-site.ts';
import { typeCode } from './steps.ts';
import { logIn } from './walk.ts';

const baseUrl = inject('baseUrl');
let browser: Browser;
/** The application's own site, where customers come back to. */
let site: OwnSite;
let redirectUri: string;

beforeAll(async () => {
  browser = await connectChromium(inject('chromium'));
  site = await openOwnSite();
  redirectUri = site.redirectUri;
});

afterAll(async () => {
  site.close();
  await browser.close();
});

/** What every page keeps to, said with its name where it does not. */
function lookAt(page: Page) {
  return async (name: string): Promise<void> => {
    expect([name, await axeViolations(page)]).toEqual([name, []]);
    expect([name, await overflow(page)]).toEqual([name, 0]);
    expect([name, await smallTargets(page)]).toEqual([name, []]);
  };
}

const SECTIONS = [
  '/dashboard',
  '/dashboard/applications',
  '/dashboard/api-keys',
  '/dashboard/api-keys/new',
  '/dashboard/requests',
  '/dashboard/usage',
  '/dashboard/production',
  '/dashboard/organisation',
  '/dashboard/audit',
  '/dashboard/security',
];

it('a stranger signs up, makes an application and an API key, and makes the first call', {
  timeout: 180_000,
}, async () => {
  const { page, complaints, close } = await openPage(browser, {
    acceptDownloads: true,
    reducedMotion: 'reduce',
  });
  const look = lookAt(page);
  const shell = openShell();
  await signUp(page, baseUrl, newcomer(), look);
  await makeApplication(page, { name: 'Acorn Budget', redirectUri, folder: shell.folder }, look);

  // What the page handed out, as it stands.
  writeFileSync(join(shell.folder, '.env'), await codeOf(page, '.env'));
  const [tools, firstCall, bySelf, byKey, accounts] = [
    await codeOf(page, 'Two small tools'),
    await codeOf(page, 'Your first call'),
    await codeOf(page, 'Let the customer decide'),
    await codeOf(page, 'Or let the sandbox play the customer'),
    await codeOf(page, 'Read the accounts'),
  ];
  expect(await shell.run(tools)).toBe('');
  expect(await shell.run(firstCall)).toContain('"status":"awaiting_authorization"');

  // The customer decides in the browser; the developer copies the code from the address.
  const start = (await shell.run(bySelf)).trim();
  await page.goto(start);
  await logIn(page);
  await typeCode(page);
  await page.getByLabel('Main Account').check();
  await page.getByRole('button', { name: 'Confirm', exact: true }).click();
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  const code = new URL(page.url()).searchParams.get('code') ?? '';
  expect(await shell.run(`CODE='${code}'\n${accounts}`)).toContain('"account_id":"acc_1234567890"');

  await newApiKey(page, baseUrl, 'Build server', look);
  expect(await shell.run(await codeOf(page, 'Try it'))).toContain('"name":"Build server"');
  const key = await codeOf(page, 'Build server: the key');
  const without = `API_KEY=${key}\n${firstCall}\n${byKey}\n${accounts}`;
  expect(await shell.run(without)).toContain('"account_id":"acc_1234567890"');

  const desk = { width: 1280, height: 800 };
  for (const path of SECTIONS) {
    await page.setViewportSize(desk);
    await page.emulateMedia({ colorScheme: 'light' });
    expect([path, (await page.goto(baseUrl + path))?.status()]).toEqual([path, 200]);
    await look(path);
    await page.setViewportSize({ width: 320, height: 640 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await look(`${path} on a phone in the dark`);
  }
  await page.goto(`${baseUrl}/dashboard`);
  expect(await page.getByText('Done', { exact: true }).count()).toBeGreaterThanOrEqual(2);
  await page.locator('.menu summary').click();
  await look('the menu on a phone');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/sign-in|\/$/);
  await page.goto(`${baseUrl}/dashboard`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(complaints).toEqual([]);
  shell.close();
  await close();
});

it('without JavaScript all of it works but making keys, which says so', { timeout: 120_000 }, async () => {
  const { page, complaints, close } = await openPage(browser, { javaScriptEnabled: false });
  const none = async (): Promise<void> => undefined;
  const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  const jwks = JSON.stringify({ keys: [{ kty, crv, x, y, kid: 'own', use: 'sig', alg: 'ES256' }] });
  await signUp(page, baseUrl, newcomer('Bramble Payments'), none);
  await makeApplication(page, { name: 'Bramble Pay', redirectUri, jwks }, async (name) => {
    if (name !== 'application-keys') return;
    await page.getByText('Generating keys needs JavaScript.').waitFor();
  });
  await newApiKey(page, baseUrl, 'Build server', none);
  for (const path of SECTIONS) {
    await page.goto(baseUrl + path);
    expect([path, await page.getByRole('heading', { level: 1 }).count()]).toEqual([path, 1]);
  }
  await page.locator('.menu summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto(`${baseUrl}/dashboard`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(complaints).toEqual([]);
  await close();
});
