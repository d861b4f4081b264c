/** Account information over HTTP: the guide's shapes, the customer's choice, the order of refusal, and the hops. */
import { env } from 'cloudflare:workers';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  accountListSchema,
  accountResponseSchema,
  balanceListSchema,
} from '#accounts/account-answer.schema.ts';
import { transactionListSchema } from '#accounts/transaction-answer.schema.ts';
import type { Permission } from '#consents/consent.ts';
import { endConsent } from '#consents/end-consent.flow.ts';
import { sandboxTenants } from '#sandbox/tenants.flow.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { authorizedConsent } from '../support/consents.ts';
import { countingEnv } from '../support/counting-env.ts';
import { insertTestOrganisation } from '../support/organisation.ts';
import { testScope } from '../support/scope.ts';
import { makeClient } from '../support/test-client.ts';
import { accessToken, bearer } from '../support/tokens.ts';

const BASE = '/open-banking/v1';
const MAIN = 'acc_1234567890';
const JOINT = 'acc_2345678901';
const OVERDRAWN = 'acc_3456789012';

interface CallerParts {
  readonly permissions?: readonly Permission[];
  readonly scopes?: readonly string[];
  readonly accountIds?: readonly string[];
  readonly transactionFrom?: number;
  readonly transactionTo?: number;
  readonly app?: TestApp;
  /** Whether it has a tenant of its own, for tests that change one. */
  readonly alone?: boolean;
}

async function makeTenant(): Promise<string> {
  return sandboxTenants.ready(testScope(), await insertTestOrganisation());
}

let shared: Promise<string> | undefined;

function sharedTenant(): Promise<string> {
  shared ??= makeTenant();
  return shared;
}

/** A TPP whose customer approved: asks with its token and consent. */
async function makeCaller({
  accountIds = [MAIN, OVERDRAWN],
  scopes = ['openid', 'accounts', 'transactions'],
  app = testApp(),
  alone = false,
  ...parts
}: CallerParts = {}) {
  const scope = testScope();
  const tenantId = await (alone ? makeTenant() : sharedTenant());
  const { clientId } = await makeClient();
  const consent = await authorizedConsent(scope, { ...parts, clientId, tenantId, accountIds });
  const token = await accessToken(clientId, { subject: 'subject', scopes, consentId: consent.consentId });
  const headers = bearer(token, { 'x-consent-id': consent.consentId });
  return {
    tenantId,
    consentId: consent.consentId,
    headers,
    get: (path: string, given = headers) => app.request(`${BASE}${path}`, { headers: given }),
  };
}

/** The body, which has each member of its schema and no other. */
async function bodyOf<S extends v.GenericSchema>(answer: Response, schema: S): Promise<v.InferOutput<S>> {
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const body: unknown = await answer.json();
  expect(v.parse(schema, body)).toEqual(body);
  return v.parse(schema, body);
}

async function codeOf(answer: Response): Promise<[number, string]> {
  return [answer.status, (await answer.json<{ code: string }>()).code];
}

describe('GET /accounts', () => {
  it("answers as the guide's last step says", async () => {
    const { get } = await makeCaller({ accountIds: [MAIN] });
    expect(await (await get('/accounts')).json()).toEqual({
      data: [
        {
          account_id: 'acc_1234567890',
          status: 'enabled',
          currency: 'GBP',
          account_type: 'current',
          nickname: 'Main Account',
          identifiers: [
            { scheme: 'SortCodeAccountNumber', id: '608371-12345678' },
            { scheme: 'IBAN', id: 'GB12HMBK60837112345678' },
          ],
        },
      ],
      links: { self: '/accounts' },
    });
  });

  it('lists the chosen accounts in the order of their ids', async () => {
    const { get } = await makeCaller({ accountIds: [OVERDRAWN, MAIN, 'acc_gone'] });
    const body = await bodyOf(await get('/accounts'), accountListSchema);
    expect(body.data.map((account) => account.account_id)).toEqual([MAIN, OVERDRAWN]);
  });

  it('answers one account at its own address', async () => {
    const { get } = await makeCaller();
    const body = await bodyOf(await get(`/accounts/${OVERDRAWN}`), accountResponseSchema);
    expect(body.data.nickname).toBe('Overdrawn');
    expect(body.links).toEqual({ self: `/accounts/${OVERDRAWN}` });
  });

  it('knows no account the customer did not choose, nor one closed since', async () => {
    const { get, tenantId } = await makeCaller({ alone: true });
    for (const path of [`/accounts/${JOINT}`, `/accounts/${JOINT}/balances`, '/accounts/%27/transactions']) {
      expect(await codeOf(await get(path))).toEqual([404, 'account_not_found']);
    }
    await env.DB.prepare("UPDATE accounts SET status = 'closed' WHERE tenant_id = ?1 AND account_id = ?2")
      .bind(tenantId, MAIN)
      .run();
    expect(await codeOf(await get(`/accounts/${MAIN}/transactions`))).toEqual([404, 'account_not_found']);
    const body = await bodyOf(await get('/accounts'), accountListSchema);
    expect(body.data.map((account) => account.account_id)).toEqual([OVERDRAWN]);
  });
});

