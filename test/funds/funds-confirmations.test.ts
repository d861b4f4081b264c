/** Confirmation of funds over HTTP: yes and no at their bounds, every refusal, what is kept, and the hops. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '#app.ts';
import { endConsent } from '#consents/end-consent.flow.ts';
import { fundsConfirmationSchema } from '#funds/funds-confirmation-answer.schema.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { awaitingConsent } from '../support/consents.ts';
import { countingEnv } from '../support/counting-env.ts';
import { FUNDS_PATH, keptChecks, makeAsker, question, seededTenant } from '../support/funds.ts';
import { MAIN_ACCOUNT } from '../support/journey.ts';
import { linkTpp } from '../support/linked-tpp.ts';
import { fundsRequestOf } from '../support/payments.ts';
import { costlySteps, plansOf } from '../support/query-plans.ts';
import { TEST_NOW_MS, testScope } from '../support/scope.ts';
import { accessToken, bearer } from '../support/tokens.ts';

const OVERDRAWN = 'acc_3456789012';

let tenantId: string;
let accounts: Record<string, string>;

beforeAll(async () => {
  tenantId = await seededTenant();
  const { results } = await env.DB.prepare('SELECT nickname, account_id FROM accounts WHERE tenant_id = ?1')
    .bind(tenantId)
    .all<{ nickname: string; account_id: string }>();
  accounts = Object.fromEntries(results.map((row) => [row.nickname, row.account_id]));
});

async function confirmed(answer: Response): Promise<v.InferOutput<typeof fundsConfirmationSchema>> {
  expect(answer.status).toBe(201);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const body: unknown = await answer.json();
  expect(v.parse(fundsConfirmationSchema, body)).toEqual(body);
  return v.parse(fundsConfirmationSchema, body);
}

interface ErrorBody {
  readonly code: string;
  readonly errors?: { readonly field: string; readonly code: string }[];
}

async function refused(answer: Response): Promise<[number, string]> {
  return [answer.status, (await answer.json<ErrorBody>()).code];
}

it('answers a bare object, and keeps the check for the customer', async () => {
  const asker = await makeAsker({ tenantId });
  const body = await confirmed(await asker.ask('120.00'));
  expect(body).toEqual({
    funds_confirmation_id: expect.stringMatching(/^cof_/),
    consent_id: asker.consentId,
    funds_available: true,
    reference: 'RECEIPT 1187',
    instructed_amount: { amount: '120.00', currency: 'GBP' },
    created_at: new Date(TEST_NOW_MS).toISOString().replace('.000', ''),
  });
  expect(await keptChecks(asker.consentId)).toEqual([
    {
      tenant_id: tenantId,
      consent_id: asker.consentId,
      created_at: TEST_NOW_MS / 1000,
      funds_confirmation_id: body.funds_confirmation_id,
      reference: 'RECEIPT 1187',
      amount_minor: 12_000,
      currency: 'GBP',
      funds_available: 1,
    },
  ]);
});

describe('yes and no', () => {
  it.each([
    ['Main Account', 'GBP', '5432.09', true],
    ['Main Account', 'GBP', '5432.10', true],
    ['Main Account', 'GBP', '5432.11', false],
    ['Main Account', 'GBP', '0.01', true],
    ['Main Account', 'GBP', '9999999999999.99', false],
    ['Overdrawn', 'GBP', '249.99', true],
    ['Overdrawn', 'GBP', '250.00', true],
    ['Overdrawn', 'GBP', '250.01', false],
    ['Zero Balance', 'GBP', '0.01', false],
    ['Euro Account', 'EUR', '2500.00', true],
    ['Euro Account', 'EUR', '2500.01', false],
    ['Easy Saver', 'GBP', '10000.00', true],
    ['Fixed Term ISA', 'GBP', '0.01', false],
  ])('%s: %s %s is %s', async (nickname, currency, amount, expected) => {
    const asker = await makeAsker({ tenantId, accountId: accounts[nickname] ?? '' });
    const body = await confirmed(await asker.ask(amount, currency));
    expect(body.funds_available).toBe(expected);
    expect(await keptChecks(asker.consentId)).toMatchObject([{ funds_available: expected ? 1 : 0 }]);
  });

  it('counts what is held as spent', async () => {
    const own = await seededTenant();
    const asker = await makeAsker({ tenantId: own });
    await env.DB.prepare('UPDATE accounts SET held_minor = 43210 WHERE tenant_id = ?1 AND account_id = ?2')
      .bind(own, MAIN_ACCOUNT)
      .run();
    expect((await confirmed(await asker.ask('5000.00'))).funds_available).toBe(true);
    expect((await confirmed(await asker.ask('5000.01'))).funds_available).toBe(false);
  });

  it('is no for an account closed or removed since', async () => {
    const own = await seededTenant();
    const asker = await makeAsker({ tenantId: own });
    await env.DB.prepare("UPDATE accounts SET status = 'closed' WHERE tenant_id = ?1").bind(own).run();
    expect((await confirmed(await asker.ask('0.01'))).funds_available).toBe(false);
    const gone = await makeAsker({ tenantId: 'tnt_gone' });
    expect((await confirmed(await gone.ask('0.01'))).funds_available).toBe(false);
    expect(await keptChecks(gone.consentId)).toEqual([]);
  });

  it("is of the consent's own tenant, though another has the same account", async () => {
    const [poor, rich] = [await seededTenant(), tenantId];
    await env.DB.prepare('UPDATE accounts SET booked_minor = 0 WHERE tenant_id = ?1 AND account_id = ?2')
      .bind(poor, MAIN_ACCOUNT)
      .run();
    const askers = [await makeAsker({ tenantId: poor }), await makeAsker({ tenantId: rich })];
    const answers = await Promise.all(askers.map(async (asker) => confirmed(await asker.ask('0.01'))));
    expect(answers.map((answer) => answer.funds_available)).toEqual([false, true]);
  });
});

describe('refusals', () => {
  it('tells another currency from the account’s, and keeps nothing', async () => {
    const asker = await makeAsker({ tenantId });
    for (const [amount, currency] of [
      ['1.00', 'EUR'],
      ['1', 'JPY'],
      ['1.00', 'CHF'],
      ['1.000', 'BHD'],
      ['1.00', 'ZZZ'],
    ] as const) {
      expect(await refused(await asker.ask(amount, currency))).toEqual([422, 'unsupported_currency']);
    }
    expect(await keptChecks(asker.consentId)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no reference', { instructed_amount: question('1.00').instructed_amount }, 'reference'],
    ['an empty reference', { ...question('1.00'), reference: '' }, 'reference'],
    ['a reference of 36 characters', { ...question('1.00'), reference: 'x'.repeat(36) }, 'reference'],
    ['a reference that turns around', { ...question('1.00'), reference: 'a\u202eb' }, 'reference'],
    ['a reference of a control character', { ...question('1.00'), reference: 'a\nb' }, 'reference'],
    ['a reference that says nothing', { ...question('1.00'), reference: '...' }, 'reference'],
    ['no amount', { reference: 'x' }, 'instructed_amount'],
    ['zero', question('0.00'), 'instructed_amount.amount'],
    ['a minus', question('-1.00'), 'instructed_amount.amount'],
    ['an exponent', question('1e3'), 'instructed_amount.amount'],
    ['no decimals', question('1'), 'instructed_amount.amount'],
    ['three decimals', question('0.001'), 'instructed_amount.amount'],
    ['14 digits', question('12345678901234.00'), 'instructed_amount.amount'],
    ['decimals of a yen', question('1.00', 'JPY'), 'instructed_amount.amount'],
    [
      'a number',
      { reference: 'x', instructed_amount: { amount: 1, currency: 'GBP' } },
      'instructed_amount.amount',
    ],
    ['a small currency', question('1.00', 'gbp'), 'instructed_amount.currency'],
  ])('names the member: %s', async (_name, body, field) => {
    const asker = await makeAsker({ tenantId });
    const answer = await asker.send(body);
    expect(answer.status).toBe(400);
    const { code, errors = [] } = await answer.json<ErrorBody>();
    expect([code, ...errors.map((error) => error.field)]).toEqual(['invalid_request', field]);
    expect(await keptChecks(asker.consentId)).toEqual([]);
  });

  it('takes a reference of 35 characters and of other scripts, and ignores what it does not know', async () => {
    const asker = await makeAsker({ tenantId });
    for (const reference of ['x'.repeat(35), 'Nüsse für 3 €', 'どんぐり']) {
      const body = await confirmed(await asker.send({ ...question('1.00'), reference, balance: 'x' }));
      expect(body.reference).toBe(reference);
    }
  });

  it('follows the order of refusal: type, scope, state, body, limit, currency', async () => {
    const app = testApp();
    const asker = await makeAsker({ app, tenantId });
    const post = (headers: Record<string, string>, body = '{') =>
      app.request(FUNDS_PATH, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
    const good = await asker.headers();
    const linked = await linkTpp(app);
    expect(await refused(await post({}))).toEqual([401, 'invalid_token']);
    const own = bearer(await accessToken(asker.clientId));
    expect(await refused(await post(own))).toEqual([403, 'insufficient_scope']);
    const { 'x-consent-id': _none, ...nameless } = good;
    expect(await refused(await post(nameless))).toEqual([400, 'missing_consent']);
    const foreign = { ...good, 'x-consent-id': linked.consentId };
    expect(await refused(await post(foreign))).toEqual([401, 'invalid_consent']);
    expect(await refused(await post({ ...linked.headers }))).toEqual([403, 'wrong_consent_type']);
    const narrow = await makeAsker({ app, tenantId, scopes: ['openid'] });
    expect(await refused(await post(await narrow.headers()))).toEqual([403, 'insufficient_scope']);
    const scope = testScope();
    const request = fundsRequestOf(scope);
    const { consentId } = await awaitingConsent(scope, { clientId: asker.clientId, request });
    const scopes = ['fundsconfirmations'];
    const early = bearer(await accessToken(asker.clientId, { scopes, consentId }), {
      'x-consent-id': consentId,
    });
    expect(await refused(await post(early))).toEqual([401, 'invalid_consent']);
    expect(await refused(await post(good))).toEqual([400, 'invalid_request']);
    expect(await refused(await post({ ...good, 'content-type': 'text/plain' }))).toEqual([
      415,
      'unsupported_media_type',
    ]);
    expect(await refused(await post(good, 'x'.repeat(65_537)))).toEqual([413, 'payload_too_large']);
    for (let n = 0; n < 10; n += 1) await confirmed(await asker.ask('1.00'));
    expect(await refused(await asker.ask('1.00', 'EUR'))).toEqual([429, 'rate_limit_exceeded']);
    expect(await refused(await post(good))).toEqual([400, 'invalid_request']);
    await endConsent(scope, asker.consentId, { by: 'customer', note: 'test' });
    expect(await refused(await post(good))).toEqual([401, 'consent_revoked']);
  });

  it('ends with the consent', async () => {
    const app = testApp();
    const asker = await makeAsker({ app, tenantId });
    app.advance(90 * 86_400_000 - 1_000);
    await confirmed(await asker.ask('1.00'));
    app.advance(1_000);
    expect(await refused(await asker.ask('1.00'))).toEqual([401, 'consent_expired']);
  });
});

describe('what a check costs', () => {
  async function cost(app: ReturnType<typeof createApp>, body: object, headers: Record<string, string>) {
    const counted = countingEnv();
    const context = createExecutionContext();
    const request = new Request(`${env.ISSUER}${FUNDS_PATH}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await app.fetch(request, counted.env, context);
    const hops = { ...counted.hops, status: answer.status };
    await waitOnExecutionContext(context);
    return hops;
  }

  it('is one D1 round trip and two object calls, the same for yes, no and restricted', async () => {
    const app = createApp({ clock: { nowMs: () => TEST_NOW_MS }, log: () => undefined });
    const main = await makeAsker({ tenantId });
    const restricted = await makeAsker({ tenantId, accountId: accounts['Fixed Term ISA'] ?? '' });
    await cost(app, question('1.00'), await main.headers());
    await cost(app, question('1.00'), await restricted.headers());
    const costs = [
      await cost(app, question('1.00'), await main.headers()),
      await cost(app, question('9000.00'), await main.headers()),
      await cost(app, question('1.00'), await restricted.headers()),
    ];
    for (const hops of costs) {
      expect(hops).toMatchObject({
        status: 201,
        d1: 1,
        objects: 2,
        calls: ['CLIENTS.admit', 'CONSENTS.use', 'D1 batch'],
        rowsWritten: costs[0]?.rowsWritten,
      });
    }
    const other = await cost(app, question('1.00', 'EUR'), await main.headers());
    expect(other).toMatchObject({ status: 422, d1: 1, rowsWritten: 0 });
  });

  it('finds each row by an index', async () => {
    const asker = await makeAsker({ tenantId, accountId: OVERDRAWN });
    const plans = await plansOf(async (binding) => {
      const app: TestApp = testApp({ bindings: { DB: binding } });
      await confirmed(await asker.ask('1.00', 'GBP', app));
    });
    const own = plans.filter(({ text }) => text.includes('funds_confirmations'));
    expect(own).toHaveLength(2);
    for (const plan of own) expect(costlySteps(plan)).toEqual([]);
  });
});
