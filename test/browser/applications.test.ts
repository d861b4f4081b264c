/**
 * An application's pages by clicks: the private key stays in the browser and its file, whichever algorithm; what the pages hand
 * out works in a shell as it stands, after a change of keys too; each page on a phone in the dark.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { axeViolations, connectChromium, openPage, overflow, smallTargets } from './chromium.ts';
import { codeOf, makeApplication, newcomer, openShell, PASSWORD, signUp } from './developer.ts';
import { type OwnSite, openOwnSite } from './own-site.ts';
import { decide } from './steps.ts';
import { walkToConsent } from './walk.ts';

const baseUrl = inject('baseUrl');
let browser: Browser;
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

const PHONE = {
  viewport: { width: 320, height: 640 },
  colorScheme: 'dark',
  // Colours that are on their way to where they will be have not their contrast yet.
  reducedMotion: 'reduce',
  acceptDownloads: true,
} as const;

async function nothing(): Promise<void> {
  // These pages are looked at elsewhere.
}

async function lookAt(page: Page, name: string): Promise<void> {
  expect([name, await axeViolations(page)]).toEqual([name, []]);
  expect([name, await overflow(page)]).toEqual([name, 0]);
  expect([name, await smallTargets(page)]).toEqual([name, []]);
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name }).click();
}

it.each(['ES256', 'PS256'])(
  'the private key of an application, %s, never leaves the browser but as a file, and works',
  { timeout: 180_000 },
  async (algorithm) => {
    const { page, complaints, close } = await openPage(browser, PHONE);
    const shell = openShell();
    const sent: string[] = [];
    page.on('request', (request) => sent.push(decodeURIComponent(request.postData() ?? '')));
    await signUp(page, baseUrl, newcomer(), nothing);
    const look = (name: string) => lookAt(page, name);
    const folder = shell.folder;
    await makeApplication(page, { name: 'Acorn Budget', redirectUri, folder, algorithm }, look);

    const env = await codeOf(page, '.env');
    expect(env).toContain(`KEY_ALGORITHM=${algorithm}`);
    writeFileSync(join(folder, '.env'), env);
    await shell.run(await codeOf(page, 'Two small tools'));
    const consent = await shell.run(await codeOf(page, 'Your first call'));
    expect(consent).toContain('"status":"awaiting_authorization"');
    const customer = await openPage(browser);
    const start = (await shell.run(await codeOf(page, 'Let the customer decide'))).trim();
    await walkToConsent(customer.page, start);
    await customer.page.getByLabel('Main Account').check();
    await decide(customer.page, 'Confirm');
    await customer.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    const code = new URL(customer.page.url()).searchParams.get('code') ?? '';
    await customer.close();
    const accounts = await shell.run(`CODE='${code}'\n${await codeOf(page, 'Read the accounts')}`);
    expect(accounts).toContain('"nickname":"Main Account"');

    const file = /^KEY_FILE=(.*)$/m.exec(env)?.[1] ?? '';
    const pem = readFileSync(join(folder, file), 'utf8');
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    const lines = pem.split('\n').slice(1, -2);
    const leaks = sent.filter(
      (body) => /PRIVATE KEY|"(?:d|p|q|dp|dq|qi)"/.test(body) || lines.some((line) => body.includes(line)),
    );
    expect(sent.some((body) => body.includes('"kty"'))).toBe(true);
    expect(leaks).toEqual([]);
    expect(complaints).toEqual([]);
    shell.close();
    await close();
  },
);

it('an application is changed, rotated and deleted', { timeout: 180_000 }, async () => {
  const { page, complaints, close } = await openPage(browser, PHONE);
  const shell = openShell();
  await signUp(page, baseUrl, newcomer(), nothing);
  await makeApplication(page, { name: 'Acorn Budget', redirectUri, folder: shell.folder }, nothing);
  await page.getByRole('link', { name: 'Go to the application' }).click();
  await page.getByRole('heading', { name: 'Acorn Budget' }).waitFor();
  await lookAt(page, 'application');

  await page.getByRole('link', { name: 'Change', exact: true }).click();
  await page.getByRole('heading', { name: 'Change Acorn Budget' }).waitFor();
  await lookAt(page, 'edit');
  await page.getByLabel('Name', { exact: true }).fill('Acorn Saver');
  await page.getByLabel('Generate a key pair here').check();
  const saved = page.waitForEvent('download');
  await press(page, 'Generate and save the private key');
  const download = await saved;
  await download.saveAs(join(shell.folder, download.suggestedFilename()));
  await page.getByText('to your downloads').waitFor();
  await press(page, 'Save');
  await page.getByText('The application was changed.').waitFor();
  await page.getByRole('heading', { name: 'Acorn Saver' }).waitFor();

  // The .env of the application's own page names the new key.
  await page.getByText('.env and commands').click();
  writeFileSync(join(shell.folder, '.env'), await codeOf(page, '.env'));
  await shell.run(await codeOf(page, 'Two small tools'));
  expect(await shell.run(await codeOf(page, 'Your first call'))).toContain('"consent_id"');
  await lookAt(page, 'application with its commands');

  await page.getByRole('link', { name: 'Rotate the registration token' }).click();
  await page.getByRole('heading', { name: 'Rotate the registration token' }).waitFor();
  await lookAt(page, 'rotate');
  await press(page, 'Rotate');
  await page.getByRole('heading', { name: 'The new registration token' }).waitFor();
  await lookAt(page, 'rotated');
  const token = /reg_token_[\w-]{43}/.exec((await page.locator('main').textContent()) ?? '')?.[0] ?? '';
  const clientId = new URL(page.url()).pathname.split('/')[3] ?? '';
  const read = await shell.run(
    `curl -sS "$BASE_URL/register/${clientId}" -H "Authorization: Bearer ${token}"`,
  );
  expect(read).toContain('"client_name":"Acorn Saver"');

  await page.getByRole('link', { name: 'Go to the application' }).click();
  await page.getByRole('link', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Delete Acorn Saver' }).waitFor();
  await lookAt(page, 'delete');
  await page.getByLabel('to confirm').fill('Acorn');
  await press(page, 'Delete');
  await page.getByText('Type the name exactly').first().waitFor();
  await page.getByLabel('to confirm').fill('Acorn Saver');
  await press(page, 'Delete');
  await page.getByText('The application was deleted.').waitFor();
  await page.goto(`${baseUrl}/dashboard/applications/join`);
  await lookAt(page, 'join');
  expect(complaints).toEqual([]);
  shell.close();
  await close();
});

it('a form that was sent too late keeps what was typed, and one sent by a double click is sent once', {
  timeout: 180_000,
}, async () => {
  const { page, complaints, close } = await openPage(browser, PHONE);
  const who = newcomer();
  await signUp(page, baseUrl, who, nothing);
  /** Sends the form too late, and signs in again. */
  const sendLate = async (button: string) => {
    await page.context().clearCookies();
    await press(page, button);
    await page.getByText('What you sent was not taken').waitFor();
    await page.waitForLoadState();
    await page.getByLabel('E-mail address').fill(who.email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  };

  await page.goto(`${baseUrl}/dashboard/api-keys/new`);
  await page.getByLabel('Name').fill('Build server');
  await page.getByLabel('Usage figures').uncheck();
  await page.getByLabel('Expires after').selectOption('365');
  await page.getByLabel('Allowed IP addresses').fill('127.0.0.0/8\n::1');
  await sendLate('Make the key');
  await page.getByRole('heading', { name: 'New API key' }).waitFor();
  await page.waitForLoadState();
  expect(await page.getByLabel('Name').inputValue()).toBe('Build server');
  expect(await page.getByLabel('Usage figures').isChecked()).toBe(false);
  expect(await page.getByLabel('Request log').isChecked()).toBe(true);
  expect(await page.getByLabel('Expires after').inputValue()).toBe('365');
  // A double click is answered as one.
  const button = page.getByRole('button', { name: 'Make the key' });
  await button.scrollIntoViewIfNeeded();
  const { x, y } = (await button.boundingBox()) ?? { x: 0, y: 0 };
  await page.mouse.click(x + 5, y + 5, { clickCount: 2, delay: 25 });
  await page.getByText('It works from 127.0.0.0/8, ::1/128 alone').waitFor();
  await page.goto(`${baseUrl}/dashboard/api-keys/new`);
  expect(await page.getByLabel('Name').inputValue()).toBe('');

  await page.goto(`${baseUrl}/dashboard/applications/new`);
  await page.getByLabel('Name', { exact: true }).fill('Acorn Budget');
  await page.getByLabel('Redirect URIs').fill(redirectUri);
  await press(page, 'Continue to keys');
  await press(page, 'Generate and save the private key');
  await page.getByText('to your downloads').waitFor();
  await sendLate('Continue to the software statement');
  await page.getByText('The key you generated before is here still').waitFor();
  await press(page, 'Continue to the software statement');
  await press(page, 'Get the statement and continue');
  await page.getByRole('heading', { name: 'review and register' }).waitFor();

  // What a colleague changed meanwhile is shown as it is: filled over, it would be undone.
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await page.getByRole('link', { name: 'Go to the application' }).click();
  await page.getByRole('link', { name: 'Change', exact: true }).click();
  await page.getByLabel('Name', { exact: true }).fill('Mine');
  const colleague = await page.context().newPage();
  await colleague.goto(page.url());
  await colleague.getByLabel('Name', { exact: true }).fill('Theirs');
  await press(colleague, 'Save');
  await colleague.getByText('The application was changed.').waitFor();
  await colleague.close();
  await sendLate('Save');
  await page.getByRole('heading', { name: 'Change Theirs' }).waitFor();
  await page.waitForLoadState();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Theirs');

  // A key that ought to have gone nowhere is not kept either.
  await page.goto(`${baseUrl}/dashboard/applications/new`);
  await page.getByLabel('Name', { exact: true }).fill('Another');
  await page.getByLabel('Redirect URIs').fill(redirectUri);
  await press(page, 'Continue to keys');
  await page.goto(`${baseUrl}/dashboard/applications/new/keys`);
  await page.getByLabel('Paste public keys').check();
  await page.getByLabel('Public keys (JWK set)').fill('{"keys":[{"kty":"EC","d":"private"}]}');
  await sendLate('Continue to the software statement');
  await page.getByRole('heading', { name: 'its keys' }).waitFor();
  await page.waitForLoadState();
  expect(await page.content()).not.toContain('private"');
  expect(await page.getByLabel('Public keys (JWK set)').inputValue()).not.toContain('"d"');
  expect(complaints).toEqual([]);
  await close();
});
