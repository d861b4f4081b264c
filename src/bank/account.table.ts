/** Accounts and their holders in D1, every key beginning with the tenant. Amounts are minor units. */
import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const accountsTable = sqliteTable(
  'accounts',
  {
    tenantId: text('tenant_id').notNull(),
    accountId: text('account_id').notNull(),
    status: text('status').notNull(),
    currency: text('currency').notNull(),
    accountType: text('account_type').notNull(),
    nickname: text('nickname').notNull(),
    sortCode: text('sort_code').notNull(),
    accountNumber: text('account_number').notNull(),
    iban: text('iban').notNull(),
    bookedMinor: integer('booked_minor').notNull(),
    heldMinor: integer('held_minor').notNull(),
    overdraftLimitMinor: integer('overdraft_limit_minor').notNull(),
    withdrawalsRestricted: integer('withdrawals_restricted').notNull(),
    joint: integer('joint').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.accountId] }),
    uniqueIndex('accounts_by_number').on(table.tenantId, table.sortCode, table.accountNumber),
    uniqueIndex('accounts_by_iban').on(table.tenantId, table.iban),
    check('accounts_balance_within_limit', sql`booked_minor - held_minor + overdraft_limit_minor >= 0`),
    check('accounts_held_not_negative', sql`held_minor >= 0`),
    check('accounts_limit_not_negative', sql`overdraft_limit_minor >= 0`),
  ],
);

export const accountHoldersTable = sqliteTable(
  'account_holders',
  {
    tenantId: text('tenant_id').notNull(),
    customerId: text('customer_id').notNull(),
    accountId: text('account_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.customerId, table.accountId] }),
    index('account_holders_by_account').on(table.tenantId, table.accountId),
  ],
);
