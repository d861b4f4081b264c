/** POST /payments and GET /payments/{id} as a TPP sees them: what is answered, posted, refused, and in which order. */
import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Hono } from 'hono';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { exchangeAccount, feesAccount, settlementAccount } from '#bank/transfer.ts';
import { endConsent } from '#consents/end-consent.flow.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import { frameRequest } from '#edge/request-frame.ts';
import type { AppEnv } from '#edge/scope.ts';
import { refuse } from '#kernel/result.ts';
import { paymentAnswerSchema, type WirePaymentAnswer } from '#payments/payment-answer.schema.ts';
import { paymentsRoutes } from '#payments/payments.routes.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { consentStub } from '../support/consents.ts';
import { ledgerFaults } from '../support/ledger.ts';
import {
  balanceOf,
  newPayable,
  openPaying,
  openTestAccount,
  PAYEE,
  PAYEE_ID,
  PAYER,
  PAYMENTS_PATH,
  payableHeaders,
  sendPayment,
  sumOf,
} from '../support/paying.ts';
import { DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT } from '../support/payments.ts';
import { TEST_NOW_MS, testIsolate, testScope } from '../support/scope.ts';
import { runTick } from '../support/tick.ts';
import { accessToken, bearer } from '../support/tokens.ts';

const TO_PAYEE = {
  ...DOMESTIC_PAYMENT,
  creditor: { name: 'Basil', account: { scheme: 'SortCodeAccountNumber', id: PAYEE_ID } },
};
const AMOUNT = 16_588;
const NOW = '2026-11-22T12:00:00Z';

async function bodyOf(answer: Response): Promise<WirePaymentAnswer> {
  return answer.json<WirePaymentAnswer>();
}

async function refusalOf(answer: Response) {
  const body = await answer.json<{ code: string; errors?: { field: string }[] }>();
  return [answer.status, body.code, ...(body.errors ?? []).map(({ field }) => field)];
}

/** Reads a payment with the client's own token. */
async function readBack(app: TestApp, clientId: string, paymentId: string): Promise<Response> {
  const scope = testScope({ nowMs: app.nowMs() });
  const token = await accessToken(clientId, {}, scope);
  return app.request(`${PAYMENTS_PATH}/${paymentId}`, { headers: bearer(token) });
}

