/** What a customer sees at /my/access of what they gave to apps, and its end. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { listAccess, readAccess } from '#access/read-access.flow.ts';
import { listCustomerConsents } from '#consents/list-customer-consents.flow.ts';
import type { WirePayment } from '#consents/payment-instruction.schema.ts';
import { headingOf, textOf, visitorOf } from '../support/access.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { authorizedConsent, awaitingConsent, consentStub } from '../support/consents.ts';
import { JOINT_ACCOUNT, MAIN_ACCOUNT } from '../support/journey.ts';
import { type LinkedTpp, type LinkParts, linkTpp } from '../support/linked-tpp.ts';
import { insertTestOrganisation } from '../support/organisation.ts';
import { DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT } from '../support/payments.ts';
import { costlySteps, plansOf } from '../support/query-plans.ts';
import { testScope } from '../support/scope.ts';

const ACCOUNTS = '/open-banking/v1/accounts';
const at = (consentId: string) => `/my/access/consents/${consentId}`;

/** A TPP linked to a customer's accounts, and that customer logged in. */
async function linked(parts: LinkParts = {}, app: TestApp = testApp()) {
  const tpp = await linkTpp(app, parts);
  const visitor = await visitorOf(app, tpp.organisation.organisationId, parts.customer);
  return { app, tpp, ...visitor };
}

async function pay(app: TestApp, tpp: LinkedTpp, payment: WirePayment = DOMESTIC_PAYMENT): Promise<Response> {
  return app.sendJson(
    '/open-banking/v1/payments',
    { payment },
    { headers: { ...tpp.headers, 'idempotency-key': crypto.randomUUID() } },
  );
}

const PAYING: LinkParts = {
  roles: ['PISP'],
  consent: { consent_type: 'payment', payment: DOMESTIC_PAYMENT },
  scope: 'openid payments',
  accounts: [MAIN_ACCOUNT],
};
const ASKING: LinkParts = {
  roles: ['CBPII'],
  consent: {
    consent_type: 'funds-confirmation',
    debtor_account: { scheme: 'SortCodeAccountNumber', id: '608371-12345678' },
  },
  scope: 'openid fundsconfirmations',
  accounts: [MAIN_ACCOUNT],
};

describe('the list', () => {
  it('says for each app what it can do, with which accounts, since when, until when, and its last use', async () => {
    const { app, tpp, browser } = await linked();
    const page = await browser.get('/my/access');
    const text = textOf(page);
    expect(text).toContain(`Nutkin ${tpp.organisation.name}`);
    expect(text).toContain('Can see your accounts');
    expect(text).toMatch(/Main Account ending 5678 ?, Joint Account ending 4321 \(joint\)/);
    expect(text).toMatch(/Since 22 November 2026 ?, until 20 February 2027 ?\./);
    expect(text).toContain('Not used yet.');
    expect(page.html).not.toContain('12345678');
    await app.request(ACCOUNTS, { headers: tpp.headers });
    await runDurableObjectAlarm(consentStub(tpp.consentId));
    expect(textOf(await browser.get('/my/access'))).toMatch(/Last used on 22 November 2026 ?\./);
  });

  it('is empty for who gave nothing, and says what would stand there', async () => {
    const app = testApp();
    const { browser } = await visitorOf(app, await insertTestOrganisation(), 'teasel');
    for (const [path, words] of [
      ['/my/access', 'No app has access.'],
      ['/my/access/payments', 'No app has asked you for a payment yet.'],
      ['/my/access/past', 'Nothing has ended yet.'],
    ] as const) {
      expect(textOf(await browser.get(path))).toContain(words);
    }
  });

  it('has of a joint account only what this holder gave, and opens nothing of the other’s', async () => {
    const { app, tpp } = await linked({ accounts: [JOINT_ACCOUNT] });
    const basil = await visitorOf(app, tpp.organisation.organisationId, 'basil');
    expect(textOf(await basil.browser.get('/my/access'))).toContain('No app has access');
    for (const answer of [
      await basil.browser.get(at(tpp.consentId)),
      await basil.browser.get(`${at(tpp.consentId)}/stop`),
      await basil.browser.post(`${at(tpp.consentId)}/stop`, {}),
      await basil.browser.get(at(`consent_ais_${'0'.repeat(64)}`)),
      await basil.browser.get(at('x')),
    ]) {
      expect([answer.status, headingOf(answer)]).toEqual([404, 'There is nothing here']);
    }
    expect((await app.request(ACCOUNTS, { headers: tpp.headers })).status).toBe(200);
  });

  it('shows what a deleted client had as over, before each consent has learnt it', async () => {
    const { app, tpp, browser } = await linked();
    await app.request(`/register/${tpp.clientId}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${tpp.registrationToken}` },
    });
    expect(textOf(await browser.get('/my/access'))).not.toContain('See or stop');
    expect(textOf(await browser.get(at(tpp.consentId)))).toContain('Nutkin ended it');
  });

  it('says of an expired one that it ended by itself', async () => {
    const app = testApp();
    const { tpp } = await linked({}, app);
    app.advance(90 * 86_400_000);
    const { browser } = await visitorOf(app, tpp.organisation.organisationId);
    expect(textOf(await browser.get('/my/access'))).toContain('No app has access');
    expect(textOf(await browser.get('/my/access/past'))).toMatch(
      /Could see your accounts .*It ended by itself on 20 February 2027 ?\. It was never used\./,
    );
  });

  it('goes on page by page, and meets each once', async () => {
    const scope = testScope();
    const customer = { tenantId: crypto.randomUUID(), customerId: 'cus_hazel' };
    const made = new Set<string>();
    for (let n = 0; n < 45; n += 1) made.add((await authorizedConsent(scope, customer)).consentId);
    await awaitingConsent(scope);
    const met: string[] = [];
    let after: string | undefined;
    do {
      const page = await listCustomerConsents(scope, customer, {
        part: 'live',
        limit: 20,
        ...(after === undefined ? {} : { after }),
      });
      met.push(...page.consents.map(({ consentId }) => consentId));
      after = page.next;
    } while (after !== undefined);
    expect(met).toHaveLength(45);
    expect(new Set(met)).toEqual(made);
  });
});

