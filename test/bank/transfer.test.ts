/** Journals in D1: balances and running balances, holds, what the database refuses, and how each statement finds its rows. */
import { env } from 'cloudflare:workers';
import type { BatchItem } from 'drizzle-orm/batch';
import { describe, expect, it } from 'vitest';
import { violatedConstraint } from '#bank/constraint.ts';
import { holdStatements, releaseHoldStatements, transferStatements } from '#bank/transfer.statements.ts';
import {
  balancedEntries,
  feesAccount,
  isInternalAccount,
  type LedgerEntry,
  openingAccount,
  reversedEntries,
  settlementAccount,
} from '#bank/transfer.ts';
import { openDatabase } from '#edge/database.ts';
import type { Currency } from '#kernel/money.ts';
import { insertTestAccount, newTenantId } from '../support/bank-rows.ts';

const NOW = Date.UTC(2026, 10, 22, 12) / 1000;
const MAIN = 'acc_1';
const OTHER = 'acc_2';
const database = openDatabase(env.DB);

function entry(accountId: string, amountMinor: number, currency: Currency = 'GBP'): LedgerEntry {
  return { accountId, amountMinor, currency, type: 'transfer', description: 'Transfer' };
}

function moved(from: string, to: string, amountMinor: number) {
  return balancedEntries([entry(from, -amountMinor), entry(to, amountMinor)]);
}

async function run(statements: readonly BatchItem<'sqlite'>[]): Promise<string | undefined> {
  const [first, ...others] = statements;
  if (first === undefined) throw new Error('nothing to run');
  try {
    await database.batch([first, ...others]);
    return undefined;
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === undefined) throw error;
    return constraint;
  }
}

/** A tenant with two accounts of 100.00 each. */
async function newTenant(): Promise<string> {
  const tenantId = newTenantId();
  await insertTestAccount(tenantId, MAIN);
  await insertTestAccount(tenantId, OTHER);
  return tenantId;
}

let journals = 0;
function transfer(tenantId: string, entries: ReturnType<typeof balancedEntries>, now = NOW, journalId = '') {
  journals += 1;
  return transferStatements(database, {
    tenantId,
    journalId: journalId || `jrn_${journals}`,
    kind: 'payment',
    paymentId: 'pay_1',
    now,
    entries,
  });
}

interface Row {
  account_id: string;
  created_at: number;
  transaction_id: string;
  status: string;
  amount_minor: number;
  balance_after_minor: number | null;
  journal_id: string | null;
  booked_at: number | null;
  value_date: string;
}

async function rowsOf(tenantId: string, accountId: string): Promise<Row[]> {
  const sql =
    'SELECT * FROM transactions WHERE tenant_id = ?1 AND account_id = ?2 ORDER BY created_at, transaction_id';
  return (await env.DB.prepare(sql).bind(tenantId, accountId).all<Row>()).results;
}

async function balanceOf(tenantId: string, accountId: string): Promise<[number, number]> {
  const sql = 'SELECT booked_minor, held_minor FROM accounts WHERE tenant_id = ?1 AND account_id = ?2';
  const row = await env.DB.prepare(sql)
    .bind(tenantId, accountId)
    .first<{ booked_minor: number; held_minor: number }>();
  return [row?.booked_minor ?? Number.NaN, row?.held_minor ?? Number.NaN];
}

