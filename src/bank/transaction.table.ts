/**
 * Transactions in D1 in the order they are read: by tenant, account, creation, id. Booked rows are the entries of the
 * ledger, immutable by trigger, those of the bank's internal accounts among them. Amounts are signed minor units.
 */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const transactionsTable = sqliteTable('transactions', {
  tenantId: text().notNull(),
  accountId: text().notNull(),
  createdAt: integer().notNull(),
  transactionId: text().notNull(),
  status: text().notNull(),
  /** Minus is money out. */
  amountMinor: integer().notNull(),
  currency: text().notNull(),
  bookedAt: integer(),
  /** `2026-11-22`. */
  valueDate: text().notNull(),
  type: text().notNull(),
  description: text().notNull(),
  reference: text(),
  counterpartyName: text(),
  counterpartyAccount: text(),
  merchantName: text(),
  merchantCategoryCode: text(),
  /** The booked balance after this entry; null while pending, and for internal accounts. */
  balanceAfterMinor: integer(),
  /** The balanced posting it belongs to; null while pending. */
  journalId: text(),
});

export const transactionsIndexes = (table: typeof transactionsTable) => [
  primaryKey({ columns: [table.tenantId, table.accountId, table.createdAt, table.transactionId] }),
];
