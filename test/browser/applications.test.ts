/**
 * An application made by clicks: its key is generated in the browser, saved, and never sent; then a shell makes the first calls
 * with exactly what the page handed out.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { axeViolations, connectChromium, openPage, overflow, smallTargets } from './chromium.ts';
import { signUp } from './developer.ts';
import { decide, walkToConsent } from './walk.ts';

const baseUrl = inject('baseUrl');
let browser: Browser;
let callback: Server;
let redirectUri: string;
/** What arrived at the redirect URI, by its state. */
const arrivals = new Map<string | null, URLSearchParams>();

beforeAll(async () => {
  callback = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/callback') arrivals.set(url.searchParams.get('state'), url.searchParams);
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Acorn</title><h1>Welcome back</h1>');
  });
  await new Promise<void>((resolve) => {
    callback.listen(0, () => resolve());
  });
  redirectUri = `http://127.0.0.1:${(callback.address() as AddressInfo).port}/callback`;
  browser = await connectChromium(inject('chromium'));
});

afterAll(async () => {
  callback.close();
  await browser.close();
});

/** Each page on its way: as it is, and at the width of a small phone in the dark. */
async function lookAt(page: Page): Promise<void> {
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  expect(await axeViolations(page)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  await page.emulateMedia({ colorScheme: 'dark' });
  expect([page.url(), await overflow(page)]).toEqual([page.url(), 0]);
  expect(await axeViolations(page)).toEqual([]);
  expect(await smallTargets(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(size);
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name }).click();
}

/** Runs commands in a shell of a folder; what it printed. */
function shell(folder: string, script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const run = spawn('bash', ['-eu', '-c', script], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '' },
    });
    let printed = '';
    const take = (chunk: Buffer) => {
      printed += chunk.toString();
    };
    run.stdout.on('data', take);
    run.stderr.on('data', take);
    run.on('exit', (code) => (code === 0 ? resolve(printed) : reject(new Error(`${code}: ${printed}`))));
  });
}

it.each(['ES256', 'PS256'])(
  'from sign-up to the accounts of a customer, with an %s key made in the browser',
  async (algorithm) => {
    // One run looks at the pages, which takes most of the time.
    const look = algorithm === 'ES256' ? lookAt : () => Promise.resolve();
    const folder = mkdtempSync(join(tmpdir(), 'application-'));
    const { page, complaints, close } = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.url() + decodeURIComponent(request.postData() ?? '')));
    await signUp(page, baseUrl);

    await page.goto(`${baseUrl}/dashboard/applications`);
    await page.getByRole('heading', { name: 'No applications yet' }).waitFor();
    await look(page);
    await page.getByRole('link', { name: 'New application' }).click();

    await page.getByLabel('Name').fill('Acorn Finance');
    await page.getByLabel('Redirect URIs').fill('http://acorn.example/callback');
    await press(page, 'Continue to keys');
    await page.getByText('Redirect URI 1 is not an https URI.').first().waitFor();
    await look(page);
    await page.getByLabel('Redirect URIs').fill(redirectUri);
    await press(page, 'Continue to keys');

    await look(page);
    await page.getByLabel('Algorithm').selectOption(algorithm);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      press(page, 'Generate and save the private key'),
    ]);
    await page.getByText(`Saved ${download.suggestedFilename()} to your downloads.`).waitFor();
    await download.saveAs(join(folder, download.suggestedFilename()));
    await look(page);
    await press(page, 'Continue to the software statement');
    await look(page);
    await press(page, 'Get the statement and continue');
    await look(page);
    await press(page, 'Register');

    await page.getByRole('heading', { name: 'Your application is registered' }).waitFor();
    await look(page);
    const blocks = await page.locator('pre').allTextContents();
    const [env = '', tools = '', first = '', askBrowser = '', , accounts = ''] = blocks;
    expect(env).toContain(`KEY_ALGORITHM=${algorithm}`);
    expect(env).toContain(`KEY_FILE=./${download.suggestedFilename()}`);
    writeFileSync(join(folder, '.env'), env);

    // The shell's part, with exactly what the page shows.
    const asked = await shell(folder, [tools, first, askBrowser].join('\n'));
    expect(asked).toContain('"status":"awaiting_authorization"');
    const startUrl = asked.trim().split('\n').at(-1) ?? '';
    const sentWith = new URL(startUrl).searchParams;
    const customer = await openPage(browser);
    await walkToConsent(customer.page, startUrl);
    await customer.page.getByLabel('Main Account').check();
    await decide(customer.page, 'Confirm');
    await customer.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await customer.close();
    const code = arrivals.get(sentWith.get('state'))?.get('code') ?? '';
    const known = `CODE=${code} CONSENT_ID=${sentWith.get('consent_id')}`;
    const printed = await shell(folder, [tools, known, accounts].join('\n'));
    expect(printed).toContain('"account_id":"acc_1234567890"');
    expect(printed).toContain('"nickname":"Main Account"');

    await page.getByRole('link', { name: 'Go to the application' }).click();
    await page.getByRole('heading', { name: 'Acorn Finance' }).waitFor();
    await look(page);
    for (const path of ['edit', 'token', 'delete']) {
      await page.goto(`${page.url().replace(/\/(edit|token|delete)$/, '')}/${path}`);
      await look(page);
    }
    await page.goto(`${baseUrl}/dashboard/applications/join`);
    await look(page);
    await page.goto(`${baseUrl}/dashboard/applications`);
    await look(page);

    // The private key is in the file, and in nothing that left the browser.
    const pem = readFileSync(join(folder, download.suggestedFilename()), 'utf8');
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    const [, inner = ''] = pem.split('\n');
    expect(sent.filter((one) => /PRIVATE KEY|"(?:d|p|q)"/.test(one) || one.includes(inner))).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
    rmSync(folder, { recursive: true });
  },
  180_000,
);

it('without scripts: the page says how to bring a key, and all else works', async () => {
  const { page, complaints, close } = await openPage(browser, { javaScriptEnabled: false });
  await signUp(page, baseUrl, 'Quiet Ltd');
  await page.goto(`${baseUrl}/dashboard/applications/new`);
  await page.getByLabel('Name').fill('Quiet');
  await page.getByLabel('Redirect URIs').fill('https://quiet.example/callback');
  await press(page, 'Continue to keys');
  await page.getByText('Generating keys needs JavaScript.').waitFor();
  expect(await page.getByRole('button', { name: 'Generate' }).count()).toBe(0);
  const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const jwk = await crypto.subtle.exportKey('jwk', publicKey);
  await page.getByLabel('Public keys (JWK set)').fill(JSON.stringify({ ...jwk, kid: 'key-1' }));
  await press(page, 'Continue to the software statement');
  await press(page, 'Get the statement and continue');
  await press(page, 'Register');
  await page.getByRole('heading', { name: 'Your application is registered' }).waitFor();
  expect(await page.locator('pre').first().textContent()).toContain('KEY_ID=key-1');
  await page.getByRole('link', { name: 'Go to the application' }).click();
  await page.getByRole('link', { name: 'Delete' }).click();
  await page.getByLabel('to confirm').fill('Quiet');
  await press(page, 'Delete');
  await page.getByText('The application was deleted.').waitFor();
  expect(complaints).toEqual([]);
  await close();
});