describe('one of them', () => {
  it('says what it opens in the words of the consent page, and who did what', async () => {
    const { browser, tpp } = await linked({ permissions: ['ReadAccounts', 'ReadBalances'] });
    const page = await browser.get(at(tpp.consentId));
    expect(headingOf(page)).toBe('Nutkin can see your accounts');
    const text = textOf(page);
    expect(text).toContain('Your balances');
    expect(text).toContain('How much is in each account');
    expect(text).not.toContain('Your transactions');
    expect(text).toMatch(/Nutkin asked you for it 22 November 2026 .*You confirmed it/);
  });

  it('is stopped by one confirmation, and the very next call is refused, as is its refresh token', async () => {
    const { app, tpp, browser } = await linked();
    expect((await app.request(ACCOUNTS, { headers: tpp.headers })).status).toBe(200);
    const asked = await browser.get(`${at(tpp.consentId)}/stop`);
    expect(headingOf(asked)).toBe('Stop letting Nutkin see your accounts?');
    expect((await app.request(ACCOUNTS, { headers: tpp.headers })).status).toBe(200);
    const stopped = await browser.post(`${at(tpp.consentId)}/stop`, {});
    expect([stopped.status, stopped.location]).toEqual([303, `${env.ISSUER}${at(tpp.consentId)}`]);
    const refused = await app.request(ACCOUNTS, { headers: tpp.headers });
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'consent_revoked' }]);
    const refresh = await app.sendForm('/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: tpp.refreshToken,
      ...(await tpp.credentials()),
    });
    expect([refresh.status, await refresh.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
    const own = await app.request(`/open-banking/v1/consents/${tpp.consentId}`, {
      headers: { authorization: `Bearer ${tpp.ownToken}` },
    });
    expect(await own.json()).toMatchObject({ status: 'revoked', revoked_by: 'customer' });
    const after = await browser.follow(stopped);
    expect(headingOf(after)).toBe('Nutkin could see your accounts');
    expect(textOf(after)).toMatch(/You stopped it on 22 November 2026/);
    expect(after.html).not.toContain('/stop"');
    expect(textOf(await browser.get('/my/access/past'))).toContain('You stopped it');
    expect((await browser.get(`${at(tpp.consentId)}/stop`)).status).toBe(303);
    expect((await browser.post(`${at(tpp.consentId)}/stop`, {})).status).toBe(303);
  });

  it('does not tell the customer what staff noted for themselves', async () => {
    const { browser, tpp } = await linked();
    await consentStub(tpp.consentId).revoke({
      nowMs: testScope().nowMs,
      consentId: tpp.consentId,
      by: 'bank',
      clientId: undefined,
      note: 'CASE-4711',
    });
    const text = textOf(await browser.get(at(tpp.consentId)));
    expect(text).toContain('We stopped it');
    expect(text).not.toContain('CASE-4711');
  });
});

describe('a payment', () => {
  it('is listed until it is made, can be stopped, and then is never made', async () => {
    const { app, tpp, browser } = await linked(PAYING);
    expect(textOf(await browser.get('/my/access'))).toContain('Can make a payment for you');
    expect(textOf(await browser.get('/my/access/payments'))).toContain('Not paid yet.');
    expect(headingOf(await browser.get(`${at(tpp.consentId)}/stop`))).toBe(
      'Stop letting Nutkin make a payment for you?',
    );
    expect((await browser.post(`${at(tpp.consentId)}/stop`, {})).status).toBe(303);
    const refused = await pay(app, tpp);
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'consent_revoked' }]);
    expect(textOf(await browser.get('/my/access/payments'))).toMatch(/Never paid\. You stopped it/);
  });

  it('that was made is listed with amount, payee, account and what became of it; stopping it comes too late', async () => {
    const { app, tpp, browser } = await linked(PAYING);
    expect((await pay(app, tpp)).status).toBe(201);
    const text = textOf(await browser.get('/my/access/payments'));
    expect(text).toContain(
      `£${DOMESTIC_PAYMENT.instructed_amount.amount} to ${DOMESTIC_PAYMENT.creditor.name}`,
    );
    expect(text).toMatch(/Paid 22 November 2026 ?\. By Nutkin ?, from Main Account ending 5678/);
    expect(textOf(await browser.get('/my/access'))).toContain('No app has access');
    const late = await browser.post(`${at(tpp.consentId)}/stop`, {});
    expect([late.status, headingOf(late)]).toEqual([409, 'The payment has been made']);
    expect(late.html).toContain(`href="${env.ISSUER}${at(tpp.consentId)}"`);
    expect(headingOf(await browser.get(at(tpp.consentId)))).toBe('Nutkin made a payment for you');
  });
});

