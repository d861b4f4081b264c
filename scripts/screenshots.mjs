/**
 * Takes the pictures of the README: the journey that the browser tests walk, photographed. Starts a sandbox of its own;
 * needs Chromium (CHROMIUM names another than /usr/bin/chromium).
 */
import { mkdirSync } from 'node:fs';
import { launchChromium } from '../test/browser/chromium.ts';
import { browserTpp } from '../test/browser/tpp.ts';
import { startLocalServer } from '../test/node/local-server.ts';

const FOLDER = 'docs/images';
/** That of the documents, as the address stands in the pictures. */
const PORT = 8787;
const PHONE = { viewport: { width: 400, height: 560 }, deviceScaleFactor: 2 };
const DESK = { viewport: { width: 1280, height: 800 } };

/** The three pages of the journey, in one look, as PNG bytes each. */
async function photographJourney(browser, startUrl, colorScheme) {
  const context = await browser.newContext({ ...PHONE, colorScheme });
  const page = await context.newPage();
  const pictures = [];
  const take = async () => pictures.push(await page.screenshot({ fullPage: true }));
  await page.goto(startUrl);
  await take();
  await page.getByLabel('Username').fill('hazel');
  await page.getByLabel('Password').fill('hamster-wheel');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('One-time code').waitFor();
  await take();
  await page.getByLabel('One-time code').fill('123456');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Main Account').check();
  await page.getByLabel('Joint Account').check();
  await page.mouse.move(0, 0);
  await take();
  await context.close();
  return pictures;
}

/** Log-in above one-time code, the consent beside them, on one canvas. */
async function compose(browser, [logIn, code, consent], colorScheme, path) {
  const context = await browser.newContext({ viewport: { width: 860, height: 100 } });
  const page = await context.newPage();
  const image = (bytes) => `<img src="data:image/png;base64,${bytes.toString('base64')}">`;
  await page.setContent(`<style>
    body, div { display: flex; gap: 20px; align-items: start }
    body { margin: 0; padding: 20px; background: ${colorScheme === 'dark' ? '#000' : '#dcd7cc'} }
    div { flex-direction: column }
    img { width: 400px; border-radius: 14px }
  </style><div>${image(logIn)}${image(code)}</div>${image(consent)}`);
  await page.screenshot({ path, fullPage: true });
  await context.close();
}

const server = await startLocalServer(PORT);
const browser = await launchChromium();
const tpp = await browserTpp(server);
mkdirSync(FOLDER, { recursive: true });
try {
  for (const colorScheme of ['light', 'dark']) {
    const pictures = await photographJourney(browser, (await tpp.start()).startUrl, colorScheme);
    await compose(browser, pictures, colorScheme, `${FOLDER}/journey-${colorScheme}.png`);
  }
  const context = await browser.newContext(DESK);
  const page = await context.newPage();
  await page.goto(`${server.baseUrl}/docs/getting-started`);
  await page.screenshot({ path: `${FOLDER}/documentation.png` });
  await context.close();
} finally {
  tpp.close();
  await browser.close();
  await server.stop();
}
