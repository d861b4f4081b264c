/** The consent pages of payments and funds confirmations in a real browser: wide, narrow, dark, without scripts. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { axeViolations, connectChromium, openPage, overflow, smallTargets, wrapped } from './chromium.ts';
import { FUNDS, LONG_PAYEE } from './samples.ts';
import { decide, typeCode } from './steps.ts';
import { type BrowserTpp, browserTpp } from './tpp.ts';
import { logIn, walkToConsent } from './walk.ts';

const baseUrl = inject('baseUrl');
let browser: Browser;
let tpp: BrowserTpp;

beforeAll(async () => {
  [browser, tpp] = await Promise.all([
    connectChromium(inject('chromium')),
    browserTpp({ baseUrl, apiKey: inject('apiKey'), roles: ['PISP', 'CBPII'] }),
  ]);
});

afterAll(async () => {
  tpp.close();
  await browser.close();
});

/** Long in every place that can be. */
const PAYMENT = {
  consent_type: 'payment',
  payment: {
    type: 'international',
    instructed_amount: { amount: '1000.00', currency: 'GBP' },
    creditor: {
      name: LONG_PAYEE,
      account: { scheme: 'IBAN', id: 'MT84MALT011000012345MTLCAST001S' },
      agent_bic: 'MALTMTMTXXX',
    },
    reference: 'RECHNUNG-2026-117-UND-2026-118-ZUS.',
    end_to_end_id: 'EICHHORN-42',
    charge_bearer: 'debtor',
    currency_of_transfer: 'JPY',
  },
};

async function arrival(page: Page, consentId: string): Promise<URLSearchParams> {
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  return tpp.arrivalOf(consentId) ?? new URLSearchParams();
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
    expect(await wrapped(page, '.row b, .row .amount')).toEqual([]);
  }

  it('the customer reads a payment, picks the account and confirms', async () => {
    const { page, complaints, close } = await openPage(browser, options);
    const { consentId, startUrl } = await tpp.start(PAYMENT);
    await page.goto(startUrl);
    await look(page);
    await logIn(page);
    await page.getByText('Bäckereigenossenschaft').waitFor();
    await look(page);
    await typeCode(page);

    await page.getByRole('heading', { name: 'Acorn Finance wants to make a payment for you' }).waitFor();
    await look(page);
    expect(await page.getByRole('radio', { name: 'Fixed Term ISA' }).isDisabled()).toBe(true);
    await decide(page, 'Confirm');
    await page.getByRole('alert').waitFor();
    await look(page);
    await page.getByLabel('Main Account').check();
    await page.getByLabel('Joint Account').check();
    await decide(page, 'Confirm');
    expect((await arrival(page, consentId)).get('code')).toMatch(/^c\./);
    expect(await tpp.statusOf(consentId)).toBe('authorized');
    expect(complaints).toEqual([]);
    await close();
  });

  it('the customer allows questions about one account', async () => {
    const { page, complaints, close } = await openPage(browser, options);
    const { consentId, startUrl } = await tpp.start(FUNDS);
    await walkToConsent(page, startUrl);
    await look(page);
    expect(await page.getByLabel('Main Account').isChecked()).toBe(true);
    await decide(page, 'Confirm');
    expect((await arrival(page, consentId)).get('code')).toMatch(/^c\./);
    expect(complaints).toEqual([]);
    await close();
  });
});