describe('a domestic payment', () => {
  it('to another bank is completed at once and settled with its scheme', async () => {
    const app = testApp();
    const paying = await openPaying();
    const held = await newPayable(paying);
    const answer = await sendPayment(app, held);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('idempotency-replayed')).toBeNull();
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const body = await bodyOf(answer);
    expect(v.safeParse(v.strictObject(paymentAnswerSchema.entries), body).issues).toBeUndefined();
    expect(body).toEqual({
      payment_id: expect.any(String),
      consent_id: held.consentId,
      status: 'completed',
      payment: DOMESTIC_PAYMENT,
      created_at: NOW,
      status_updated_at: NOW,
      status_history: [{ status: 'completed', at: NOW }],
      links: { self: `/payments/${body.payment_id}` },
    });
    expect(await balanceOf(paying.tenantId)).toEqual([1_000_000 - AMOUNT, 0]);
    expect(await sumOf(paying.tenantId)).toBe(AMOUNT);
    expect(await ledgerFaults(paying.tenantId)).toEqual([]);
  });

  it('to an account of the bank credits it in the same moment, on both statements', async () => {
    const app = testApp();
    const paying = await openPaying();
    expect((await sendPayment(app, await newPayable(paying, { payment: TO_PAYEE }))).status).toBe(201);
    expect(await balanceOf(paying.tenantId)).toEqual([1_000_000 - AMOUNT, 0]);
    expect(await balanceOf(paying.tenantId, PAYEE)).toEqual([AMOUNT, 0]);
    expect(await sumOf(paying.tenantId)).toBe(0);
    const { results } = await env.DB.prepare(
      `SELECT account_id, amount_minor, type, description, reference, counterparty_name, counterparty_account
       FROM transactions WHERE tenant_id = ?1 AND journal_id LIKE 'jrn_pay%' ORDER BY account_id`,
    )
      .bind(paying.tenantId)
      .all();
    expect(results).toEqual([
      {
        account_id: PAYER,
        amount_minor: -AMOUNT,
        type: 'transfer',
        description: 'Faster Payment sent',
        reference: 'INV 2026/117',
        counterparty_name: 'Basil',
        counterparty_account: PAYEE_ID,
      },
      {
        account_id: PAYEE,
        amount_minor: AMOUNT,
        type: 'transfer',
        description: 'Faster Payment received',
        reference: 'INV 2026/117',
        counterparty_name: 'Hazel Nutkin',
        counterparty_account: '608371-11111111',
      },
    ]);
    expect(await ledgerFaults(paying.tenantId)).toEqual([]);
  });

  it('to the very account it comes from is refused, and moves nothing', async () => {
    const paying = await openPaying({ bookedMinor: AMOUNT });
    const account = { scheme: 'SortCodeAccountNumber', id: '608371-11111111' };
    const payment = { ...DOMESTIC_PAYMENT, creditor: { name: 'Hazel', account } };
    const held = await newPayable(paying, { payment });
    expect(await refusalOf(await sendPayment(testApp(), held))).toEqual([422, 'account_restricted']);
    expect(await balanceOf(paying.tenantId)).toEqual([AMOUNT, 0]);
    expect(await ledgerFaults(paying.tenantId)).toEqual([]);
  });

  it('tells its consent, whose object then says consumed and by which payment', async () => {
    const app = testApp();
    const held = await newPayable(await openPaying());
    const { payment_id: paymentId } = await bodyOf(await sendPayment(app, held));
    const known = await consentStub(held.consentId).read(app.nowMs());
    expect(known?.consent).toMatchObject({ status: 'consumed', paymentId });
    const { results } = await env.DB.prepare('SELECT topic FROM outbox WHERE subject = ?1')
      .bind(paymentId)
      .all();
    expect(results).toEqual([]);
    expect(app.lines.map(({ event }) => event)).toContain('outbox_drained');
  });
});

describe('an international payment', () => {
  it('is pending with its amount held, then sent and completed', async () => {
    const app = testApp();
    const paying = await openPaying();
    const held = await newPayable(paying, { payment: INTERNATIONAL_PAYMENT });
    const body = await bodyOf(await sendPayment(app, held));
    expect(body).toMatchObject({
      status: 'pending',
      exchange_rate: { from: 'GBP', to: 'EUR', rate: '1.165200' },
      charges: [{ type: 'outgoing_payment', amount: { amount: '5.00', currency: 'GBP' } }],
      total_debit: { amount: '105.00', currency: 'GBP' },
      status_history: [{ status: 'pending', at: NOW }],
    });
    expect(body.uetr).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    // The test's request has waited for what comes after the answer.
    const after = await bodyOf(await readBack(app, paying.client.clientId, body.payment_id));
    expect(v.safeParse(v.strictObject(paymentAnswerSchema.entries), after).issues).toBeUndefined();
    expect(after).toEqual({
      ...body,
      status: 'completed',
      status_history: [
        { status: 'pending', at: NOW },
        { status: 'pending', reason: 'sent', at: NOW },
        { status: 'completed', at: NOW },
      ],
    });
    const { tenantId } = paying;
    expect(await balanceOf(tenantId)).toEqual([1_000_000 - 10_500, 0]);
    expect(await sumOf(tenantId, settlementAccount('EUR', 'sepa'))).toBe(11_652);
    expect(await sumOf(tenantId, exchangeAccount('GBP'))).toBe(10_000);
    expect(await sumOf(tenantId, exchangeAccount('EUR'))).toBe(-11_652);
    expect(await sumOf(tenantId, feesAccount('GBP'))).toBe(500);
    expect(await ledgerFaults(tenantId)).toEqual([]);
  });

  it.each([
    ["one that the payee's bank rejects", '404.01', 0, 'failed', 'rejected_by_payee_bank', [1_000_000, 0]],
    ['one that stays pending', '404.02', 0, 'pending', undefined, [1_000_000 - 40_902, 0]],
    [
      "one that the payee's bank never answers",
      '404.03',
      901,
      'failed',
      'payee_bank_timeout',
      [1_000_000, 0],
    ],
  ] as const)('%s (%s) is known by its amount', async (_what, amount, seconds, status, reason, balance) => {
    const app = testApp();
    const paying = await openPaying();
    const payment = { ...INTERNATIONAL_PAYMENT, instructed_amount: { amount, currency: 'GBP' } };
    const answer = await sendPayment(app, await newPayable(paying, { payment }));
    const { payment_id: paymentId } = await bodyOf(answer);
    if (seconds > 0) {
      expect(await bodyOf(await readBack(app, paying.client.clientId, paymentId))).toMatchObject({
        status: 'pending',
      });
      app.advance(seconds * 1000);
      await runTick(app.nowMs());
    }
    const after = await bodyOf(await readBack(app, paying.client.clientId, paymentId));
    expect([after.status, after.status_reason]).toEqual([status, reason]);
    expect(await balanceOf(paying.tenantId)).toEqual(balance);
    expect(await ledgerFaults(paying.tenantId)).toEqual([]);
  });
});

