/** POST /consents for payments and funds confirmations, and what the consents answer. Source: interface section 4. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Role } from '#clients/client.ts';
import { consentSchema } from '#consents/consent-answer.schema.ts';
import { noteConsumed } from '#consents/learn-consent-end.flow.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { authorizedConsent } from '../support/consents.ts';
import { DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT, paymentRequestOf } from '../support/payments.ts';
import { testScope } from '../support/scope.ts';
import { makeClient } from '../support/test-client.ts';
import { accessToken, bearer } from '../support/tokens.ts';

const PATH = '/open-banking/v1/consents';
const FUNDS_BODY = {
  consent_type: 'funds-confirmation',
  debtor_account: { scheme: 'SortCodeAccountNumber', id: '608371-12345678' },
};

type Answered = Record<string, unknown>;

async function caller(...roles: Role[]) {
  const { clientId } = await makeClient({ roles });
  const app: TestApp = testApp();
  const headers = bearer(await accessToken(clientId));
  const answered = async (answer: Response) => ({
    status: answer.status,
    body: answer.status === 204 ? {} : await answer.json<Answered>(),
  });
  return {
    clientId,
    post: async (body: unknown) => answered(await app.sendJson(PATH, body, { headers })),
    get: async (path = '') => answered(await app.request(`${PATH}${path}`, { headers })),
    end: async (id: string) => answered(await app.request(`${PATH}/${id}`, { method: 'DELETE', headers })),
  };
}

describe('a payment', () => {
  it('is created, says everything back and stays readable', async () => {
    const { post, get } = await caller('PISP');
    const { status, body } = await post({ consent_type: 'payment', payment: DOMESTIC_PAYMENT, more: 1 });
    expect(status).toBe(201);
    expect(body).toEqual({
      consent_id: expect.stringMatching(/^consent_pis_[0-9a-f]{64}$/),
      consent_type: 'payment',
      payment: DOMESTIC_PAYMENT,
      status: 'awaiting_authorization',
      created_at: '2026-11-22T12:00:00Z',
      status_updated_at: '2026-11-22T12:00:00Z',
      authorization_url: `http://localhost:8787/oauth/authorize?consent_id=${String(body['consent_id'])}`,
    });
    expect(v.parse(consentSchema, body)).toEqual(body);
    expect((await get(`/${String(body['consent_id'])}`)).body).toEqual(body);
    expect((await get()).body).toMatchObject({ data: [body] });
  });

  it('abroad carries its quote, of fifteen minutes', async () => {
    const { post, get } = await caller('PISP');
    const { status, body } = await post({ consent_type: 'payment', payment: INTERNATIONAL_PAYMENT });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      payment: INTERNATIONAL_PAYMENT,
      exchange_rate: { from: 'GBP', to: 'EUR', rate: '1.165200' },
      charges: [{ type: 'outgoing_payment', amount: { amount: '5.00', currency: 'GBP' } }],
      total_debit: { amount: '105.00', currency: 'GBP' },
      quote_expires_at: '2026-11-22T12:15:00Z',
    });
    expect(v.parse(consentSchema, body)).toEqual(body);
    expect((await get(`/${String(body['consent_id'])}`)).body).toEqual(body);
  });

  it.each([
    ['shared', '105.00', ['5.00']],
    ['debtor', '117.00', ['5.00', '12.00']],
    ['creditor', '100.00', []],
  ])('abroad with charges %s takes %s in all', async (charge_bearer, total, charges) => {
    const { post } = await caller('PISP');
    const { body } = await post({
      consent_type: 'payment',
      payment: { ...INTERNATIONAL_PAYMENT, charge_bearer },
    });
    expect(body).toMatchObject({
      total_debit: { amount: total, currency: 'GBP' },
      charges: charges.map((amount) => ({ amount: { amount, currency: 'GBP' } })),
    });
  });

  it.each([
    [
      '400 with each wrong member',
      { ...DOMESTIC_PAYMENT, reference: 'x'.repeat(19), end_to_end_id: '' },
      400,
      'invalid_request',
      ['payment.end_to_end_id'],
    ],
    [
      '400 with the wrong amount',
      { ...DOMESTIC_PAYMENT, instructed_amount: { amount: '1e3', currency: 'GBP' } },
      400,
      'invalid_request',
      ['payment.instructed_amount.amount'],
    ],
    [
      '422 for a currency the bank does not have',
      { ...DOMESTIC_PAYMENT, instructed_amount: { amount: '1.00', currency: 'SEK' } },
      422,
      'unsupported_currency',
      ['payment.instructed_amount.currency'],
    ],
    [
      '400 for an amount that cannot be counted abroad',
      {
        ...INTERNATIONAL_PAYMENT,
        instructed_amount: { amount: '9999999999999.99', currency: 'GBP' },
        currency_of_transfer: 'NOK',
      },
      400,
      'invalid_request',
      ['payment.instructed_amount.amount'],
    ],
    ['400 for no payment', undefined, 400, 'invalid_request', ['payment']],
  ])('is refused: %s', async (_what, payment, status, code, fields) => {
    const { post, get } = await caller('PISP');
    const answer = await post({ consent_type: 'payment', payment });
    expect(answer.status).toBe(status);
    const { errors } = answer.body as { errors: { field: string }[] };
    expect([answer.body['code'], errors.map(({ field }) => field)]).toEqual([code, fields]);
    expect((await get()).body).toMatchObject({ data: [] });
  });

  it('cannot be ended once it was made', async () => {
    const { clientId, end, get } = await caller('PISP');
    const scope = testScope();
    const { consentId } = await authorizedConsent(scope, { clientId, request: paymentRequestOf(scope) });
    await noteConsumed(scope, consentId, { paymentId: 'pay_1', at: scope.now });
    const { status, body } = await end(consentId);
    expect([status, body['code']]).toEqual([409, 'consent_consumed']);
    expect((await get(`/${consentId}`)).body).toMatchObject({ status: 'consumed', payment_id: 'pay_1' });
  });

  it('is ended in any other state, again and again', async () => {
    const { post, end, get } = await caller('PISP');
    const { body } = await post({ consent_type: 'payment', payment: DOMESTIC_PAYMENT });
    const consentId = String(body['consent_id']);
    expect((await end(consentId)).status).toBe(204);
    expect((await end(consentId)).status).toBe(204);
    expect((await get(`/${consentId}`)).body).toMatchObject({ status: 'revoked', revoked_by: 'tpp' });
  });
});

describe('a funds confirmation', () => {
  it('is created for one account, 90 days at most', async () => {
    const { post } = await caller('CBPII');
    const { status, body } = await post({ ...FUNDS_BODY, expiration_date: '2099-01-01T00:00:00Z' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...FUNDS_BODY,
      consent_id: expect.stringMatching(/^consent_cof_[0-9a-f]{64}$/),
      expiration_date: '2027-02-20T12:00:00Z',
    });
    expect(v.parse(consentSchema, body)).toEqual(body);
  });

  it.each([
    ['no account', { debtor_account: undefined }, 'debtor_account'],
    ['an account without id', { debtor_account: { scheme: 'IBAN' } }, 'debtor_account.id'],
    [
      'a bare account number',
      { debtor_account: { scheme: 'AccountNumber', id: '1' } },
      'debtor_account.scheme',
    ],
    [
      'a wrong IBAN',
      { debtor_account: { scheme: 'IBAN', id: 'GB13HMBK60837112345678' } },
      'debtor_account.id',
    ],
    ['a past date', { expiration_date: '2026-11-22T12:00:00Z' }, 'expiration_date'],
    ['no date at all', { expiration_date: 'soon' }, 'expiration_date'],
  ])('is refused with %s', async (_what, changes, field) => {
    const { post } = await caller('CBPII');
    const { status, body } = await post({ ...FUNDS_BODY, ...changes });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ field }] });
  });
});

it.each<[string, Role, object]>([
  ['payment', 'AISP', { consent_type: 'payment', payment: DOMESTIC_PAYMENT }],
  ['payment', 'CBPII', { consent_type: 'payment' }],
  ['funds-confirmation', 'PISP', FUNDS_BODY],
  ['account-access', 'PISP', { consent_type: 'account-access', permissions: ['ReadAccounts'] }],
])('needs the role for a consent of type %s, which %s is not', async (_type, role, body) => {
  const { post } = await caller(role);
  expect(await post(body)).toMatchObject({ status: 403, body: { code: 'unauthorized_client' } });
});
