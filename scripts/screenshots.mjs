/**
 * Takes the pictures of README and documents: the customer's journey and the way through the dashboard that the browser
 * tests walk, photographed. Starts a sandbox of its own; needs Chromium (CONTRIBUTING.md).
 *
 *     node scripts/screenshots.mjs [journey] [dashboard]
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { launchChromium } from '../test/browser/chromium.ts';
import { codeOf, makeApplication, newApiKey, openShell, signUp } from '../test/browser/developer.ts';
import { decide, enterPassword, typeCode } from '../test/browser/steps.ts';
import { browserTpp } from '../test/browser/tpp.ts';
import { startLocalServer } from '../test/node/local-server.ts';

const FOLDER = 'docs/images';
/** That of the documents, as the address stands in the pictures. */
const PORT = 8787;
const PHONE = { viewport: { width: 400, height: 560 }, deviceScaleFactor: 2 };
const DESK = { viewport: { width: 1280, height: 800 } };
/** How each page of the dashboard is photographed. */
const LOOKS = [
  { look: 'light', viewport: { width: 1200, height: 800 } },
  { look: 'dark', viewport: { width: 1200, height: 800 } },
  { look: 'phone', viewport: { width: 360, height: 720 } },
];
/** Of pictures as WebP: words stay sharp, and a page weighs some 20 kB. */
const QUALITY = 0.72;
/** Until a new width has its layout, milliseconds. */
const LAID_OUT_MS = 100;
/** Until the request log's queue has delivered, milliseconds. */
const LOGGED_MS = 8_000;

/** The three pages of the journey, in one look, as PNG bytes each. */
async function photographJourney(browser, startUrl, colorScheme) {
  const context = await browser.newContext({ ...PHONE, colorScheme });
  const page = await context.newPage();
  const pictures = [];
  const take = async () => pictures.push(await page.screenshot({ fullPage: true }));
  await page.goto(startUrl);
  await take();
  await enterPassword(page);
  await page.getByLabel('One-time code').waitFor();
  await take();
  await typeCode(page);
  await page.getByLabel('Main Account').check();
  await page.getByLabel('Joint Account').check();
  await page.mouse.move(0, 0);
  await take();
  await context.close();
  return pictures;
}

const image = (bytes) => `<img src="data:image/png;base64,${bytes.toString('base64')}">`;

/** Log-in above one-time code, the consent beside them, on one canvas. */
async function compose(browser, [logInPage, code, consent], colorScheme, path) {
  const context = await browser.newContext({ viewport: { width: 860, height: 100 } });
  const page = await context.newPage();
  await page.setContent(`<style>
    body, div { display: flex; gap: 20px; align-items: start }
    body { margin: 0; padding: 20px; background: ${colorScheme === 'dark' ? '#000' : '#dcd7cc'} }
    div { flex-direction: column }
    img { width: 400px; border-radius: 14px }
  </style><div>${image(logInPage)}${image(code)}</div>${image(consent)}`);
  await page.screenshot({ path, fullPage: true });
  await context.close();
}

async function journey(server, browser) {
  const tpp = await browserTpp(server);
  for (const colorScheme of ['light', 'dark']) {
    const pictures = await photographJourney(browser, (await tpp.start()).startUrl, colorScheme);
    await compose(browser, pictures, colorScheme, `${FOLDER}/journey-${colorScheme}.png`);
  }
  tpp.close();
  const context = await browser.newContext(DESK);
  const page = await context.newPage();
  await page.goto(`${server.baseUrl}/docs/getting-started`);
  await page.screenshot({ path: `${FOLDER}/documentation.png` });
  await context.close();
}

/** Chromium itself turns PNG into WebP. */
function webpMaker(page) {
  return async (png) => {
    const url = await page.evaluate(
      async ([source, quality]) => {
        const picture = new Image();
        picture.src = source;
        await picture.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [picture.width, picture.height];
        canvas.getContext('2d').drawImage(picture, 0, 0);
        return canvas.toDataURL('image/webp', quality);
      },
      [`data:image/png;base64,${png.toString('base64')}`, QUALITY],
    );
    return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  };
}

