/** The customer's own page in a real browser: they log in, see what they gave, stop it, and the next call is refused. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  axeViolations,
  connectChromium,
  openPage,
  overflow,
  smallTargets,
  strayPunctuation,
} from './chromium.ts';
import { FUNDS, LONG_PAYEE } from './samples.ts';
import { decide, typeCode } from './steps.ts';
import { type BrowserTpp, browserTpp } from './tpp.ts';
import { logIn, walkToConsent } from './walk.ts';

const baseUrl = inject('baseUrl');
let browser: Browser;
let payer: BrowserTpp;

beforeAll(async () => {
  const server = { baseUrl, apiKey: inject('apiKey') };
  [browser, payer] = await Promise.all([
    connectChromium(inject('chromium')),
    browserTpp({ ...server, name: 'Nutkin Pay', roles: ['PISP', 'CBPII'] }),
  ]);
});

afterAll(async () => {
  payer.close();
  await browser.close();
});

const PAYMENT = {
  consent_type: 'payment',
  payment: {
    type: 'domestic',
    instructed_amount: { amount: '12.30', currency: 'GBP' },
    creditor: {
      name: LONG_PAYEE,
      account: { scheme: 'SortCodeAccountNumber', id: '200000-55779911' },
    },
    reference: 'INV 2026/117',
    end_to_end_id: 'NUTKIN-117',
  },
};

/** Without it the checks of contrast may meet a colour half-way. */
const STILL = { reducedMotion: 'reduce' } as const;

/** The customer confirms a new consent, by the authorization pages. */
async function give(page: Page, tpp: BrowserTpp, username: string, body?: object): Promise<string> {
  const { consentId, startUrl } = await tpp.start(body);
  await walkToConsent(page, startUrl, username);
  if (body !== FUNDS) await page.getByLabel(username === 'basil' ? 'Joint Account' : 'Main Account').check();
  await decide(page, 'Confirm');
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  return consentId;
}

describe.each([
  ['a desk', { viewport: { width: 1280, height: 800 } }],
  ['a phone in the dark', { viewport: { width: 320, height: 640 }, colorScheme: 'dark' as const }],
  ['no scripts', { viewport: { width: 390, height: 800 }, javaScriptEnabled: false }],
])('with %s', (_name, options) => {
  async function look(page: Page): Promise<void> {
    if ('javaScriptEnabled' in options) return;
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(await smallTargets(page)).toEqual([]);
  }

  /** Wherever a line may end. */
  async function lookAtLines(page: Page): Promise<void> {
    if ('javaScriptEnabled' in options) return;
    for (let width = 320; width <= 428; width += 4) {
      await page.setViewportSize({ ...options.viewport, width });
      expect([width, await strayPunctuation(page)]).toEqual([width, []]);
    }
    await page.setViewportSize(options.viewport);
  }

  it('the customer logs in, sees, stops, and the very next call is refused', async () => {
    const { page, complaints, close } = await openPage(browser, { ...options, ...STILL });
    // An app of this walk's own, as others walk beside it; its name has a word wider than a phone.
    const app = `Haushaltsbuchverwaltungsgesellschaft ${crypto.randomUUID().slice(0, 6)}`;
    const reader = await browserTpp({ baseUrl, apiKey: inject('apiKey'), name: app });
    const consentId = await give(page, reader, 'basil');
    const token = await reader.tokenOf(consentId);
    expect(await reader.read(consentId, token)).toBe(200);

    await page.goto(`${baseUrl}/my/access`);
    await look(page);
    await logIn(page, `nobody-${app}`);
    await page.getByRole('alert').waitFor();
    await look(page);
    await logIn(page, 'basil');
    await page.getByRole('heading', { name: 'Enter your one-time code' }).waitFor();
    await look(page);
    await typeCode(page);
    await page.getByRole('heading', { name: 'Who has access' }).waitFor();
    await look(page);
    await lookAtLines(page);
    const card = page.getByRole('article').filter({ hasText: app });
    await card.getByText('Joint Account ending 4321 (joint)').waitFor();

    await card.getByRole('link', { name: 'See or stop' }).click();
    await page.getByRole('heading', { name: `${app} can see your accounts` }).waitFor();
    await page.getByText('How much is in each account').waitFor();
    expect(await page.getByText('Not used').count()).toBe(0);
    await look(page);
    await page.getByRole('link', { name: 'Stop sharing' }).click();
    await page.getByRole('heading', { name: `Stop letting ${app} see your accounts?` }).waitFor();
    await look(page);
    expect(await reader.read(consentId, token)).toBe(200);
    await page.getByRole('button', { name: 'Stop sharing' }).click();
    await page.getByText('You stopped it on').waitFor();
    expect(await reader.read(consentId, token)).toBe(401);
    expect(await reader.statusOf(consentId)).toBe('revoked');
    await look(page);

    await page.getByRole('link', { name: 'Past' }).click();
    await page.getByRole('heading', { name: 'Past access' }).waitFor();
    await look(page);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
    await page.goto(`${baseUrl}/my/access/past`);
    await page.getByRole('button', { name: 'Continue' }).waitFor();
    expect(complaints).toEqual([]);
    reader.close();
    await close();
  });

  it('payments and questions about funds stand there too', async () => {
    const { page, complaints, close } = await openPage(browser, { ...options, ...STILL });
    const paymentId = await give(page, payer, 'hazel', PAYMENT);
    const fundsId = await give(page, payer, 'hazel', FUNDS);
    await page.goto(`${baseUrl}/my/access`);
    await logIn(page);
    await typeCode(page);
    await page.getByRole('heading', { name: 'Who has access' }).waitFor();
    await look(page);
    await page.getByRole('link', { name: 'Payments' }).click();
    await page.getByRole('heading', { name: '£12.30 to Bäckerei' }).first().waitFor();
    await look(page);
    await page.goto(`${baseUrl}/my/access/consents/${paymentId}`);
    await page.getByRole('heading', { name: 'Nutkin Pay can make a payment for you' }).waitFor();
    await look(page);
    await page.goto(`${baseUrl}/my/access/consents/${fundsId}`);
    await page.getByRole('heading', { name: 'Nutkin Pay can ask whether you have enough money' }).waitFor();
    await look(page);
    expect(complaints).toEqual([]);
    await close();
  });
});

it('a link that names no bank of ours says so, and what to do', async () => {
  const { page, complaints, close } = await openPage(browser);
  await page.goto(`${baseUrl}/my/access?bank=changed`);
  await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});
