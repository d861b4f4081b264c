/** Statements that fill a new tenant and that empty an old one, in bulk: a few statements, however many rows. */
import { and, eq, getTableColumns, lt, type SQL, sql } from 'drizzle-orm';
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

type Row = Readonly<Record<string, unknown>>;

/** Inserts rows by the names of their members for a tenant that exists; none, where its own insert did not happen. */
function insertRows(database: Database, table: SQLiteTable, tenantId: string, rows: readonly object[]) {
  const [, ...members] = Object.keys(getTableColumns(table));
  const cells = sql.raw(members.map((_, index) => `value->>${index}`).join());
  const values = (rows as readonly Row[]).map((row) => members.map((member) => row[member]));
  const exists = sql`EXISTS (SELECT 1 FROM ${tenantsTable} WHERE tenant_id = ${tenantId})`;
  return database
    .insert(table)
    .select(sql`SELECT ${tenantId}, ${cells} FROM json_each(${JSON.stringify(values)}) WHERE ${exists}`);
}

/** No chunk of no rows: its insert would be no statement. */
function chunksOf<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS_A_STATEMENT) }, (_, index) =>
    rows.slice(index * ROWS_A_STATEMENT, (index + 1) * ROWS_A_STATEMENT),
  );
}

/** Fills a tenant whose row is there or an earlier statement of the batch inserted; fills nothing where it is not. */
export function fillTenantStatements(database: Database, tenantId: string, content: TenantContent) {
  const tables = [
    [customersTable, content.customers],
    [accountsTable, content.accounts],
    [accountHoldersTable, content.holders],
    [journalsTable, content.journals],
    [transactionsTable, content.transactions],
  ] as const;
  return tables.flatMap(([table, rows]) =>
    chunksOf<object>(rows).map((chunk) => insertRows(database, table, tenantId, chunk)),
  );
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
