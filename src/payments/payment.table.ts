/**
 * Payments in D1. What was paid never changes and no payment is deleted while its tenant exists: triggers refuse it
 * (`payment_immutable`). Only `status`, `status_reason` and `status_updated_at` move. Amounts are minor units.
 */
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const paymentsTable = sqliteTable(
  'payments',
  {
    tenantId: text('tenant_id').notNull(),
    paymentId: text('payment_id').notNull(),
    consentId: text('consent_id').notNull(),
    clientId: text('client_id').notNull(),
    organisationId: text('organisation_id').notNull(),
    customerId: text('customer_id').notNull(),
    paymentType: text('payment_type').notNull(),
    status: text('status').notNull(),
    statusReason: text('status_reason'),
    debtorAccountId: text('debtor_account_id').notNull(),
    /** Of the account that is debited. */
    currency: text('currency').notNull(),
    /** Amount and charges together, as the customer saw it. */
    totalDebitMinor: integer('total_debit_minor').notNull(),
    /** The instruction and its quote, JSON. */
    document: text('document').notNull(),
    uetr: text('uetr'),
    createdAt: integer('created_at').notNull(),
    statusUpdatedAt: integer('status_updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.paymentId] }),
    uniqueIndex('payments_by_id').on(table.paymentId),
    uniqueIndex('payments_one_per_consent').on(table.consentId),
    index('payments_by_client').on(table.clientId, table.createdAt, table.paymentId),
  ],
);
