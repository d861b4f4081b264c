/**
 * Transactions in D1 in the order they are read: by tenant, account, creation, id. Booked rows are the entries of the
 * ledger, immutable by trigger, those of the bank's internal accounts among them. Amounts are signed minor units.
 */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const transactionsTable = sqliteTable(
  'transactions',
  {
    tenantId: text('tenant_id').notNull(),
    accountId: text('account_id').notNull(),
    createdAt: integer('created_at').notNull(),
    transactionId: text('transaction_id').notNull(),
    status: text('status').notNull(),
    /** Minus is money out. */
    amountMinor: integer('amount_minor').notNull(),
    currency: text('currency').notNull(),
    bookedAt: integer('booked_at'),
    /** `2026-11-22`. */
    valueDate: text('value_date').notNull(),
    type: text('type').notNull(),
    description: text('description').notNull(),
    reference: text('reference'),
    counterpartyName: text('counterparty_name'),
    counterpartyAccount: text('counterparty_account'),
    merchantName: text('merchant_name'),
    merchantCategoryCode: text('merchant_category_code'),
    /** The booked balance after this entry; null while pending, and for internal accounts. */
    balanceAfterMinor: integer('balance_after_minor'),
    /** The balanced posting it belongs to; null while pending. */
    journalId: text('journal_id'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.accountId, table.createdAt, table.transactionId] }),
  ],
);
