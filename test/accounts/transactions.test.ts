/** Pages of transactions: each row once, within every bound, at the same cost wherever the page lies. */
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readTransactions } from '#accounts/read-transactions.flow.ts';
import type { TransactionPage } from '#accounts/transaction-page.ts';
import { parseTransactionQuery, type TransactionQuery } from '#accounts/transaction-query.ts';
import type { Consent } from '#consents/consent.ts';
import { type CursorPosition, renderCursor } from '#kernel/cursor.ts';
import {
  insertTestAccount,
  insertTestTransactions,
  newTenantId,
  type TestTransaction,
  testConsent,
} from '../support/bank-rows.ts';
import { countingEnv } from '../support/counting-env.ts';
import { testScope } from '../support/scope.ts';

const isLong = env.TEST_LENGTH === 'long';
const PATH = '/transactions';

async function queryOf(
  consent: Consent,
  parameters: Record<string, string>,
  position?: CursorPosition,
): Promise<TransactionQuery> {
  const query = await parseTransactionQuery(new Map(Object.entries(parameters)), {
    consentId: consent.consentId,
    path: PATH,
  });
  if (!query.ok) throw new Error(query.refusal.message);
  return { ...query.value, position };
}

async function pageOf(
  consent: Consent,
  parameters: Record<string, string>,
  position?: CursorPosition,
  accountId?: string,
): Promise<TransactionPage> {
  const page = await readTransactions(
    testScope(),
    consent,
    await queryOf(consent, parameters, position),
    accountId,
  );
  if (!page.ok) throw new Error(page.refusal.reason);
  return page.value;
}

function idsOf(page: TransactionPage): string[] {
  return page.rows.map((row) => row.transactionId);
}

/** Walks a list to its end; `meanwhile` happens between pages. */
async function walk(
  consent: Consent,
  parameters: Record<string, string>,
  meanwhile: (page: number) => Promise<void> = async () => {},
): Promise<string[]> {
  const ids: string[] = [];
  let page = await pageOf(consent, parameters);
  for (let number = 1; ; number += 1) {
    ids.push(...idsOf(page));
    if (page.next === undefined) return ids;
    if (number > 100) throw new Error('the walk does not end');
    await meanwhile(number);
    page = await pageOf(consent, parameters, page.next);
  }
}

it('reads no more rows on a page of one account than the page and ten, first, middle and last', {
  timeout: 300_000,
}, async () => {
  const tenantId = newTenantId();
  await insertTestAccount(tenantId, 'acc_1');
  const consent = testConsent(tenantId, ['acc_1']);
  const parameters = { limit: '25' };
  const costs: number[][] = [];
  let stored = 0;
  for (const count of isLong ? [1_000, 10_000, 1_000_000] : [1_000, 10_000]) {
    const rows = Array.from({ length: count - stored }, (_, index) => ({
      accountId: 'acc_1',
      createdAt: 1_700_000_000 + (stored + index) * 60,
      transactionId: `txn_${String(stored + index).padStart(8, '0')}`,
    }));
    stored = count;
    await insertTestTransactions(tenantId, rows);
    const positionAt = (index: number, direction: 'next' | 'prev'): CursorPosition => ({
      createdAt: 1_700_000_000 + index * 60,
      id: `txn_${String(index).padStart(8, '0')}`,
      direction,
    });
    const positions = [
      undefined,
      positionAt(Math.floor(count / 2), 'next'),
      positionAt(25, 'next'),
      positionAt(0, 'next'),
      positionAt(Math.floor(count / 2), 'prev'),
      positionAt(count - 1, 'prev'),
    ];
    const cost: number[] = [];
    for (const position of positions) {
      const counted = countingEnv();
      const scope = testScope({ bindings: { ...counted.env } });
      await readTransactions(scope, consent, await queryOf(consent, parameters, position), 'acc_1');
      expect(counted.hops.calls.filter((call) => call === 'D1 batch')).toHaveLength(1);
      expect(counted.hops.rowsRead).toBeLessThanOrEqual(35);
      cost.push(counted.hops.rowsRead);
    }
    costs.push(cost);
  }
  for (const cost of costs) expect(cost).toEqual(costs[0]);
});

