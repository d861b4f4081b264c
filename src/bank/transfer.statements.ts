/**
 * Statements that move money, for the one batch of a payment or of one of its steps: the journal, the balances, the
 * entries; holds placed and released. The CHECK `accounts_balance_within_limit` aborts the batch where an account has
 * not enough, the key of `journals` where the journal was posted before, `entry_without_account` where an account or its
 * currency is wrong (read which with `violatedConstraint`). Each is bound to one tenant. Amounts are minor units.
 */
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { accountsTable } from '#bank/account.table.ts';
import { journalsTable } from '#bank/journal.table.ts';
import { transactionsTable } from '#bank/transaction.table.ts';
import {
  type BalancedEntries,
  type EntryWords,
  isInternalAccount,
  type JournalKind,
  type LedgerEntry,
} from '#bank/transfer.ts';
import type { Database } from '#edge/database.ts';
import type { Currency } from '#kernel/money.ts';

/** One posting. */
export interface Transfer {
  readonly tenantId: string;
  /** The caller's choice: made from what it posts for, it keeps a step that is delivered twice from posting twice. */
  readonly journalId: string;
  readonly kind: JournalKind;
  readonly paymentId?: string | undefined;
  /** Epoch seconds. */
  readonly now: number;
  readonly entries: BalancedEntries;
}

function changeOf(entries: readonly LedgerEntry[]): number {
  return entries.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** An entry as the statement below takes it: with its place among its account's entries, and what comes after it. */
function toRow(entry: LedgerEntry, index: number, entries: readonly LedgerEntry[]) {
  const ofAccount = ({ accountId }: LedgerEntry) => accountId === entry.accountId;
  return {
    ...entry,
    place: entries.slice(0, index).filter(ofAccount).length,
    later: changeOf(entries.slice(index + 1).filter(ofAccount)),
  };
}

/** The newest row of the account that an entry names, through the primary key. */
function newestRow(tenantId: string): SQL {
  return sql`LEFT JOIN transactions AS newest ON newest.rowid = (
    SELECT rowid FROM transactions WHERE tenant_id = ${tenantId} AND account_id = value->>'accountId'
    ORDER BY created_at DESC, transaction_id DESC LIMIT 1)`;
}

/**
 * Requests do not commit in the order in which they began. An entry is therefore never dated before the newest row of its
 * account, and its id begins with its place in that second: the order of the statement is the order of posting, and
 * running balances add up line by line.
 */
function insertEntries(database: Database, { tenantId, journalId, now, entries }: Transfer) {
  const rows = JSON.stringify(entries.map(toRow));
  return database.insert(transactionsTable).select(sql`
    SELECT ${tenantId}, value->>'accountId', at, 'txn_' || printf('%06d', place) || lower(hex(randomblob(8))), 'booked',
      value->>'amountMinor', value->>'currency', at, date(at, 'unixepoch'), value->>'type', value->>'description',
      value->>'reference', value->>'counterpartyName', value->>'counterpartyAccount', NULL, NULL,
      (SELECT booked_minor FROM accounts WHERE tenant_id = ${tenantId} AND account_id = value->>'accountId')
        - (value->>'later'),
      ${journalId}
    FROM (
      SELECT value, max(${now}, coalesce(newest.created_at, 0)) AS at,
        CASE WHEN newest.created_at >= ${now} THEN CAST(substr(newest.transaction_id, 5, 6) AS INTEGER) + 1 ELSE 0 END
          + (value->>'place') AS place
      FROM json_each(${rows}) ${newestRow(tenantId)}
    )`);
}

/**
 * Posts a journal: its row, the new balances of the customers' accounts, its entries with their running balances. Put
 * them into the batch in this order.
 */
export function transferStatements(database: Database, transfer: Transfer) {
  const { tenantId, journalId, kind, paymentId = null, now, entries } = transfer;
  const customers = [...new Set(entries.map(({ accountId }) => accountId))].filter(
    (accountId) => !isInternalAccount(accountId),
  );
  return [
    database.insert(journalsTable).values({ tenantId, journalId, kind, paymentId, createdAt: now }),
    ...customers.map((accountId) => {
      const change = changeOf(entries.filter((entry) => entry.accountId === accountId));
      return database
        .update(accountsTable)
        .set({ bookedMinor: sql`booked_minor + ${change}` })
        .where(and(eq(accountsTable.tenantId, tenantId), eq(accountsTable.accountId, accountId)));
    }),
    insertEntries(database, transfer),
  ];
}

/** Names a hold: what it is for, and when and where it was placed. */
export interface HoldKey {
  readonly tenantId: string;
  readonly accountId: string;
  /** Unique in the tenant, letters and digits; a payment's own. */
  readonly holdId: string;
  /** Epoch seconds at which it was placed: together with the id it is the key of the pending row. */
  readonly heldAt: number;
}

export interface Hold extends HoldKey, EntryWords {
  /** What is held, above zero. */
  readonly amountMinor: number;
  readonly currency: Currency;
}

/** The id of the pending transaction that shows a hold. It sorts before what is booked in its second. */
function pendingIdOf({ holdId }: HoldKey): string {
  return `txn_000000${holdId}`;
}

/**
 * Holds an amount: what is available falls, the booked balance stays, a pending transaction shows it. The batch aborts
 * where there is not enough (`accounts_balance_within_limit`), where the hold exists (the key of `transactions`), or
 * where the account does not (NOT NULL of `transactions.currency`).
 */
export function holdStatements(database: Database, hold: Hold) {
  const { tenantId, accountId, amountMinor, currency, heldAt } = hold;
  const isAccount = and(eq(accountsTable.tenantId, tenantId), eq(accountsTable.accountId, accountId));
  const ofAccount = database
    .select({ currency: accountsTable.currency })
    .from(accountsTable)
    .where(and(isAccount, eq(accountsTable.currency, currency)));
  return [
    database
      .update(accountsTable)
      .set({ heldMinor: sql`held_minor + ${amountMinor}` })
      .where(isAccount),
    database.insert(transactionsTable).values({
      ...hold,
      createdAt: heldAt,
      transactionId: pendingIdOf(hold),
      status: 'pending',
      amountMinor: -amountMinor,
      currency: sql`(${ofAccount})`,
      valueDate: sql`date(${heldAt}, 'unixepoch')`,
    }),
  ];
}

/**
 * Releases a hold and takes its pending transaction away; does nothing when that happened before. To book what was held,
 * put the statements of the transfer behind these in the same batch.
 */
export function releaseHoldStatements(database: Database, key: HoldKey) {
  const { tenantId, accountId, heldAt } = key;
  const isPending = and(
    eq(transactionsTable.tenantId, tenantId),
    eq(transactionsTable.accountId, accountId),
    eq(transactionsTable.createdAt, heldAt),
    eq(transactionsTable.transactionId, pendingIdOf(key)),
    eq(transactionsTable.status, 'pending'),
  );
  const pending = database
    .select({ amountMinor: transactionsTable.amountMinor })
    .from(transactionsTable)
    .where(isPending);
  return [
    database
      .update(accountsTable)
      // The pending amount is negative.
      .set({ heldMinor: sql`held_minor + coalesce((${pending}), 0)` })
      .where(and(eq(accountsTable.tenantId, tenantId), eq(accountsTable.accountId, accountId))),
    database.delete(transactionsTable).where(isPending),
  ];
}
