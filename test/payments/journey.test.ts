/** A payment from nothing to the payer's statement, each step through the API as a TPP calls it. */
import { expect, it } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { JOINT_ACCOUNT, MAIN_ACCOUNT } from '../support/journey.ts';
import { linkTpp, ownTokenOf } from '../support/linked-tpp.ts';
import { PAYMENTS_PATH } from '../support/paying.ts';
import { DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT } from '../support/payments.ts';
import { bearer } from '../support/tokens.ts';
import { newTpp, type Tpp } from '../support/tpp.ts';

type Members = Record<string, unknown>;

async function members(answer: Response, status: number): Promise<Members> {
  const text = await answer.text();
  expect([answer.status, answer.status === status ? '' : text]).toEqual([status, '']);
  return text === '' ? {} : (JSON.parse(text) as Members);
}

interface Authorized {
  readonly consentId: string;
  readonly headers: Record<string, string>;
  readonly refreshToken: string;
}

/** Creates a consent to the payment, has hazel approve it, and redeems the code. */
async function authorize(app: TestApp, tpp: Tpp, ownToken: string, payment: object): Promise<Authorized> {
  const body = { consent_type: 'payment', payment };
  const consent = await members(
    await app.sendJson('/open-banking/v1/consents', body, { headers: bearer(ownToken) }),
    201,
  );
  expect(consent).toMatchObject({ status: 'awaiting_authorization', payment });
  const consentId = String(consent['consent_id']);
  const decided = await members(
    await app.sendJson(
      `/sandbox/consents/${consentId}/authorize`,
      {
        customer: 'hazel',
        accounts: [MAIN_ACCOUNT],
        decision: 'approve',
        redirect_uri: tpp.redirectUri,
        response_type: 'code',
        scope: 'openid payments',
        state: 's',
      },
      { headers: bearer(tpp.organisation.apiKey) },
    ),
    200,
  );
  const code = new URL(String(decided['redirect_uri'])).searchParams.get('code') ?? '';
  const tokens = await members(
    await app.sendForm('/oauth/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: tpp.redirectUri,
      ...(await tpp.credentials()),
    }),
    200,
  );
  return {
    consentId,
    headers: bearer(String(tokens['access_token']), { 'x-consent-id': consentId }),
    refreshToken: String(tokens['refresh_token']),
  };
}

function pay(app: TestApp, { headers }: Pick<Authorized, 'headers'>, payment: object, key: string) {
  return app.sendJson(PAYMENTS_PATH, { payment }, { headers: { ...headers, 'idempotency-key': key } });
}

