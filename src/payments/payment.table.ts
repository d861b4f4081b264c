/**
 * Payments in D1. What was paid never changes and no payment is deleted while its tenant exists: triggers refuse it
 * (`payment_immutable`). Only `status`, `status_reason` and `status_updated_at` move. Amounts are minor units.
 */
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const paymentsTable = sqliteTable('payments', {
  tenantId: text().notNull(),
  paymentId: text().notNull(),
  consentId: text().notNull(),
  clientId: text().notNull(),
  organisationId: text().notNull(),
  customerId: text().notNull(),
  paymentType: text().notNull(),
  status: text().notNull(),
  statusReason: text(),
  debtorAccountId: text().notNull(),
  /** Of the account that is debited. */
  currency: text().notNull(),
  /** Amount and charges together, as the customer saw it. */
  totalDebitMinor: integer().notNull(),
  /** The instruction and its quote, JSON. */
  document: text().notNull(),
  uetr: text(),
  createdAt: integer().notNull(),
  statusUpdatedAt: integer().notNull(),
});

export const paymentsIndexes = (table: typeof paymentsTable) => [
  primaryKey({ columns: [table.tenantId, table.paymentId] }),
  uniqueIndex('payments_by_id').on(table.paymentId),
  uniqueIndex('payments_one_per_consent').on(table.consentId),
  index('payments_by_client').on(table.clientId, table.createdAt, table.paymentId),
];