describe('GET /balances', () => {
  it('answers booked and available of each account, with the overdraft limit where there is one', async () => {
    const { get } = await makeCaller();
    const body = await bodyOf(await get('/balances'), balanceListSchema);
    const asOf = '2026-11-22T12:00:00Z';
    const gbp = (amount: string) => ({ amount, currency: 'GBP' });
    expect(body).toEqual({
      data: [
        { account_id: MAIN, type: 'booked', amount: gbp('5432.10'), as_of: asOf },
        { account_id: MAIN, type: 'available', amount: gbp('5432.10'), as_of: asOf },
        {
          account_id: OVERDRAWN,
          type: 'booked',
          amount: gbp('-250.00'),
          as_of: asOf,
          credit_limit: gbp('500.00'),
        },
        {
          account_id: OVERDRAWN,
          type: 'available',
          amount: gbp('250.00'),
          as_of: asOf,
          credit_limit: gbp('500.00'),
        },
      ],
      links: { self: '/balances' },
    });
  });

  it('takes what is held from what is available', async () => {
    const { get } = await makeCaller({ accountIds: [JOINT] });
    const body = await bodyOf(await get(`/accounts/${JOINT}/balances`), balanceListSchema);
    const [booked, available] = body.data;
    expect(booked?.amount.amount).toBe('12500.00');
    expect(Number(available?.amount.amount)).toBeLessThan(12_500);
    const pending = await bodyOf(await get('/transactions?limit=100'), transactionListSchema);
    const held = pending.data
      .filter((row) => row.status === 'pending')
      .reduce((sum, row) => sum + Number(row.amount.amount), 0);
    expect(Number(available?.amount.amount)).toBeCloseTo(12_500 + held, 2);
    expect(body.links).toEqual({ self: `/accounts/${JOINT}/balances` });
  });
});

