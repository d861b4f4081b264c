/** The customer's journey with a payment or a funds confirmation: what is shown, chosen, confirmed. Source: RTS Article 5. */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { PaymentRequest } from '#consents/consent.ts';
import { consentStub } from '../support/consents.ts';
import {
  answerOf,
  beginJourney,
  ISSUER,
  JOINT_ACCOUNT,
  type Journey,
  MAIN_ACCOUNT,
  postCode,
  postDecision,
  REDIRECT_URI,
  reachCode,
  reachConsent,
} from '../support/journey.ts';
import {
  DOMESTIC_PAYMENT,
  fundsRequestOf,
  INTERNATIONAL_PAYMENT,
  paymentRequestOf,
} from '../support/payments.ts';
import { testScope } from '../support/scope.ts';

const ISA = 'acc_6789012345';
const ISA_NUMBER = '608371-33333333';
const DENIED = {
  at: REDIRECT_URI,
  error: 'access_denied',
  error_description: 'The customer or the bank refused the request.',
  state: 'state-1',
  iss: ISSUER,
};

async function beginPaying(payment: object = DOMESTIC_PAYMENT): Promise<Journey> {
  return beginJourney({
    client: { roles: ['PISP'], scopes: ['openid', 'payments'] },
    consent: { request: paymentRequestOf(testScope(), payment) },
  });
}

async function beginAsking(): Promise<Journey> {
  return beginJourney({
    client: { roles: ['CBPII'], scopes: ['openid', 'fundsconfirmations'] },
    consent: { request: fundsRequestOf(testScope()) },
  });
}

/** A page as it is read: without its marks. */
function textOf(html: string): string {
  return html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ');
}

function fieldOf(html: string, accountId: string): string {
  return new RegExp(`<input[^>]*value="${accountId}"[^>]*>`).exec(html)?.[0] ?? '';
}

const asked = { scope: undefined };

