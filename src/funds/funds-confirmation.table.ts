/** Each confirmation of funds in D1, kept for the customer. Amounts are minor units. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const fundsConfirmationsTable = sqliteTable(
  'funds_confirmations',
  {
    tenantId: text('tenant_id').notNull(),
    consentId: text('consent_id').notNull(),
    createdAt: integer('created_at').notNull(),
    fundsConfirmationId: text('funds_confirmation_id').notNull(),
    reference: text('reference').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    currency: text('currency').notNull(),
    /** 1 for yes. */
    fundsAvailable: integer('funds_available').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.tenantId, table.consentId, table.createdAt, table.fundsConfirmationId],
    }),
  ],
);