describe('GET /payments/{id}', () => {
  it('answers the token of its consent and tokens of the client itself, also after the consent ended', async () => {
    const app = testApp();
    const paying = await openPaying();
    const held = await newPayable(paying);
    const made = await bodyOf(await sendPayment(app, held));
    const path = `${PAYMENTS_PATH}/${made.payment_id}`;
    const byConsent = await app.request(path, { headers: held.headers });
    expect(byConsent.status).toBe(200);
    expect(await bodyOf(byConsent)).toEqual(made);
    const byClient = await readBack(app, paying.client.clientId, made.payment_id);
    expect(byClient.status).toBe(200);
    expect(await bodyOf(byClient)).toEqual(made);
  });

  it('knows no payment of another client, of another consent, or that never was', async () => {
    const app = testApp();
    const paying = await openPaying();
    const [one, other] = [await newPayable(paying), await newPayable(paying)];
    const { payment_id: paymentId } = await bodyOf(await sendPayment(app, one));
    const stranger = await openPaying();
    const missing = [404, 'payment_not_found'];
    expect(await refusalOf(await readBack(app, stranger.client.clientId, paymentId))).toEqual(missing);
    expect(await refusalOf(await readBack(app, paying.client.clientId, 'pay_x'))).toEqual(missing);
    const byOther = await app.request(`${PAYMENTS_PATH}/${paymentId}`, { headers: other.headers });
    expect(await refusalOf(byOther)).toEqual(missing);
  });

  it("asks the consent's token for X-Consent-ID and its scope", async () => {
    const app = testApp();
    const paying = await openPaying();
    const held = await newPayable(paying);
    const { payment_id: paymentId } = await bodyOf(await sendPayment(app, held));
    const path = `${PAYMENTS_PATH}/${paymentId}`;
    const { authorization = '' } = held.headers;
    expect(await refusalOf(await app.request(path, { headers: { authorization } }))).toEqual([
      400,
      'missing_consent',
    ]);
    const headers = await payableHeaders(paying.client.clientId, held.consentId, testScope(), ['openid']);
    expect(await refusalOf(await app.request(path, { headers }))).toEqual([403, 'insufficient_scope']);
  });
});