describe('a payment', () => {
  it('is shown whole and paid from the account the customer picks', async () => {
    const journey = await beginPaying();
    const browser = journey.browser();
    const login = await browser.get(journey.url(asked));
    expect(textOf(login.html)).toContain('wants to make a payment for you.');
    const code = await reachCode(browser, journey.url(asked));
    expect(textOf(code.html)).toContain('Pay £165.88 to Acorn Stores Ltd');
    const page = await browser.follow(await postCode(browser, code));
    const text = textOf(page.html);
    for (const words of [
      'Nutkin wants to make a payment for you',
      'Amount £165.88',
      'To Acorn Stores Ltd',
      'Sort code 20-00-00 , account 55779911',
      'Reference INV 2026/117',
      'It could not change it, make another, or see your accounts.',
    ]) {
      expect.soft(text).toContain(words);
    }
    expect(fieldOf(page.html, MAIN_ACCOUNT)).toContain('type="radio"');
    expect(fieldOf(page.html, MAIN_ACCOUNT)).not.toMatch(/checked|disabled/);
    const landed = await postDecision(browser, page, 'approve', [JOINT_ACCOUNT]);
    expect(answerOf(landed)).toMatchObject({ at: REDIRECT_URI, code: expect.stringMatching(/^c\./) });
    expect(await journey.consent()).toMatchObject({
      status: 'authorized',
      customerId: 'cus_hazel',
      accountIds: [JOINT_ACCOUNT],
    });
  });

  it('shows accounts that cannot make it, with the reason, and does not take them', async () => {
    const payment = { ...DOMESTIC_PAYMENT, instructed_amount: { amount: '6000.00', currency: 'GBP' } };
    const journey = await beginPaying(payment);
    const browser = journey.browser();
    const page = await reachConsent(browser, journey.url(asked));
    expect(fieldOf(page.html, ISA)).toContain('disabled');
    expect(fieldOf(page.html, MAIN_ACCOUNT)).toContain('disabled');
    expect(fieldOf(page.html, JOINT_ACCOUNT)).not.toContain('disabled');
    expect(page.html).toContain('Withdrawals from this account are restricted.');
    expect(page.html).toContain('There is not enough money in this account.');
    for (const accounts of [[], [ISA], [MAIN_ACCOUNT], [JOINT_ACCOUNT, ISA], ['acc_3456789012']]) {
      const again = await postDecision(browser, page, 'approve', accounts);
      expect.soft([accounts, again.status, again.form]).toEqual([accounts, 400, 'consent']);
    }
    expect(await journey.consent()).toMatchObject({ status: 'awaiting_authorization' });
  });

  it('takes one account, not two', async () => {
    const journey = await beginPaying();
    const browser = journey.browser();
    const page = await reachConsent(browser, journey.url(asked));
    const again = await postDecision(browser, page, 'approve', [MAIN_ACCOUNT, JOINT_ACCOUNT]);
    expect(again.status).toBe(400);
    expect(again.html).toContain('Choose the account to pay from.');
  });

  it('shows what can be spent, overdraft included', async () => {
    const journey = await beginPaying();
    const page = await reachConsent(journey.browser(), journey.url(asked), 'basil');
    expect(fieldOf(page.html, 'acc_3456789012')).not.toContain('disabled');
    expect(textOf(page.html)).toContain('£250.00');
  });

  it.each([
    ['by sort code and number', { scheme: 'SortCodeAccountNumber', id: '60837112345678' }],
    ['by IBAN', { scheme: 'IBAN', id: 'gb12 HMBK 6083 7112 3456 78' }],
  ])('is made from the account the TPP named %s', async (_how, account) => {
    const journey = await beginPaying({ ...DOMESTIC_PAYMENT, debtor_account: account });
    const browser = journey.browser();
    const page = await reachConsent(browser, journey.url(asked));
    expect(fieldOf(page.html, MAIN_ACCOUNT)).toContain('checked');
    expect(page.html).not.toContain(JOINT_ACCOUNT);
    const other = await postDecision(browser, page, 'approve', [JOINT_ACCOUNT]);
    expect(other.status).toBe(400);
    expect(answerOf(await postDecision(browser, page))).toHaveProperty('code');
    expect(await journey.consent()).toMatchObject({ accountIds: [MAIN_ACCOUNT] });
  });

  it.each([
    ['nobody’s', '608371-99999999', '10.00'],
    ['somebody else’s', '608371-11111111', '10.00'],
    ['restricted', ISA_NUMBER, '10.00'],
    ['too poor', '608371-12345678', '5432.11'],
  ])('tells the TPP the same, whether the account it named is %s', async (_what, id, amount) => {
    const journey = await beginPaying({
      ...DOMESTIC_PAYMENT,
      instructed_amount: { amount, currency: 'GBP' },
      debtor_account: { scheme: 'SortCodeAccountNumber', id },
    });
    const browser = journey.browser();
    expect(answerOf(await reachConsent(browser, journey.url(asked)))).toEqual(DENIED);
    expect(await journey.consent()).toMatchObject({ status: 'awaiting_authorization' });
  });

  it('is not made to the account it is made from', async () => {
    const own = { name: 'Hazel Hamster', account: { scheme: 'SortCodeAccountNumber', id: '60837112345678' } };
    const journey = await beginPaying({ ...DOMESTIC_PAYMENT, creditor: own });
    const browser = journey.browser();
    const page = await reachConsent(browser, journey.url(asked));
    expect(fieldOf(page.html, MAIN_ACCOUNT)).toContain('disabled');
    expect(textOf(page.html)).toContain('This is the account the money goes to.');
    expect((await postDecision(browser, page, 'approve', [MAIN_ACCOUNT])).status).toBe(400);
    expect(answerOf(await postDecision(browser, page, 'approve', [JOINT_ACCOUNT]))).toHaveProperty('code');
  });

  it('is denied where no account of the customer can make it', async () => {
    const journey = await beginPaying();
    expect(answerOf(await reachConsent(journey.browser(), journey.url(asked), 'clover'))).toEqual(DENIED);
  });

  it.each([
    ['debtor', 'They get €116.52', 'You pay them all.'],
    ['shared', 'We send €116.52', 'Other banks may take theirs from what arrives.'],
    ['creditor', 'We send €116.52', 'The payee pays them all: they are taken from what arrives.'],
  ])('abroad promises the payee the whole amount only where the customer pays all (%s)', async (...terms) => {
    const [charge_bearer, ...words] = terms;
    const journey = await beginPaying({ ...INTERNATIONAL_PAYMENT, charge_bearer });
    const page = await reachConsent(journey.browser(), journey.url(asked));
    const text = textOf(page.html);
    for (const promise of words) expect.soft(text).toContain(promise);
    expect(text.includes('They get')).toBe(charge_bearer === 'debtor');
  });

  it('abroad shows what it costs and how long that holds, and waits no longer', async () => {
    const journey = await beginPaying(INTERNATIONAL_PAYMENT);
    journey.app.advance(890_000);
    const browser = journey.browser();
    const page = await reachConsent(browser, journey.url(asked));
    const text = textOf(page.html);
    for (const words of [
      'Amount £100.00',
      'To Bäckerei Eichhorn',
      'IBAN DE89 3704 0044 0532 0130 00, at COBADEFFXXX',
      'We send €116.52',
      '1 GBP = 1.165200 EUR',
      'Our charge: £5.00.',
      'In total £105.00 from your account',
      'Offer ends 22 November 2026 at 12:15:00 GMT',
    ]) {
      expect.soft(text).toContain(words);
    }
    journey.app.advance(10_000);
    const landed = await postDecision(browser, page, 'approve', [MAIN_ACCOUNT]);
    expect(answerOf(landed)).toMatchObject({ at: REDIRECT_URI, error: 'invalid_request' });
    expect(await journey.consent()).toMatchObject({ status: 'expired' });
  });

  it('writes what the TPP sent as text', async () => {
    const creditor = { ...DOMESTIC_PAYMENT.creditor, name: '<b onclick=x>Acorn & Co</b>' };
    const journey = await beginPaying({ ...DOMESTIC_PAYMENT, creditor });
    const browser = journey.browser();
    const code = await reachCode(browser, journey.url(asked));
    const page = await browser.follow(await postCode(browser, code));
    for (const { html } of [code, page]) {
      expect(html).toContain('&lt;b onclick=x&gt;Acorn &amp; Co&lt;/b&gt;');
      expect(html).not.toContain('<b onclick');
    }
  });

  it.each([
    ['accounts', 'openid accounts'],
    ['fundsconfirmations', 'fundsconfirmations'],
  ])('does not open the scope %s', async (_which, scope) => {
    const journey = await beginJourney({
      client: {
        roles: ['AISP', 'PISP', 'CBPII'],
        scopes: ['openid', 'accounts', 'transactions', 'payments', 'fundsconfirmations'],
      },
      consent: { request: paymentRequestOf(testScope()) },
    });
    expect(answerOf(await journey.browser().get(journey.url({ scope })))).toMatchObject({
      error: 'invalid_scope',
    });
    expect((await journey.browser().get(journey.url({ scope: 'openid payments' }))).form).toBe('login');
  });
});