it.each([
  ['a domestic', DOMESTIC_PAYMENT, 'completed', '5266.22'],
  ['an international', INTERNATIONAL_PAYMENT, 'pending', '5327.10'],
] as const)('%s payment, and what is left of it afterwards', async (type, payment, status, balance) => {
  const app = testApp();
  const tpp = await newTpp(app, { roles: ['PISP', 'AISP'] });
  const ownToken = await ownTokenOf(app, tpp);
  const authorized = await authorize(app, tpp, ownToken, payment);
  const made = await members(await pay(app, authorized, payment, type), 201);
  expect(made).toMatchObject({ status, consent_id: authorized.consentId, payment });
  const paymentId = String(made['payment_id']);

  // The outcome is learnt again by the same key, with a new token of the consumed consent, and by the client itself.
  const refreshed = await members(
    await app.sendForm('/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: authorized.refreshToken,
      ...(await tpp.credentials()),
    }),
    200,
  );
  const headers = bearer(String(refreshed['access_token']), { 'x-consent-id': authorized.consentId });
  const again = await pay(app, { headers }, payment, type);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await members(again, 201)).toEqual(made);
  const path = `${PAYMENTS_PATH}/${paymentId}`;
  const now = { status: 'completed', payment_id: paymentId };
  expect(await members(await app.request(path, { headers: bearer(ownToken) }), 200)).toMatchObject(now);
  expect(await members(await app.request(path, { headers }), 200)).toMatchObject(now);

  const consentPath = `/open-banking/v1/consents/${authorized.consentId}`;
  const own = { headers: bearer(ownToken) };
  expect(await members(await app.request(consentPath, own), 200)).toMatchObject({
    status: 'consumed',
    payment_id: paymentId,
  });
  const ended = await app.request(consentPath, { ...own, method: 'DELETE' });
  expect(await members(ended, 409)).toMatchObject({ code: 'consent_consumed' });
  const other = await pay(app, { headers }, payment, 'other');
  expect(await members(other, 409)).toMatchObject({ code: 'consent_consumed' });

  // The same organisation's account information shows it, newest first.
  const reader = await linkTpp(app, {
    organisation: tpp.organisation,
    accounts: [MAIN_ACCOUNT, JOINT_ACCOUNT],
  });
  const accountPath = `/open-banking/v1/accounts/${MAIN_ACCOUNT}`;
  const balances = await members(
    await app.request(`${accountPath}/balances`, { headers: reader.headers }),
    200,
  );
  expect(balances['data']).toMatchObject([
    { type: 'booked', amount: { amount: balance } },
    { type: 'available', amount: { amount: balance } },
  ]);
  const statement = await members(
    await app.request(`${accountPath}/transactions?limit=2`, { headers: reader.headers }),
    200,
  );
  const { creditor } = payment;
  const lines = statement['data'] as { counterparty?: object; running_balance?: { amount: string } }[];
  expect(lines[0]?.running_balance?.amount).toBe(balance);
  expect(lines.map(({ counterparty }) => counterparty)).toContainEqual({
    name: creditor.name,
    account: creditor.account,
  });
});

it('nothing of a payment is known to another TPP of the same bank', async () => {
  const app = testApp();
  const [acorn, bramble] = [await newTpp(app, { roles: ['PISP'] }), await newTpp(app, { roles: ['PISP'] })];
  const acornToken = await ownTokenOf(app, acorn);
  const brambleToken = await ownTokenOf(app, bramble);
  const authorized = await authorize(app, acorn, acornToken, DOMESTIC_PAYMENT);
  const made = await members(await pay(app, authorized, DOMESTIC_PAYMENT, 'k'), 201);
  const foreign = await app.request(`${PAYMENTS_PATH}/${String(made['payment_id'])}`, {
    headers: bearer(brambleToken),
  });
  expect(await members(foreign, 404)).toMatchObject({ code: 'payment_not_found' });
  const theirs = await authorize(app, bramble, brambleToken, DOMESTIC_PAYMENT);
  const mixed = { headers: { ...theirs.headers, 'x-consent-id': authorized.consentId } };
  expect(await members(await pay(app, mixed, DOMESTIC_PAYMENT, 'k'), 401)).toMatchObject({
    code: 'invalid_consent',
  });
  // The same key, as another client's, is another key.
  expect((await pay(app, theirs, DOMESTIC_PAYMENT, 'k')).status).toBe(201);
});

it('a reset ends what was not paid, and leaves what was', async () => {
  const app = testApp();
  const tpp = await newTpp(app, { roles: ['PISP'] });
  const ownToken = await ownTokenOf(app, tpp);
  const paid = await authorize(app, tpp, ownToken, DOMESTIC_PAYMENT);
  const open = await authorize(app, tpp, ownToken, DOMESTIC_PAYMENT);
  const made = await members(await pay(app, paid, DOMESTIC_PAYMENT, 'paid'), 201);
  const reset = await app.sendJson('/sandbox/reset', {}, { headers: bearer(tpp.organisation.apiKey) });
  expect(reset.ok).toBe(true);
  expect(await members(await pay(app, open, DOMESTIC_PAYMENT, 'open'), 401)).toMatchObject({
    code: 'consent_revoked',
  });
  expect(await members(await pay(app, paid, DOMESTIC_PAYMENT, 'paid'), 201)).toEqual(made);
});
