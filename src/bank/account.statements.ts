/**
 * Reads of accounts and their transactions as prepared statements, for the batches of account information. Their text is
 * made once: these are the busiest statements of the bank. Each is bound to one tenant.
 */
import { getTableColumns } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { type AccountRow, toAccount } from '#bank/account.store.ts';
import { accountsTable } from '#bank/account.table.ts';
import type { Account } from '#bank/account.ts';
import { transactionsTable } from '#bank/transaction.table.ts';
import type { Transaction } from '#bank/transaction.ts';
import type { Database } from '#edge/database.ts';
import type { CursorPosition } from '#kernel/cursor.ts';

/** What can be spent of a row of accounts: `availableMinor` (account.ts) as SQL. */
export const AVAILABLE_MINOR_SQL = '(booked_minor - held_minor + overdraft_limit_minor)';

/** The columns of a table, each by the name of its member: rows come as Drizzle would read them. */
function columnsOf(table: SQLiteTable): string {
  return Object.keys(getTableColumns(table))
    .map((member) => `${member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)} AS ${member}`)
    .join();
}

/** By account id, which is the order of the primary key. */
export const ACCOUNTS_SQL = `SELECT ${columnsOf(accountsTable)} FROM accounts
  WHERE tenant_id = ?1 AND account_id IN (SELECT value FROM json_each(?2)) AND status = 'enabled'
  ORDER BY account_id`;

function stretchSql(beyond: '<' | '>', within: '>=' | '<=', order: 'DESC' | 'ASC'): string {
  return `SELECT ${columnsOf(transactionsTable)} FROM transactions
    WHERE tenant_id = ?1 AND account_id = ?2 AND (created_at, transaction_id) ${beyond} (?3, ?4) AND created_at ${within} ?5
    ORDER BY created_at ${order}, transaction_id ${order} LIMIT ?6`;
}

const OLDER_TRANSACTIONS_SQL = stretchSql('<', '>=', 'DESC');
const NEWER_TRANSACTIONS_SQL = stretchSql('>', '<=', 'ASC');

/** The enabled accounts of these ids that the tenant has, in the order of their ids. */
export function accountsStatement(
  database: Database,
  tenantId: string,
  accountIds: readonly string[],
): D1PreparedStatement {
  return database.$client.prepare(ACCOUNTS_SQL).bind(tenantId, JSON.stringify(accountIds));
}

/** What `accountsStatement` found. */
export function readAccountRows(result: D1Result): Account[] {
  return (result.results as AccountRow[]).map(toAccount);
}

/** A stretch of one account's transactions; bounds are epoch seconds, both included. */
export interface TransactionStretch {
  readonly accountId: string;
  readonly from: number;
  readonly to: number;
  /** Begins behind this transaction, going older (`next`) or newer; without it, at the newest. */
  readonly position: CursorPosition | undefined;
  readonly maximum: number;
}

/** The transactions of a stretch, from its beginning on. Reads `maximum` rows, however many there are. */
export function transactionsStatement(
  database: Database,
  tenantId: string,
  { accountId, from, to, position, maximum }: TransactionStretch,
): D1PreparedStatement {
  // A position beyond the bounds is moved to the bound: no id sorts before the empty one.
  if (position?.direction === 'prev') {
    const [createdAt, id] = position.createdAt < from ? [from, ''] : [position.createdAt, position.id];
    return database.$client
      .prepare(NEWER_TRANSACTIONS_SQL)
      .bind(tenantId, accountId, createdAt, id, to, maximum);
  }
  const beyond = position === undefined || position.createdAt > to;
  const [createdAt, id] = beyond ? [to + 1, ''] : [position.createdAt, position.id];
  return database.$client
    .prepare(OLDER_TRANSACTIONS_SQL)
    .bind(tenantId, accountId, createdAt, id, from, maximum);
}

/** What `transactionsStatement` found, in its order. */
export function readTransactionRows(result: D1Result): Transaction[] {
  return result.results as Transaction[];
}