it('walks accounts merged, each row once, while new rows arrive, forth and back', {
  timeout: 300_000,
}, async () => {
  const shape = fc.record({
    counts: fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 4 }),
    limit: fc.integer({ min: 1, max: 7 }),
    // Few distinct seconds, so that ids decide between rows of one second.
    seconds: fc.integer({ min: 1, max: 6 }),
    arrivals: fc.nat({ max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ counts, limit, seconds, arrivals }) => {
      const tenantId = newTenantId();
      const accountIds = counts.map((_, index) => `acc_${index}`);
      for (const id of accountIds) await insertTestAccount(tenantId, id);
      let serial = 0;
      const make = (accountId: string, createdAt: number): TestTransaction => {
        serial += 1;
        // Multiplied, so that ids do not rise with time.
        return { accountId, createdAt, transactionId: `txn_${(serial * 7919) % 10_007}_${serial}` };
      };
      const rows = counts.flatMap((count, index) =>
        Array.from({ length: count }, (_, row) => make(`acc_${index}`, 1_000 + (row % seconds))),
      );
      await insertTestTransactions(tenantId, rows);
      const consent = testConsent(tenantId, accountIds);
      const expected = [...rows]
        .sort((a, b) => b.createdAt - a.createdAt || (a.transactionId < b.transactionId ? 1 : -1))
        .map((row) => row.transactionId);
      const seen = await walk(consent, { limit: String(limit) }, async (page) => {
        const late = Array.from({ length: arrivals }, () => make('acc_0', 2_000 + page));
        await insertTestTransactions(tenantId, late);
      });
      expect(seen).toEqual(expected);

      // Back from the last page, with what has arrived since at the top.
      const all = await walk(consent, { limit: '100' });
      const oldest = all.at(-1);
      const back = oldest === undefined ? [] : [oldest];
      let position: CursorPosition | undefined =
        oldest === undefined ? undefined : { createdAt: 1_000, id: oldest, direction: 'prev' };
      while (position !== undefined && back.length <= all.length) {
        const page = await pageOf(consent, { limit: String(limit) }, position);
        back.unshift(...idsOf(page));
        if (page.rows.length > 0) expect(page.next).toBeDefined();
        position = page.prev;
      }
      expect(back).toEqual(all);
    }),
    { numRuns: isLong ? 300 : 12 },
  );
});

it('keeps within from and to, both included, and a date is its whole day', async () => {
  const tenantId = newTenantId();
  await insertTestAccount(tenantId, 'acc_1');
  const day = Date.UTC(2026, 2, 10) / 1000;
  const times = [day - 1, day, day + 43_200, day + 86_399, day + 86_400];
  await insertTestTransactions(
    tenantId,
    times.map((createdAt, index) => ({ accountId: 'acc_1', createdAt, transactionId: `txn_${index}` })),
  );
  const consent = testConsent(tenantId, ['acc_1']);
  const ids = async (parameters: Record<string, string>, of = consent) => idsOf(await pageOf(of, parameters));
  expect(await ids({ from: '2026-03-10', to: '2026-03-10' })).toEqual(['txn_3', 'txn_2', 'txn_1']);
  expect(await ids({ from: '2026-03-10T12:00:00Z' })).toEqual(['txn_4', 'txn_3', 'txn_2']);
  expect(await ids({ to: '2026-03-10T13:00:00+01:00' })).toEqual(['txn_2', 'txn_1', 'txn_0']);
  const bounded = testConsent(tenantId, ['acc_1'], {
    transactionFrom: day,
    transactionTo: day + 86_399,
  });
  expect(await ids({}, bounded)).toEqual(['txn_3', 'txn_2', 'txn_1']);
  expect(await ids({ from: '2026-03-01', to: '2026-03-10T11:59:59Z' }, bounded)).toEqual(['txn_1']);
  expect(await ids({ from: '2026-04-01' }, bounded)).toEqual([]);
  // A cursor made up outside the window opens nothing outside it.
  const wide: CursorPosition = { createdAt: day + 1_000_000, id: 'txn_9', direction: 'next' };
  expect(idsOf(await pageOf(bounded, {}, wide))).toEqual(['txn_3', 'txn_2', 'txn_1']);
  const low: CursorPosition = { createdAt: 1, id: '', direction: 'prev' };
  expect(idsOf(await pageOf(bounded, {}, low))).toEqual(['txn_3', 'txn_2', 'txn_1']);
});

