/** The sandbox's stand-in for a customer, with payments and funds confirmations. Source: interface section 8. */
import { describe, expect, it } from 'vitest';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import { answerOf, beginJourney, JOINT_ACCOUNT, MAIN_ACCOUNT } from '../support/journey.ts';
import { DOMESTIC_PAYMENT, fundsRequestOf, paymentRequestOf } from '../support/payments.ts';
import { testScope } from '../support/scope.ts';

const ISA = 'acc_6789012345';
const MAIN = { scheme: 'IBAN', id: 'GB12HMBK60837112345678' };

const PAY = {
  client: { roles: ['PISP'], scopes: ['openid', 'payments'] },
  request: (payment: object = DOMESTIC_PAYMENT) => paymentRequestOf(testScope(), payment),
} as const;

async function begin(kind: 'payment' | 'funds', payment?: object) {
  const { organisationId, apiKey } = await insertOrganisationWithKey();
  const journey = await beginJourney({
    organisationId,
    client: kind === 'payment' ? PAY.client : { roles: ['CBPII'], scopes: ['openid', 'fundsconfirmations'] },
    consent: { request: kind === 'payment' ? PAY.request(payment) : fundsRequestOf(testScope()) },
  });
  return {
    journey,
    decide: async (members: object) => {
      const answer = await journey.app.sendJson(
        `/sandbox/consents/${journey.consentId}/authorize`,
        { customer: 'hazel', decision: 'approve', ...journey.parameters({ scope: undefined }), ...members },
        { headers: { authorization: `Bearer ${apiKey}` } },
      );
      const body = await answer.json<{ redirect_uri?: string; errors?: { field: string }[] }>();
      return { status: answer.status, fields: body.errors, ...answerOf({ location: body.redirect_uri }) };
    },
  };
}

describe('a payment', () => {
  it('is approved from the account that is named', async () => {
    const { journey, decide } = await begin('payment');
    expect(await decide({ accounts: [JOINT_ACCOUNT] })).toMatchObject({
      status: 200,
      code: expect.stringMatching(/^c/),
    });
    expect(await journey.consent()).toMatchObject({ status: 'authorized', accountIds: [JOINT_ACCOUNT] });
  });

  it.each([
    ['no account', []],
    ['two accounts', [MAIN_ACCOUNT, JOINT_ACCOUNT]],
    ['an account that cannot pay', [ISA]],
  ])('is refused with %s, and nothing changes', async (_what, accounts) => {
    const { journey, decide } = await begin('payment');
    expect(await decide({ accounts })).toMatchObject({ status: 400, fields: [{ field: 'accounts' }] });
    expect(await journey.consent()).toMatchObject({ status: 'awaiting_authorization' });
  });

  it('needs no account where the consent names it', async () => {
    const { journey, decide } = await begin('payment', { ...DOMESTIC_PAYMENT, debtor_account: MAIN });
    expect(await decide({})).toMatchObject({ status: 200, code: expect.stringMatching(/^c/) });
    expect(await journey.consent()).toMatchObject({ accountIds: [MAIN_ACCOUNT] });
  });

  it('is access_denied where the named account is not the customer’s', async () => {
    const { decide } = await begin('payment', { ...DOMESTIC_PAYMENT, debtor_account: MAIN });
    expect(await decide({ customer: 'basil' })).toMatchObject({ status: 200, error: 'access_denied' });
  });

  it('is denied', async () => {
    const { journey, decide } = await begin('payment');
    expect(await decide({ decision: 'deny' })).toMatchObject({ error: 'access_denied' });
    expect(await journey.consent()).toMatchObject({ status: 'rejected' });
  });
});

describe('a funds confirmation', () => {
  it.each([
    ['named', [MAIN_ACCOUNT]],
    ['not named', []],
  ])('is approved, its account %s', async (_how, accounts) => {
    const { journey, decide } = await begin('funds');
    expect(await decide({ accounts })).toMatchObject({ status: 200, code: expect.stringMatching(/^c/) });
    expect(await journey.consent()).toMatchObject({ status: 'authorized', accountIds: [MAIN_ACCOUNT] });
  });

  it('is about no other account', async () => {
    const { decide } = await begin('funds');
    expect(await decide({ accounts: [JOINT_ACCOUNT] })).toMatchObject({ status: 400 });
    expect(await decide({ customer: 'basil', accounts: [JOINT_ACCOUNT] })).toMatchObject({
      error: 'access_denied',
    });
  });
});