describe('a journal', () => {
  it('moves the balances and writes entries with their running balances', async () => {
    const tenantId = await newTenant();
    expect(await run(transfer(tenantId, moved(MAIN, OTHER, 2_500), NOW, 'jrn_a'))).toBeUndefined();
    expect(await balanceOf(tenantId, MAIN)).toEqual([7_500, 0]);
    expect(await balanceOf(tenantId, OTHER)).toEqual([12_500, 0]);
    expect(await rowsOf(tenantId, MAIN)).toEqual([
      expect.objectContaining({
        status: 'booked',
        amount_minor: -2_500,
        balance_after_minor: 7_500,
        journal_id: 'jrn_a',
        created_at: NOW,
        booked_at: NOW,
        value_date: '2026-11-22',
        transaction_id: expect.stringMatching(/^txn_000000[0-9a-f]{16}$/),
      }),
    ]);
  });

  it('has several entries of one account in their order, and internal accounts without a balance', async () => {
    const tenantId = await newTenant();
    const entries = balancedEntries([
      entry(MAIN, -1_000),
      entry(MAIN, -500),
      entry(settlementAccount('GBP', 'swift'), 1_000),
      entry(feesAccount('GBP'), 500),
    ]);
    expect(await run(transfer(tenantId, entries))).toBeUndefined();
    const rows = await rowsOf(tenantId, MAIN);
    expect(rows.map((row) => [row.amount_minor, row.balance_after_minor])).toEqual([
      [-1_000, 9_000],
      [-500, 8_500],
    ]);
    expect(await rowsOf(tenantId, 'internal:settlement:GBP:swift')).toMatchObject([
      { amount_minor: 1_000, balance_after_minor: null },
    ]);
  });

  it('stands in the order of posting, within one second and when clocks disagree', async () => {
    const tenantId = await newTenant();
    for (const now of [NOW, NOW, NOW + 5, NOW + 3, NOW + 5, ...Array.from({ length: 12 }, () => NOW + 4)]) {
      expect(await run(transfer(tenantId, moved(MAIN, OTHER, 7), now))).toBeUndefined();
    }
    const rows = await rowsOf(tenantId, MAIN);
    expect(rows).toHaveLength(17);
    let balance = 10_000;
    for (const row of rows) {
      balance += row.amount_minor;
      expect(row.balance_after_minor).toBe(balance);
    }
    expect(rows.at(-1)?.created_at).toBe(NOW + 5);
  });

  it('takes an account to its limit and not a penny below', async () => {
    const tenantId = await newTenant();
    expect(await run(transfer(tenantId, moved(MAIN, OTHER, 10_001)))).toBe('accounts_balance_within_limit');
    expect(await run(transfer(tenantId, moved(MAIN, OTHER, 10_000)))).toBeUndefined();
    expect(await run(transfer(tenantId, moved(MAIN, OTHER, 1)))).toBe('accounts_balance_within_limit');
    expect(await balanceOf(tenantId, MAIN)).toEqual([0, 0]);
    expect(await rowsOf(tenantId, MAIN)).toHaveLength(1);
  });

  it('is posted once', async () => {
    const tenantId = await newTenant();
    expect(await run(transfer(tenantId, moved(MAIN, OTHER, 1), NOW, 'jrn_once'))).toBeUndefined();
    expect(await run(transfer(tenantId, moved(MAIN, OTHER, 1), NOW, 'jrn_once'))).toBe(
      'journals.tenant_id, journals.journal_id',
    );
    expect(await balanceOf(tenantId, MAIN)).toEqual([9_999, 0]);
  });

  it('names an account the tenant has, in its currency', async () => {
    const tenantId = await newTenant();
    expect(await run(transfer(tenantId, moved(MAIN, 'acc_nobody', 1)))).toBe('entry_without_account');
    const euros = balancedEntries([entry(MAIN, -1, 'EUR'), entry(OTHER, 1, 'EUR')]);
    expect(await run(transfer(tenantId, euros))).toBe('entry_without_account');
    expect(await balanceOf(tenantId, MAIN)).toEqual([10_000, 0]);
  });

  it('belongs to a tenant that exists, whose row guards it', async () => {
    const sums = moved(openingAccount('GBP'), settlementAccount('GBP', 'fps'), 1);
    expect(await run(transfer(newTenantId(), sums))).toBe('journal_without_tenant');
  });

  it('is undone by entries of its own', async () => {
    const tenantId = await newTenant();
    const entries = moved(MAIN, settlementAccount('GBP', 'fps'), 400);
    await run(transfer(tenantId, entries));
    const undone = reversedEntries(entries, { type: 'refund', description: 'Payment returned' });
    await run(transfer(tenantId, undone));
    expect(await balanceOf(tenantId, MAIN)).toEqual([10_000, 0]);
    expect((await rowsOf(tenantId, MAIN)).map((row) => row.amount_minor)).toEqual([-400, 400]);
  });

  it('is never changed, nor deleted while its tenant exists', async () => {
    const tenantId = await newTenant();
    await run(transfer(tenantId, moved(MAIN, OTHER, 5)));
    const attempts = [
      'UPDATE transactions SET amount_minor = 1 WHERE tenant_id = ?1',
      'DELETE FROM transactions WHERE tenant_id = ?1',
      "UPDATE journals SET kind = 'history' WHERE tenant_id = ?1",
      'DELETE FROM journals WHERE tenant_id = ?1',
    ];
    for (const attempt of attempts) {
      const error: unknown = await env.DB.prepare(attempt)
        .bind(tenantId)
        .run()
        .catch((thrown: unknown) => thrown);
      expect(violatedConstraint(error), attempt).toBe('entries_immutable');
    }
    expect(await rowsOf(tenantId, MAIN)).toHaveLength(1);
  });
});