describe('GET /transactions', () => {
  it('walks every transaction of all accounts by its links, and back', async () => {
    const { get } = await makeCaller();
    const ids: string[] = [];
    let path: string | undefined = '/transactions?limit=100';
    let last = path;
    while (path !== undefined) {
      const answer = await get(path);
      const body: v.InferOutput<typeof transactionListSchema> = await bodyOf(answer, transactionListSchema);
      expect(body.links.self).toBe(path);
      ids.push(...body.data.map((row) => row.transaction_id));
      last = path;
      path = body.links.next;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(500);
    const end = await bodyOf(await get(last), transactionListSchema);
    const before = await bodyOf(await get(end.links.prev ?? ''), transactionListSchema);
    const rest = end.data.length;
    expect(before.data.map((row) => row.transaction_id)).toEqual(ids.slice(-rest - 100, -rest));
    expect(before.links.next).toBeDefined();
  });

  it('has 25 rows a page by default, newest first, with their running balances', async () => {
    const { get } = await makeCaller({ accountIds: [MAIN] });
    const body = await bodyOf(await get(`/accounts/${MAIN}/transactions`), transactionListSchema);
    expect(body.data).toHaveLength(25);
    expect(body.links.self).toBe(`/accounts/${MAIN}/transactions`);
    expect(body.links.prev).toBeUndefined();
    const order = body.data.map((row) => `${row.created_at} ${row.transaction_id}`);
    expect(order).toEqual([...order].sort().toReversed());
    const [pending, newest] = body.data;
    expect(pending).toMatchObject({ status: 'pending', booked_at: null });
    expect(pending?.running_balance).toBeUndefined();
    expect(newest?.running_balance).toEqual({ amount: '5432.10', currency: 'GBP' });
  });

  it('shows no running balance without ReadBalances', async () => {
    const { get } = await makeCaller({ permissions: ['ReadTransactions'] });
    const body = await bodyOf(await get('/transactions'), transactionListSchema);
    expect(body.data.every((row) => row.running_balance === undefined)).toBe(true);
  });

  it("keeps within the consent's dates", async () => {
    const day = Date.UTC(2026, 9, 1) / 1000;
    const { get } = await makeCaller({ transactionFrom: day, transactionTo: day + 86_400 * 7 });
    const body = await bodyOf(await get('/transactions?limit=100&from=2020-01-01'), transactionListSchema);
    expect(body.data.length).toBeGreaterThan(0);
    for (const row of body.data) {
      expect(row.created_at >= '2026-10-01T00:00:00Z' && row.created_at <= '2026-10-08T00:00:00Z').toBe(true);
    }
  });

  it('refuses a bad query before it looks for the account, and never echoes it', async () => {
    const { get } = await makeCaller();
    for (const query of [
      'limit=0',
      'from=x',
      'from=2026-02-01&to=2026-01-01',
      'cursor=no',
      'limit=1&limit=2',
    ]) {
      expect(await codeOf(await get(`/accounts/${JOINT}/transactions?${query}`))).toEqual([
        400,
        'invalid_request',
      ]);
    }
    const answer = await get('/transactions?limit=<script>&other=1');
    expect(await answer.text()).not.toContain('script');
    const ignored = await bodyOf(await get('/transactions?other=1&limit='), transactionListSchema);
    expect(ignored.links.self).toBe('/transactions');
    expect((await bodyOf(await get('/transactions?limit=0007'), transactionListSchema)).data).toHaveLength(7);
  });

  it("refuses another list's cursor", async () => {
    const { get } = await makeCaller();
    const body = await bodyOf(await get('/transactions?limit=2'), transactionListSchema);
    const cursor = new URL(body.links.next ?? '', 'https://x').searchParams.get('cursor') ?? '';
    expect((await get(`/transactions?limit=5&cursor=${cursor}`)).status).toBe(200);
    expect(await codeOf(await get(`/accounts/${MAIN}/transactions?cursor=${cursor}`))).toEqual([
      400,
      'invalid_request',
    ]);
    const other = await makeCaller();
    expect((await other.get(`/transactions?cursor=${cursor}`)).status).toBe(400);
  });
});

describe('who may ask', () => {
  it.each([
    ['/accounts', 'ReadAccounts'],
    [`/accounts/${MAIN}`, 'ReadAccounts'],
    ['/balances', 'ReadBalances'],
    [`/accounts/${MAIN}/balances`, 'ReadBalances'],
    ['/transactions', 'ReadTransactions'],
    [`/accounts/${MAIN}/transactions`, 'ReadTransactions'],
  ] as const)('%s needs %s, which may stand alone', async (path, permission) => {
    const all = ['ReadAccounts', 'ReadBalances', 'ReadTransactions'] as const;
    const without = await makeCaller({ permissions: all.filter((one) => one !== permission) });
    expect(await codeOf(await without.get(path))).toEqual([403, 'permission_denied']);
    const alone = await makeCaller({ permissions: [permission] });
    expect((await alone.get(path)).status).toBe(200);
  });

  it('needs the scope of the call', async () => {
    const { get } = await makeCaller({ scopes: ['accounts'] });
    expect((await get('/accounts')).status).toBe(200);
    expect(await codeOf(await get('/transactions?limit=0'))).toEqual([403, 'insufficient_scope']);
  });

  it('needs the consent in the header, and in force', async () => {
    const { get, headers, consentId } = await makeCaller();
    const { authorization } = headers;
    expect(await codeOf(await get('/accounts', { authorization: authorization ?? '' }))).toEqual([
      400,
      'missing_consent',
    ]);
    await endConsent(testScope(), consentId, { by: 'customer' });
    expect(await codeOf(await get('/accounts'))).toEqual([401, 'consent_revoked']);
  });

  it("sees its own tenant's accounts only, though ids are the same", async () => {
    const first = await makeCaller({ alone: true });
    const second = await makeCaller();
    await env.DB.prepare("UPDATE accounts SET nickname = 'Mine' WHERE tenant_id = ?1")
      .bind(first.tenantId)
      .run();
    const mine = await bodyOf(await first.get('/accounts'), accountListSchema);
    const theirs = await bodyOf(await second.get('/accounts'), accountListSchema);
    expect(mine.data.map((account) => account.nickname)).toEqual(['Mine', 'Mine']);
    expect(theirs.data.map((account) => account.nickname)).toEqual(['Main Account', 'Overdrawn']);
  });
});

it.each([
  '/accounts',
  `/accounts/${MAIN}`,
  '/balances',
  `/accounts/${MAIN}/balances`,
  '/transactions',
  `/accounts/${MAIN}/transactions`,
])('%s costs one round trip to D1 and two object calls', async (path) => {
  const counted = countingEnv();
  const { get } = await makeCaller({ app: testApp({ bindings: { ...counted.env } }) });
  await get('/accounts');
  counted.reset();
  expect((await get(path)).status).toBe(200);
  expect(counted.hops).toMatchObject({ d1: 1, objects: 2, rowsWritten: 0 });
});
