/** Statements of an import: what is there of what it names, and what it adds. Each is bound to one tenant. */
import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import { accountHoldersTable, accountsTable } from '#bank/account.table.ts';
import { customersTable } from '#bank/customer.table.ts';
import { fillTenantStatements } from '#bank/open-tenant.statements.ts';
import { tenantsTable } from '#bank/tenant.table.ts';
import type { TenantContent } from '#bank/tenant-content.ts';
import { transactionsTable } from '#bank/transaction.table.ts';
import type { Database } from '#edge/database.ts';

/** Of which the bank is asked what it has. */
export interface ImportNames {
  readonly customerIds: readonly string[];
  readonly usernames: readonly string[];
  readonly accountIds: readonly string[];
  readonly ibans: readonly string[];
  /** `608371-12345678`. */
  readonly numbers: readonly string[];
  readonly journalIds: readonly string[];
}

/** One bound parameter however many values: D1 takes 100. */
function listOf(values: readonly string[]): SQL {
  return sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
}

/** Reads customers, accounts, holders and opening entries of the names, in this order. */
export function importContextStatements(database: Database, tenantId: string, names: ImportNames) {
  const { customerId, username } = customersTable;
  const { accountId, currency, accountType, sortCode, accountNumber, iban } = accountsTable;
  return [
    database
      .select({ customerId, username })
      .from(customersTable)
      .where(
        and(
          eq(customersTable.tenantId, tenantId),
          or(inArray(customerId, listOf(names.customerIds)), inArray(username, listOf(names.usernames))),
        ),
      ),
    database
      .select({ accountId, currency, accountType, sortCode, accountNumber, iban })
      .from(accountsTable)
      .where(
        and(
          eq(accountsTable.tenantId, tenantId),
          or(
            inArray(accountId, listOf(names.accountIds)),
            inArray(iban, listOf(names.ibans)),
            sql`(${sortCode}, ${accountNumber}) IN (SELECT substr(value, 1, 6), substr(value, 8)
              FROM json_each(${JSON.stringify(names.numbers)}))`,
          ),
        ),
      ),
    database
      .select({ customerId: accountHoldersTable.customerId, accountId: accountHoldersTable.accountId })
      .from(accountHoldersTable)
      .where(
        and(
          eq(accountHoldersTable.tenantId, tenantId),
          inArray(accountHoldersTable.accountId, listOf(names.accountIds)),
        ),
      ),
    database
      .select({ accountId: transactionsTable.accountId, amountMinor: transactionsTable.amountMinor })
      .from(transactionsTable)
      .where(
        and(
          eq(transactionsTable.tenantId, tenantId),
          inArray(transactionsTable.accountId, listOf(names.accountIds)),
          inArray(transactionsTable.journalId, listOf(names.journalIds)),
        ),
      ),
  ] as const;
}

/** Makes the tenant's row where it is not there, fills in the content, and marks accounts that have several holders now. */
export function importStatements(
  database: Database,
  tenant: { readonly tenantId: string; readonly organisationId: string; readonly now: number },
  content: TenantContent,
  heldAccountIds: readonly string[],
) {
  const { tenantId, organisationId, now } = tenant;
  const holders = sql`(SELECT count(*) FROM account_holders WHERE tenant_id = ${tenantId} AND account_id = accounts.account_id)`;
  return [
    database
      .insert(tenantsTable)
      .values({ tenantId, organisationId, createdAt: now, lastUsedAt: now })
      .onConflictDoNothing(),
    ...fillTenantStatements(database, tenantId, content),
    database
      .update(accountsTable)
      .set({ joint: sql`${holders} > 1` })
      .where(
        and(eq(accountsTable.tenantId, tenantId), inArray(accountsTable.accountId, listOf(heldAccountIds))),
      ),
  ];
}