describe("a payment that its payee's bank refused", () => {
  it('is not said to have been made', async () => {
    const refused = {
      ...INTERNATIONAL_PAYMENT,
      instructed_amount: { amount: '404.01', currency: 'GBP' },
    } as const;
    const paying = { ...PAYING, consent: { consent_type: 'payment', payment: refused } };
    const { app, tpp, browser } = await linked(paying);
    expect((await pay(app, tpp, refused)).status).toBe(201);
    await vi.waitFor(async () => {
      const page = await browser.get(at(tpp.consentId));
      expect(headingOf(page)).toBe('Nutkin tried to make a payment for you');
      expect(textOf(page)).toMatch(/The payment was tried on 22 November 2026 ?\./);
      expect(textOf(page)).toContain('bank did not take it, and the money is yours again');
      expect(textOf(page)).toContain('The payment was tried');
      expect(textOf(page)).not.toContain('was made');
    });
  });
});

describe('questions about funds', () => {
  it('are listed, each with its answer, newest first, and end with the consent', async () => {
    const { app, tpp, browser } = await linked(ASKING);
    const ask = (amount: string) =>
      app.sendJson(
        '/open-banking/v1/funds-confirmations',
        { reference: `RECEIPT ${amount}`, instructed_amount: { amount, currency: 'GBP' } },
        { headers: tpp.headers },
      );
    expect((await ask('10.00')).status).toBe(201);
    app.advance(1_000);
    expect((await ask('9999.00')).status).toBe(201);
    const page = await browser.get(at(tpp.consentId));
    expect(headingOf(page)).toBe('Nutkin can ask whether you have enough money');
    expect(textOf(page)).toMatch(/£9,999\.00: no .*for RECEIPT 9999\.00 .*£10\.00: yes .*for RECEIPT 10\.00/);
    await browser.post(`${at(tpp.consentId)}/stop`, {});
    expect((await ask('1.00')).status).toBe(401);
  });

  it('go on page by page', async () => {
    const { app, tpp, browser } = await linked(ASKING);
    const tenant = await env.DB.prepare('SELECT tenant_id FROM consents WHERE consent_id = ?')
      .bind(tpp.consentId)
      .first<{ tenant_id: string }>();
    await env.DB.prepare(
      `INSERT INTO funds_confirmations SELECT ?1, ?2, value / 2, 'cof_' || value, 'R' || value || '.', 100, 'GBP', 1
        FROM json_each(?3)`,
    )
      .bind(tenant?.tenant_id, tpp.consentId, JSON.stringify(Array.from({ length: 120 }, (_, n) => n + 10)))
      .run();
    const met: string[] = [];
    let path: string | undefined = at(tpp.consentId);
    while (path !== undefined) {
      const page = await browser.get(path);
      met.push(...[...page.html.matchAll(/<bdi>(R\d+)\.<\/bdi>/g)].map((match) => match[1] ?? ''));
      path = /href="([^"]*\?checks=[^"]*)"/.exec(page.html)?.[1];
    }
    expect([met.length, new Set(met).size]).toEqual([120, 120]);
    expect(app.lines.filter(({ status }) => Number(status) >= 500)).toEqual([]);
  });
});

it('finds every row by an index', async () => {
  const { tpp } = await linked(ASKING);
  const paying = await linked(PAYING);
  const plans = await plansOf(async (binding) => {
    const bindings = { DB: binding };
    const app = testApp({ bindings });
    const { browser } = await visitorOf(app, tpp.organisation.organisationId);
    await browser.get(`${at(tpp.consentId)}?checks=5.cof_x`);
    const session = { tenantId: 'tenant', customerId: 'customer' };
    const scope = testScope({ bindings });
    const one = await authorizedConsent(scope, session);
    for (const part of ['live', 'payments', 'past'] as const) {
      await listAccess(scope, session, part, undefined);
      await listAccess(scope, session, part, one.consentId);
    }
    await readAccess(scope, session, one.consentId);
    const payer = await visitorOf(app, paying.tpp.organisation.organisationId);
    await payer.browser.get('/my/access/payments');
    await payer.browser.post(`${at(paying.tpp.consentId)}/stop`, {});
    await payer.browser.post('/my/access/log-out', {});
  });
  const own = plans.filter(({ text }) => !/\b(outbox|tenants)\b/.test(text));
  expect(own.length).toBeGreaterThan(30);
  for (const plan of own) {
    expect({ text: plan.text, costly: costlySteps(plan) }).toEqual({ text: plan.text, costly: [] });
  }
});