it('has only accounts the customer chose that are still there', async () => {
  const tenantId = newTenantId();
  await insertTestAccount(tenantId, 'acc_1');
  await insertTestAccount(tenantId, 'acc_2', 'closed');
  await insertTestAccount(tenantId, 'acc_3');
  await insertTestTransactions(
    tenantId,
    ['acc_1', 'acc_2', 'acc_3'].map((accountId, index) => ({
      accountId,
      createdAt: 1_000 + index,
      transactionId: `txn_${index}`,
    })),
  );
  const consent = testConsent(tenantId, ['acc_1', 'acc_2', 'acc_gone']);
  expect(idsOf(await pageOf(consent, {}))).toEqual(['txn_0']);
  const scope = testScope();
  for (const accountId of ['acc_2', 'acc_3', 'acc_gone', 'acc_other']) {
    const answer = await readTransactions(scope, consent, await queryOf(consent, {}), accountId);
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'account_not_found' } });
  }
  expect((await readTransactions(scope, consent, await queryOf(consent, {}), 'acc_1')).ok).toBe(true);
});

it.each([
  ['limit', { limit: '0' }],
  ['limit', { limit: '101' }],
  ['limit', { limit: '-1' }],
  ['limit', { limit: '2.5' }],
  ['limit', { limit: '1e1' }],
  ['from', { from: 'yesterday' }],
  ['from', { from: '2026-02-30' }],
  ['to', { to: '2026-03-10T12:00:00' }],
  ['from', { from: '2026-03-11', to: '2026-03-10' }],
  ['cursor', { cursor: 'abc' }],
  ['cursor', { cursor: 'é'.repeat(30) }],
])('refuses a bad %s', async (field, parameters) => {
  const list = { consentId: 'consent_ais_1', path: PATH };
  const query = await parseTransactionQuery(new Map(Object.entries(parameters)), list);
  expect(query).toMatchObject({ ok: false, refusal: { code: 'invalid_request', errors: [{ field }] } });
});

it('binds a cursor to consent, path and filters, not to the limit', async () => {
  const list = { consentId: 'consent_ais_1', path: PATH };
  const first = await parseTransactionQuery(new Map([['from', '2026-03-10']]), list);
  if (!first.ok) throw new Error('refused');
  const position: CursorPosition = { createdAt: 5, id: 'txn_1', direction: 'next' };
  const cursor = await renderCursor(position, first.value.binding);
  const again = async (parameters: Record<string, string>, of = list) => {
    const query = await parseTransactionQuery(new Map(Object.entries({ cursor, ...parameters })), of);
    return query.ok ? query.value.position : undefined;
  };
  expect(await again({ from: '2026-03-10' })).toEqual(position);
  expect(await again({ from: '2026-03-10', limit: '3' })).toEqual(position);
  // The same instant written otherwise is the same filter.
  expect(await again({ from: '2026-03-10T01:00:00+01:00' })).toEqual(position);
  expect(await again({})).toBeUndefined();
  expect(await again({ from: '2026-03-11' })).toBeUndefined();
  expect(await again({ from: '2026-03-10', to: '2026-03-12' })).toBeUndefined();
  expect(await again({ from: '2026-03-10' }, { ...list, consentId: 'consent_ais_2' })).toBeUndefined();
  expect(
    await again({ from: '2026-03-10' }, { ...list, path: '/accounts/acc_1/transactions' }),
  ).toBeUndefined();
});
