/** Each confirmation of funds in D1, kept for the customer. Amounts are minor units. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const fundsConfirmationsTable = sqliteTable('funds_confirmations', {
  tenantId: text().notNull(),
  consentId: text().notNull(),
  createdAt: integer().notNull(),
  fundsConfirmationId: text().notNull(),
  reference: text().notNull(),
  amountMinor: integer().notNull(),
  currency: text().notNull(),
  /** 1 for yes. */
  fundsAvailable: integer().notNull(),
});

export const fundsConfirmationsIndexes = (table: typeof fundsConfirmationsTable) => [
  primaryKey({
    columns: [table.tenantId, table.consentId, table.createdAt, table.fundsConfirmationId],
  }),
];