/** Photographs a page as it stands in each look. */
function photographer(page, toWebp, folder) {
  return async (name) => {
    for (const { look, viewport } of LOOKS) {
      await page.emulateMedia({ colorScheme: look === 'dark' ? 'dark' : 'light' });
      await page.setViewportSize(viewport);
      await page.mouse.move(0, 0);
      await page.waitForTimeout(LAID_OUT_MS);
      await page.evaluate(() => {
        document.activeElement?.blur();
        document.querySelector('.sections [aria-current]')?.scrollIntoView({ inline: 'center' });
        scrollTo(0, 0);
      });
      writeFileSync(
        join(folder, `${name}-${look}.webp`),
        await toWebp(await page.screenshot({ fullPage: name === 'usage' })),
      );
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(LOOKS[0].viewport);
  };
}

/** Calls as an application makes them on its first day: good ones, and some of each mistake. */
const TRAFFIC = `
get() { curl -sS -o /dev/null "$BASE_URL/open-banking/v1/$1" -H "Authorization: Bearer \${2:-$ACCESS_TOKEN}" -H "X-Consent-ID: $CONSENT_ID"; }
for round in 1 2 3 4 5 6; do
  get accounts; get balances; get accounts/acc_1234567890/transactions; get accounts/acc_1234567890/balances
done
get accounts/acc_0; get accounts not-a-token; get "transactions?limit=1000"; get accounts/acc_0
curl -sS -o /dev/null "$BASE_URL/open-banking/v1/accounts" -H "Authorization: Bearer $ACCESS_TOKEN"
`;

const ROWAN = { email: 'rowan@acorn.example', name: 'Rowan Hill', organisation: 'Acorn Finance' };

/** Makes the application, lets the test customer decide in the browser, and calls the API. */
async function firstDay(page, redirectUri, shell, take) {
  await makeApplication(page, { name: 'Acorn Budget', redirectUri, folder: shell.folder }, take);
  const clientPage = await page.getByRole('link', { name: 'Go to the application' }).getAttribute('href');
  writeFileSync(join(shell.folder, '.env'), await codeOf(page, '.env'));
  const accounts = await codeOf(page, 'Read the accounts');
  const commands = ['Two small tools', 'Your first call', 'Let the customer decide'];
  const printed = [];
  for (const title of commands) printed.push(await shell.run(await codeOf(page, title)));
  await page.goto(printed.at(-1).trim());
  await enterPassword(page);
  await typeCode(page);
  await page.getByLabel('Main Account').check();
  await page.getByLabel('Joint Account').check();
  await decide(page, 'Confirm');
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await shell.run(`CODE='${new URL(page.url()).searchParams.get('code')}'\n${accounts}\n${TRAFFIC}`);
  return clientPage;
}

/** The sections as they look once there is something in them. */
async function sections(page, baseUrl, clientPage, take) {
  const go = (path) => page.goto(baseUrl + path);
  const paths = {
    overview: '/dashboard',
    applications: '/dashboard/applications',
    application: clientPage,
    'api-keys': '/dashboard/api-keys',
    requests: '/dashboard/requests',
    usage: '/dashboard/usage',
    production: '/dashboard/production',
    organisation: '/dashboard/organisation',
    audit: '/dashboard/audit',
    account: '/dashboard/security',
  };
  for (const [name, path] of Object.entries(paths)) {
    await go(path);
    await take(name);
  }
  await go('/dashboard/requests');
  await page.locator('main tbody th a').first().click();
  await take('request');
  await go('/dashboard');
  await page.getByRole('link', { name: 'the customers’ page' }).click();
  await enterPassword(page);
  await typeCode(page);
  await page.getByRole('heading', { name: 'Who has access' }).waitFor();
  await take('access');
}

async function dashboard({ baseUrl }, browser) {
  const folder = `${FOLDER}/dashboard`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const site = createServer((_request, response) => {
    response
      .setHeader('content-type', 'text/html')
      .end('<!doctype html><title>Acorn</title><h1>Welcome back</h1>');
  });
  await new Promise((resolve) => {
    site.listen(3000, resolve);
  });
  const context = await browser.newContext({ acceptDownloads: true, timezoneId: 'Europe/London' });
  const maker = await context.newPage();
  const page = await context.newPage();
  const take = photographer(page, webpMaker(maker), folder);
  const shell = openShell();
  await page.setViewportSize(LOOKS[0].viewport);
  await signUp(page, baseUrl, ROWAN, take);
  const clientPage = await firstDay(page, 'http://localhost:3000/callback', shell, take);
  await newApiKey(page, baseUrl, 'Build server', take);
  await new Promise((resolve) => {
    setTimeout(resolve, LOGGED_MS);
  });
  await sections(page, baseUrl, clientPage, take);
  shell.close();
  site.close();
  await context.close();
}

const PARTS = { journey, dashboard };
const asked = process.argv.slice(2);
const server = await startLocalServer(PORT);
const browser = await launchChromium();
mkdirSync(FOLDER, { recursive: true });
try {
  for (const [name, photograph] of Object.entries(PARTS)) {
    if (asked.length === 0 || asked.includes(name)) await photograph(server, browser);
  }
} finally {
  await browser.close();
  await server.stop();
}