type Changed = { -readonly [K in keyof PaymentRequest]: PaymentRequest[K] };

describe('the one-time code', () => {
  it.each<[string, (request: Changed) => void]>([
    [
      'amount',
      (request) => {
        const { payment } = request;
        request.payment = { ...payment, instructedAmount: { amountMinor: 16_589, currency: 'GBP' } };
      },
    ],
    [
      'payee',
      (request) => {
        const { payment } = request;
        request.payment = { ...payment, creditor: { ...payment.creditor, name: 'Acorn Stores LLP' } };
      },
    ],
    [
      'payee’s account',
      (request) => {
        const { payment } = request;
        const account = { scheme: 'SortCodeAccountNumber', id: '200000-55779912' } as const;
        request.payment = { ...payment, creditor: { ...payment.creditor, account } };
      },
    ],
    [
      'reference',
      (request) => {
        request.payment = { ...request.payment, reference: 'INV 2026/118' };
      },
    ],
  ])('confirms nothing once the %s is another', async (_what, change) => {
    const journey = await beginPaying();
    const browser = journey.browser();
    const code = await reachCode(browser, journey.url(asked));
    const swap = async (edit: (request: Changed) => void) =>
      runInDurableObject(consentStub(journey.consentId), (_object, state) => {
        const record = state.storage.kv.get<{ consent: { request: Changed } }>('consent');
        if (record === undefined) throw new Error('no record');
        edit(record.consent.request);
        state.storage.kv.put('consent', record);
      });
    await swap(change);
    expect(await postCode(browser, code)).toMatchObject({ status: 400, form: 'otp' });
    await swap((request) => {
      request.payment = paymentRequestOf(testScope()).payment;
    });
    expect((await browser.follow(await postCode(browser, code))).form).toBe('consent');
  });
});

describe('a funds confirmation', () => {
  it('says that only yes or no is told, about one account', async () => {
    const journey = await beginAsking();
    const browser = journey.browser();
    const page = await reachConsent(browser, journey.url(asked));
    const text = textOf(page.html);
    for (const words of [
      'Nutkin wants to ask whether you have enough money',
      'would hear only yes or no',
      'Main Account',
      'Until 20 February 2027',
    ]) {
      expect.soft(text).toContain(words);
    }
    expect(page.html).not.toContain(JOINT_ACCOUNT);
    expect((await postDecision(browser, page, 'approve', [JOINT_ACCOUNT])).status).toBe(400);
    expect(answerOf(await postDecision(browser, page, 'approve', []))).toHaveProperty('code');
    expect(await journey.consent()).toMatchObject({ status: 'authorized', accountIds: [MAIN_ACCOUNT] });
  });

  it('is denied to who does not hold the account', async () => {
    const journey = await beginAsking();
    expect(answerOf(await reachConsent(journey.browser(), journey.url(asked), 'basil'))).toEqual(DENIED);
  });
});