describe('a payment that is refused', () => {
  it.each<[string, object, (string | number)[]]>([
    [
      'another amount',
      { instructed_amount: { amount: '165.89', currency: 'GBP' } },
      ['payment.instructed_amount'],
    ],
    [
      'another payee',
      { creditor: { ...DOMESTIC_PAYMENT.creditor, name: 'Acorn Stores' } },
      ['payment.creditor.name'],
    ],
    [
      'another account',
      {
        creditor: {
          ...DOMESTIC_PAYMENT.creditor,
          account: { scheme: 'SortCodeAccountNumber', id: '200000-55779912' },
        },
      },
      ['payment.creditor.account'],
    ],
    ['another reference', { reference: 'INV 2026/118' }, ['payment.reference']],
    ['no reference', { reference: undefined }, ['payment.reference']],
    ['another end_to_end_id', { end_to_end_id: 'X' }, ['payment.end_to_end_id']],
    [
      'a debtor account',
      { debtor_account: { scheme: 'SortCodeAccountNumber', id: '608371-11111111' } },
      ['payment.debtor_account'],
    ],
    [
      'another type',
      { type: 'international', creditor: INTERNATIONAL_PAYMENT.creditor },
      [
        'payment.type',
        'payment.creditor.name',
        'payment.creditor.account',
        'payment.creditor.agent_bic',
        'payment.creditor.address',
        'payment.charge_bearer',
        'payment.currency_of_transfer',
      ],
    ],
  ])('for %s than the consent says: 422 naming the member, nothing posted', async (_what, change, fields) => {
    const app = testApp();
    const paying = await openPaying();
    const held = await newPayable(paying);
    const answer = await sendPayment(app, held, { payment: { ...DOMESTIC_PAYMENT, ...change } });
    expect(await refusalOf(answer)).toEqual([422, 'payment_mismatch', ...fields]);
    expect(await balanceOf(paying.tenantId)).toEqual([1_000_000, 0]);
  });

  it.each([
    ['another that the bank has, not for domestic payments', 'EUR'],
    ['one that the bank does not have', 'XTS'],
  ])(
    'in a currency that is not the one of the consent, %s: 422 payment_mismatch',
    async (_what, currency) => {
      const payment = { ...DOMESTIC_PAYMENT, instructed_amount: { amount: '1.00', currency } };
      const answer = await sendPayment(testApp(), await newPayable(await openPaying()), { payment });
      const field = 'payment.instructed_amount.currency';
      expect(await refusalOf(answer)).toEqual([422, 'payment_mismatch', field]);
    },
  );

  it('takes a payment written otherwise, with members it does not know, for the same', async () => {
    const held = await newPayable(await openPaying(), {
      payment: {
        ...DOMESTIC_PAYMENT,
        creditor: { name: 'Basil', account: { scheme: 'IBAN', id: 'GB47HMBK60837111111111' } },
      },
    });
    const payment = {
      unknown: { deep: [1] },
      ...DOMESTIC_PAYMENT,
      creditor: { account: { id: 'gb47 HMBK 6083 7111 1111 11', scheme: 'IBAN' }, name: 'Basil' },
    };
    expect((await sendPayment(testApp(), held, { payment })).status).toBe(201);
  });

  it('for want of money leaves nothing behind but a good consent', async () => {
    const app = testApp();
    const paying = await openPaying({ bookedMinor: AMOUNT - 1 });
    const held = await newPayable(paying);
    const key = 'again';
    expect(await refusalOf(await sendPayment(app, held, { key }))).toEqual([422, 'insufficient_funds']);
    expect(await balanceOf(paying.tenantId)).toEqual([AMOUNT - 1, 0]);
    expect(await readConsent(testScope(), held.consentId)).toMatchObject({ status: 'authorized' });
    await env.DB.prepare(
      'UPDATE accounts SET overdraft_limit_minor = 1 WHERE tenant_id = ?1 AND account_id = ?2',
    )
      .bind(paying.tenantId, PAYER)
      .run();
    expect((await sendPayment(app, held, { key })).status).toBe(201);
    expect(await balanceOf(paying.tenantId)).toEqual([-1, 0]);
  });

  it('for charges that no longer fit holds nothing', async () => {
    const paying = await openPaying({ bookedMinor: 10_499 });
    const held = await newPayable(paying, { payment: INTERNATIONAL_PAYMENT });
    expect(await refusalOf(await sendPayment(testApp(), held))).toEqual([422, 'insufficient_funds']);
    expect(await balanceOf(paying.tenantId)).toEqual([10_499, 0]);
  });

  it.each([
    ["the payer's account is closed", PAYER, "status = 'closed'", [422, 'account_restricted']],
    ['withdrawals are restricted', PAYER, 'withdrawals_restricted = 1', [422, 'account_restricted']],
    ["the payer's account is in another currency", PAYER, "currency = 'EUR'", [422, 'unsupported_currency']],
    ["the payee's account is closed", PAYEE, "status = 'closed'", [422, 'account_restricted']],
    ["the payee's account is in another currency", PAYEE, "currency = 'EUR'", [422, 'unsupported_currency']],
    ["the payer's account is gone", PAYER, "account_id = 'acc_gone'", [422, 'account_restricted']],
  ])('because %s', async (_what, accountId, change, expected) => {
    const paying = await openPaying({ bookedMinor: 0 });
    const held = await newPayable(paying, { payment: TO_PAYEE });
    await env.DB.prepare(`UPDATE accounts SET ${change} WHERE tenant_id = ?1 AND account_id = ?2`)
      .bind(paying.tenantId, accountId)
      .run();
    expect(await refusalOf(await sendPayment(testApp(), held))).toEqual(expected);
  });

  it('by the end of its quote: 422 quote_expired, from that very second, and the consent is expired', async () => {
    const paying = await openPaying();
    const held = await newPayable(paying, { payment: INTERNATIONAL_PAYMENT });
    const last = testApp({ nowMs: TEST_NOW_MS + 15 * 60_000 });
    const headers = await payableHeaders(
      paying.client.clientId,
      held.consentId,
      testScope({ nowMs: last.nowMs() }),
    );
    expect(await refusalOf(await sendPayment(last, { ...held, headers }))).toEqual([422, 'quote_expired']);
    expect(await readConsent(testScope({ nowMs: last.nowMs() }), held.consentId)).toMatchObject({
      status: 'expired',
    });
    expect(await balanceOf(paying.tenantId)).toEqual([1_000_000, 0]);
    const justInTime = testApp({ nowMs: last.nowMs() - 1 });
    const earlier = await payableHeaders(
      paying.client.clientId,
      held.consentId,
      testScope({ nowMs: justInTime.nowMs() }),
    );
    expect((await sendPayment(justInTime, { ...held, headers: earlier })).status).toBe(201);
  });

  it('where no settlement is configured, as in production: 503, and nothing is posted', async () => {
    const paying = await openPaying();
    const { headers, payment, consentId } = await newPayable(paying);
    const app = new Hono<AppEnv>();
    app.use(frameRequest({ clock: { nowMs: () => TEST_NOW_MS }, isolate: testIsolate(), log: () => {} }));
    app.route(
      '/',
      paymentsRoutes(() => refuse('service_unavailable', 'none', { retryAfterSeconds: 60 })),
    );
    const request = new Request(`http://localhost:8787${PAYMENTS_PATH}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': 'k' },
      body: JSON.stringify({ payment }),
    });
    const answer = await app.fetch(request, { ...env }, createExecutionContext());
    expect(await refusalOf(answer)).toEqual([503, 'service_unavailable']);
    expect(answer.headers.get('retry-after')).toBe('60');
    expect(await balanceOf(paying.tenantId)).toEqual([1_000_000, 0]);
    expect(await readConsent(testScope(), consentId)).toMatchObject({ status: 'authorized' });
  });
});

describe('a body that is no payment', () => {
  const amount = (text: unknown, currency = 'GBP') => ({ instructed_amount: { amount: text, currency } });
  const creditor = (changes: object) => ({ creditor: { ...DOMESTIC_PAYMENT.creditor, ...changes } });
  const AMOUNT_FIELD = 'payment.instructed_amount.amount';

  it.each<[string, object, string]>([
    ['an amount of nothing', amount('0.00'), AMOUNT_FIELD],
    ['a negative amount', amount('-1.00'), AMOUNT_FIELD],
    ['an exponent', amount('1e3'), AMOUNT_FIELD],
    ['a decimal too many', amount('0.001'), AMOUNT_FIELD],
    ['fourteen digits', amount('12345678901234.00'), AMOUNT_FIELD],
    ['decimals of yen', { ...INTERNATIONAL_PAYMENT, ...amount('1.00', 'JPY') }, AMOUNT_FIELD],
    ['a number', amount(165.88), AMOUNT_FIELD],
    ['a name of 71 characters', creditor({ name: 'n'.repeat(71) }), 'payment.creditor.name'],
    ['a control character', creditor({ name: 'a\u0007b' }), 'payment.creditor.name'],
    ['a right-to-left mark', creditor({ name: 'a\u202eb' }), 'payment.creditor.name'],
    [
      'an IBAN with wrong check digits',
      creditor({ account: { scheme: 'IBAN', id: 'GB13HMBK60837112345678' } }),
      'payment.creditor.account.id',
    ],
    ['a reference of 19 characters', { reference: 'r'.repeat(19) }, 'payment.reference'],
    ['no end_to_end_id', { end_to_end_id: undefined }, 'payment.end_to_end_id'],
  ])('%s: 400 naming the member, nothing posted, nothing echoed', async (_what, change, field) => {
    const paying = await openPaying();
    const payment = { ...DOMESTIC_PAYMENT, ...change };
    const answer = await sendPayment(testApp(), await newPayable(paying), { payment });
    expect((await refusalOf(answer)).slice(0, 3)).toEqual([400, 'invalid_request', field]);
    expect(await balanceOf(paying.tenantId)).toEqual([1_000_000, 0]);
  });
});

describe('the idempotency key', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['none', {}, 'Idempotency-Key'],
    ['an empty one', { 'idempotency-key': ' ' }, 'Idempotency-Key'],
    ['one character', { 'idempotency-key': 'k' }, undefined],
    ['forty', { 'idempotency-key': 'k'.repeat(40) }, undefined],
    ['forty-one', { 'idempotency-key': 'k'.repeat(41) }, 'Idempotency-Key'],
    ['a character beyond ASCII', { 'idempotency-key': 'k\u00e9' }, 'Idempotency-Key'],
    ['a tab within', { 'idempotency-key': 'k\tk' }, 'Idempotency-Key'],
    ['the other header alone', { 'x-idempotency-key': 'k' }, undefined],
    ['both alike', { 'x-idempotency-key': 'k', 'idempotency-key': 'k' }, undefined],
    ['both and different', { 'x-idempotency-key': 'k', 'idempotency-key': 'l' }, 'Idempotency-Key'],
  ])('%s', async (_what, keys, field) => {
    const { headers, payment } = await newPayable(await openPaying());
    const answer = await testApp().sendJson(PAYMENTS_PATH, { payment }, { headers: { ...headers, ...keys } });
    if (field === undefined) expect(answer.status).toBe(201);
    else expect(await refusalOf(answer)).toEqual([400, 'invalid_request', field]);
  });

  it('gets the first answer again, byte by byte, in every isolate, and pays once', async () => {
    const app = testApp();
    const paying = await openPaying();
    const held = await newPayable(paying);
    const first = await sendPayment(app, held, { key: 'one' });
    const text = await first.text();
    for (const isolate of [app, testApp()]) {
      const again = await sendPayment(isolate, held, { key: 'one' });
      expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
      expect(await again.text()).toBe(text);
    }
    expect(await balanceOf(paying.tenantId)).toEqual([1_000_000 - AMOUNT, 0]);
  });

  it('is kept as a digest', async () => {
    const key = `secret-${crypto.randomUUID().slice(0, 8)}`;
    const paying = await openPaying();
    await sendPayment(testApp(), await newPayable(paying), { key });
    const row = await env.DB.prepare('SELECT * FROM idempotency_keys WHERE client_id = ?1')
      .bind(paying.client.clientId)
      .first();
    expect(row).toMatchObject({ route: 'POST /open-banking/v1/payments' });
    expect(JSON.stringify(row)).not.toContain(key);
  });

  it('with another body or another consent is refused, whatever state they are in', async () => {
    const app = testApp();
    const paying = await openPaying();
    const [one, other] = [await newPayable(paying), await newPayable(paying)];
    await sendPayment(app, one, { key: 'one' });
    const reused = [409, 'idempotency_key_reused'];
    expect(await refusalOf(await sendPayment(app, other, { key: 'one' }))).toEqual(reused);
    const changed = { ...DOMESTIC_PAYMENT, end_to_end_id: 'X' };
    expect(await refusalOf(await sendPayment(app, one, { key: 'one', payment: changed }))).toEqual(reused);
    const unknown = { ...DOMESTIC_PAYMENT, instructed_amount: { amount: '1.00', currency: 'XTS' } };
    expect(await refusalOf(await sendPayment(app, one, { key: 'one', payment: unknown }))).toEqual(reused);
  });

  it('of one client is nothing to another', async () => {
    const app = testApp();
    for (const paying of [await openPaying(), await openPaying()]) {
      expect((await sendPayment(app, await newPayable(paying), { key: 'shared' })).status).toBe(201);
    }
  });

  it('stands for its payment for 24 hours, then for nothing, before and after the purge', async () => {
    const paying = await openPaying();
    const held = await newPayable(paying);
    const first = await sendPayment(testApp(), held, { key: 'day' });
    const text = await first.text();
    const at = async (seconds: number) => {
      const nowMs = TEST_NOW_MS + seconds * 1000;
      const headers = await payableHeaders(paying.client.clientId, held.consentId, testScope({ nowMs }));
      return sendPayment(testApp({ nowMs }), { ...held, headers }, { key: 'day' });
    };
    const last = await at(86_399);
    expect([last.status, await last.text()]).toEqual([201, text]);
    expect(await refusalOf(await at(86_400))).toEqual([409, 'consent_consumed']);
    const nextDay = await newPayable(paying, { scope: testScope({ nowMs: TEST_NOW_MS + 86_400_000 }) });
    const later = testApp({ nowMs: TEST_NOW_MS + 86_400_000 });
    const scope = testScope({ nowMs: later.nowMs() });
    const headers = await payableHeaders(paying.client.clientId, nextDay.consentId, scope);
    expect((await sendPayment(later, { ...nextDay, headers }, { key: 'day' })).status).toBe(201);
    const count = async () =>
      (
        await env.DB.prepare('SELECT count(*) AS n FROM idempotency_keys WHERE client_id = ?1')
          .bind(paying.client.clientId)
          .first<{ n: number }>()
      )?.n;
    expect(await count()).toBe(1);
    // The daily tick of the day after.
    await runTick(Date.UTC(2026, 10, 24, 3));
    expect(await count()).toBe(1);
    await runTick(Date.UTC(2026, 10, 25, 3));
    expect(await count()).toBe(0);
  });

  it('is free again after every refusal', async () => {
    const app = testApp();
    const paying = await openPaying();
    const held = await newPayable(paying);
    const changed = { ...DOMESTIC_PAYMENT, reference: 'X1' };
    expect((await sendPayment(app, held, { key: 'free', payment: changed })).status).toBe(422);
    expect((await sendPayment(app, held, { key: 'free' })).status).toBe(201);
  });
});

describe('the order of refusal', () => {
  /** Everything wrong from a place on; each row puts one more thing right. */
  it('is that of the table, each fault showing once those before it are mended', async () => {
    const app = testApp();
    const paying = await openPaying({ bookedMinor: 0 });
    const { clientId } = paying.client;
    const [used, held] = [await newPayable(paying), await newPayable(paying)];
    const foreign = await newPayable(await openPaying());
    const scope = testScope();
    const narrow = await payableHeaders(clientId, held.consentId, scope, ['openid']);
    const ofAccounts = `consent_ais_${'a'.repeat(64)}`;
    const own = await accessToken(clientId, { scopes: ['consents', 'payments'] }, scope);
    const wrongType = await payableHeaders(clientId, ofAccounts, scope, ['openid']);
    const bad = { body: 'x'.repeat(65_537), headers: { 'content-type': 'text/plain' } };
    const send = (
      headers: Record<string, string>,
      { body = JSON.stringify({ payment: DOMESTIC_PAYMENT }) } = {},
    ) =>
      app.request(PAYMENTS_PATH, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
    const json = { 'content-type': 'application/json' };
    // A payment under the key, and then an end to the consent, so that the rest is wrong until told otherwise.
    await env.DB.prepare('UPDATE accounts SET overdraft_limit_minor = ?2 WHERE tenant_id = ?1')
      .bind(paying.tenantId, AMOUNT)
      .run();
    expect((await sendPayment(app, used, { key: 'used' })).status).toBe(201);
    await endConsent(scope, held.consentId, { by: 'customer' });
    const changed = JSON.stringify({ payment: { ...DOMESTIC_PAYMENT, reference: 'X1' } });

    const steps: [Promise<Response>, (string | number)[]][] = [
      [send({ ...bad.headers }, bad), [401, 'invalid_token']],
      [send({ ...bad.headers, ...bearer(own) }, bad), [403, 'insufficient_scope']],
      [
        send({ ...bad.headers, authorization: wrongType['authorization'] ?? '' }, bad),
        [400, 'missing_consent'],
      ],
      [
        send({ ...bad.headers, ...wrongType, 'x-consent-id': foreign.consentId }, bad),
        [401, 'invalid_consent'],
      ],
      [send({ ...bad.headers, ...wrongType }, bad), [403, 'wrong_consent_type']],
      [send({ ...bad.headers, ...narrow }, bad), [403, 'insufficient_scope']],
      [send({ ...bad.headers, ...held.headers }, bad), [413, 'payload_too_large']],
      [send({ ...bad.headers, ...held.headers }, { body: '{' }), [415, 'unsupported_media_type']],
      [send({ ...held.headers, ...json }, { body: '{' }), [400, 'invalid_request', 'Idempotency-Key']],
      [
        send({ ...held.headers, ...json, 'idempotency-key': 'used' }, { body: '{' }),
        [400, 'invalid_request'],
      ],
      [
        send({ ...held.headers, ...json, 'idempotency-key': 'used' }, { body: changed }),
        [409, 'idempotency_key_reused'],
      ],
      [
        send({ ...held.headers, ...json, 'idempotency-key': 'new' }, { body: changed }),
        [401, 'consent_revoked'],
      ],
      [
        send({ ...used.headers, ...json, 'idempotency-key': 'new' }, { body: changed }),
        [409, 'consent_consumed'],
      ],
    ];
    for (const [answer, expected] of steps) {
      const refused = await answer;
      expect(await refusalOf(refused)).toEqual(expected);
      if (expected[0] === 401) expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer /);
    }
    const fresh = await newPayable(paying);
    const mismatch = await send({ ...fresh.headers, ...json, 'idempotency-key': 'new' }, { body: changed });
    expect((await refusalOf(mismatch)).slice(0, 2)).toEqual([422, 'payment_mismatch']);
    expect(await refusalOf(await sendPayment(app, fresh))).toEqual([422, 'insufficient_funds']);
  });

  it.each([
    ['expired', 86_400, [401, 'consent_expired']],
    ['authorized still', 86_399, [201]],
  ])('a consent that is %s a day after approval', async (_what, seconds, expected) => {
    const paying = await openPaying();
    const held = await newPayable(paying);
    const nowMs = TEST_NOW_MS + seconds * 1000;
    const headers = await payableHeaders(paying.client.clientId, held.consentId, testScope({ nowMs }));
    const answer = await sendPayment(testApp({ nowMs }), { ...held, headers });
    expect((await refusalOf(answer)).slice(0, expected.length)).toEqual(expected);
  });
});

describe('the row in D1', () => {
  it('is right where the object says something else', async () => {
    const app = testApp();
    const paying = await openPaying();
    for (const [outcome, expected] of [
      ['revoked', [401, 'consent_revoked']],
      ['consumed', [409, 'consent_consumed']],
    ] as const) {
      const held = await newPayable(paying);
      await env.DB.prepare('INSERT INTO payment_consent_ends VALUES (?1, ?2, 0, NULL)')
        .bind(held.consentId, outcome)
        .run();
      expect(await refusalOf(await sendPayment(app, held))).toEqual(expected);
    }
    expect(await balanceOf(paying.tenantId)).toEqual([1_000_000, 0]);
  });
});

it('accounts a test opens are consistent', async () => {
  const { tenantId } = await openPaying({ overdraftLimitMinor: 5 });
  await openTestAccount(tenantId, 'acc_33333333', { bookedMinor: 5 });
  expect(await ledgerFaults(tenantId)).toEqual([]);
});