describe('a hold', () => {
  const hold = (tenantId: string, amountMinor: number, holdId = 'h1') =>
    holdStatements(database, {
      tenantId,
      accountId: MAIN,
      holdId,
      heldAt: NOW,
      amountMinor,
      currency: 'GBP',
      type: 'transfer',
      description: 'Payment to Acorn',
      reference: 'INV 7',
      counterpartyName: 'Acorn',
      counterpartyAccount: '608371-87654321',
    });
  const key = (tenantId: string) => ({ tenantId, accountId: MAIN, holdId: 'h1', heldAt: NOW });

  it('lowers what is available, not what is booked, and shows as pending', async () => {
    const tenantId = await newTenant();
    expect(await run(hold(tenantId, 9_000))).toBeUndefined();
    expect(await balanceOf(tenantId, MAIN)).toEqual([10_000, 9_000]);
    expect(await rowsOf(tenantId, MAIN)).toMatchObject([
      {
        status: 'pending',
        amount_minor: -9_000,
        balance_after_minor: null,
        booked_at: null,
        value_date: '2026-11-22',
        type: 'transfer',
        description: 'Payment to Acorn',
        reference: 'INV 7',
        counterparty_name: 'Acorn',
        counterparty_account: '608371-87654321',
      },
    ]);
    expect(await run(transfer(tenantId, moved(MAIN, OTHER, 1_001)))).toBe('accounts_balance_within_limit');
    expect(await run(transfer(tenantId, moved(MAIN, OTHER, 1_000)))).toBeUndefined();
  });

  it('is refused where there is not enough, twice, or without an account', async () => {
    const tenantId = await newTenant();
    expect(await run(hold(tenantId, 10_001))).toBe('accounts_balance_within_limit');
    expect(await run(hold(tenantId, 10))).toBeUndefined();
    expect(await run(hold(tenantId, 10))).toMatch(/^transactions\.tenant_id/);
    expect(await run(hold(newTenantId(), 10))).toBe('transactions.currency');
    expect(await balanceOf(tenantId, MAIN)).toEqual([10_000, 10]);
  });

  it('is released once, and booked in the same batch', async () => {
    const tenantId = await newTenant();
    await run(hold(tenantId, 10_000));
    const book = () => [
      ...releaseHoldStatements(database, key(tenantId)),
      ...transfer(tenantId, moved(MAIN, OTHER, 10_000), NOW + 1, 'jrn_sent'),
    ];
    expect(await run(book())).toBeUndefined();
    expect(await run(book())).toBe('journals.tenant_id, journals.journal_id');
    expect(await balanceOf(tenantId, MAIN)).toEqual([0, 0]);
    expect(await rowsOf(tenantId, MAIN)).toMatchObject([{ status: 'booked', balance_after_minor: 0 }]);
    expect(await run(releaseHoldStatements(database, key(tenantId)))).toBeUndefined();
    expect(await balanceOf(tenantId, MAIN)).toEqual([0, 0]);
  });
});

it('finds every row by a key', async () => {
  const key = { tenantId: 't', accountId: MAIN, holdId: 'h', heldAt: NOW };
  const words = { type: 'transfer', description: 'Payment' } as const;
  const statements = [
    ...transfer('t', moved(MAIN, openingAccount('GBP'), 1)),
    ...holdStatements(database, { ...key, ...words, amountMinor: 1, currency: 'GBP' }),
    ...releaseHoldStatements(database, key),
  ];
  for (const statement of statements) {
    const { sql, params } = statement.prepare().getQuery();
    const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...params)
      .all<{ detail: string }>();
    expect(plan.results.length > 0 || sql.includes('values (')).toBe(true);
    const scans = plan.results
      .map(({ detail }) => detail)
      .filter((detail) => /^SCAN (?!json_each VIRTUAL TABLE|CONSTANT ROW)|TEMP B-TREE/.test(detail));
    expect(scans, sql).toEqual([]);
  }
});

describe('entries', () => {
  it.each([
    ['one entry', [entry(MAIN, 1)]],
    ['a sum above zero', [entry(MAIN, -1), entry(OTHER, 2)]],
    ['nothing moved', [entry(MAIN, 0), entry(OTHER, 0)]],
    ['half a penny', [entry(MAIN, -0.5), entry(OTHER, 0.5)]],
    ['more than can be counted', [entry(MAIN, -(2 ** 53)), entry(OTHER, 2 ** 53)]],
    ['zero over two currencies, neither of which is', [entry(MAIN, -1), entry(OTHER, 1, 'EUR')]],
  ])('refuses %s', (_name, entries) => {
    expect(() => balancedEntries(entries)).toThrow();
  });

  it('knows internal accounts from customers', () => {
    expect(isInternalAccount(openingAccount('EUR'))).toBe(true);
    expect(isInternalAccount(MAIN)).toBe(false);
  });
});
