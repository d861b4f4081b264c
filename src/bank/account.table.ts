/** Accounts and their holders in D1, every key beginning with the tenant. Amounts are minor units. */
import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const accountsTable = sqliteTable('accounts', {
  tenantId: text().notNull(),
  accountId: text().notNull(),
  status: text().notNull(),
  currency: text().notNull(),
  accountType: text().notNull(),
  nickname: text().notNull(),
  sortCode: text().notNull(),
  accountNumber: text().notNull(),
  iban: text().notNull(),
  bookedMinor: integer().notNull(),
  heldMinor: integer().notNull(),
  overdraftLimitMinor: integer().notNull(),
  withdrawalsRestricted: integer().notNull(),
  joint: integer().notNull(),
});

export const accountsIndexes = (table: typeof accountsTable) => [
  primaryKey({ columns: [table.tenantId, table.accountId] }),
  uniqueIndex('accounts_by_number').on(table.tenantId, table.sortCode, table.accountNumber),
  uniqueIndex('accounts_by_iban').on(table.tenantId, table.iban),
  check('accounts_balance_within_limit', sql`booked_minor - held_minor + overdraft_limit_minor >= 0`),
  check('accounts_held_not_negative', sql`held_minor >= 0`),
  check('accounts_limit_not_negative', sql`overdraft_limit_minor >= 0`),
];

export const accountHoldersTable = sqliteTable('account_holders', {
  tenantId: text().notNull(),
  customerId: text().notNull(),
  accountId: text().notNull(),
});

export const accountHoldersIndexes = (table: typeof accountHoldersTable) => [
  primaryKey({ columns: [table.tenantId, table.customerId, table.accountId] }),
  index('account_holders_by_account').on(table.tenantId, table.accountId),
];
