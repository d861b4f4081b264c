/** Statements that fill a new tenant and that empty an old one, in bulk: a few statements, however many rows. */
import { and, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { accountHoldersTable, accountsTable } from '#bank/account.table.ts';
import { customersTable } from '#bank/customer.table.ts';
import { journalsTable } from '#bank/journal.table.ts';
import { tenantsTable } from '#bank/tenant.table.ts';
import type { TenantContent } from '#bank/tenant-content.ts';
import { transactionsTable } from '#bank/transaction.table.ts';
import type { Database } from '#edge/database.ts';

/** Rows a parameter carries: D1 takes 2 MB a value, and a transaction is some 350 bytes. */
const ROWS_A_STATEMENT = 3_000;

type Cell = string | number | null;

/** Inserts rows, in the order of the table's columns, for a tenant that exists; none, where its own insert did not happen. */
function insertRows<T extends SQLiteTable>(
  database: Database,
  table: T,
  tenantId: string,
  rows: readonly Cell[][],
) {
  const width = rows[0]?.length ?? 0;
  const cells = sql.raw(Array.from({ length: width }, (_, index) => `value->>${index}`).join(', '));
  const exists = sql`EXISTS (SELECT 1 FROM ${tenantsTable} WHERE tenant_id = ${tenantId})`;
  return database
    .insert(table)
    .select(sql`SELECT ${tenantId}, ${cells} FROM json_each(${JSON.stringify(rows)}) WHERE ${exists}`);
}

function chunksOf<T>(rows: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}

/** Fills a tenant whose row is there or an earlier statement of the batch inserted; fills nothing where it is not. */
export function fillTenantStatements(database: Database, tenantId: string, content: TenantContent) {
  const customers = content.customers.map((row) => [
    row.customerId,
    row.username,
    row.displayName,
    row.passwordDigest,
    Number(row.locked),
  ]);
  const accounts = content.accounts.map((row) => [
    row.accountId,
    row.status,
    row.currency,
    row.accountType,
    row.nickname,
    row.sortCode,
    row.accountNumber,
    row.iban,
    row.bookedMinor,
    row.heldMinor,
    row.overdraftLimitMinor,
    Number(row.withdrawalsRestricted),
    Number(row.joint),
  ]);
  const holders = content.holders.map((row) => [row.customerId, row.accountId]);
  const journals = content.journals.map((row) => [row.journalId, row.kind, null, row.createdAt]);
  const transactions = content.transactions.map((row) => [
    row.accountId,
    row.createdAt,
    row.transactionId,
    row.status,
    row.amountMinor,
    row.currency,
    row.bookedAt,
    row.valueDate,
    row.type,
    row.description,
    row.reference,
    row.counterpartyName,
    row.counterpartyAccount,
    row.merchantName,
    row.merchantCategoryCode,
    row.balanceAfterMinor,
    row.journalId,
  ]);
  // An insert of no rows would be no statement.
  const some = (rows: readonly Cell[][]) => (rows.length > 0 ? [rows] : []);
  return [
    ...some(customers).map((rows) => insertRows(database, customersTable, tenantId, rows)),
    ...some(accounts).map((rows) => insertRows(database, accountsTable, tenantId, rows)),
    ...some(holders).map((rows) => insertRows(database, accountHoldersTable, tenantId, rows)),
    ...some(journals).map((rows) => insertRows(database, journalsTable, tenantId, rows)),
    ...chunksOf(transactions, ROWS_A_STATEMENT).map((chunk) =>
      insertRows(database, transactionsTable, tenantId, chunk),
    ),
  ];
}

/** That a tenant is there no more: the condition on which rooms delete what they keep of it. */
export function isRemoved(tenantId: string): SQL {
  return sql`NOT EXISTS (SELECT 1 FROM ${tenantsTable} WHERE tenant_id = ${tenantId})`;
}

/**
 * Removes a tenant, if nobody has used it since `unusedSince`, and then what it held; else does nothing. Its row goes first:
 * while that is there the triggers keep every entry.
 */
export function removeTenantStatements(database: Database, tenantId: string, unusedSince: number) {
  const tables = [transactionsTable, journalsTable, accountHoldersTable, accountsTable, customersTable];
  return [
    database
      .delete(tenantsTable)
      .where(and(eq(tenantsTable.tenantId, tenantId), lt(tenantsTable.lastUsedAt, unusedSince))),
    ...tables.map((table) =>
      database.delete(table).where(and(eq(table.tenantId, tenantId), isRemoved(tenantId))),
    ),
  ];
}
