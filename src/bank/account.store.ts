/** Reads of accounts in D1. */

import { and, asc, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import { accountHoldersTable, accountsTable } from '#bank/account.table.ts';
import type { Account, AccountStatus, AccountType } from '#bank/account.ts';
import type { Database } from '#edge/database.ts';
import type { Currency } from '#kernel/money.ts';

export type AccountRow = typeof accountsTable.$inferSelect;

/** A row as the bank reads it. */
export function toAccount(row: AccountRow): Account {
  return {
    ...row,
    status: row.status as AccountStatus,
    currency: row.currency as Currency,
    accountType: row.accountType as AccountType,
    withdrawalsRestricted: row.withdrawalsRestricted === 1,
    joint: row.joint === 1,
  };
}

/** All accounts a customer holds, by account id. */
export async function selectAccountsOfCustomer(
  database: Database,
  tenantId: string,
  customerId: string,
): Promise<Account[]> {
  const rows = await database
    .select(getTableColumns(accountsTable))
    .from(accountHoldersTable)
    .innerJoin(
      accountsTable,
      and(
        eq(accountsTable.tenantId, accountHoldersTable.tenantId),
        eq(accountsTable.accountId, accountHoldersTable.accountId),
      ),
    )
    .where(and(eq(accountHoldersTable.tenantId, tenantId), eq(accountHoldersTable.customerId, customerId)))
    .orderBy(asc(accountHoldersTable.accountId));
  return rows.map(toAccount);
}

/** The accounts of these ids that the tenant has, by account id. */
export async function selectAccounts(
  database: Database,
  tenantId: string,
  accountIds: readonly string[],
): Promise<Account[]> {
  const rows = await database
    .select()
    .from(accountsTable)
    .where(
      and(
        eq(accountsTable.tenantId, tenantId),
        inArray(accountsTable.accountId, sql`(SELECT value FROM json_each(${JSON.stringify(accountIds)}))`),
      ),
    )
    .orderBy(asc(accountsTable.accountId));
  return rows.map(toAccount);
}
