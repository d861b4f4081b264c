/** The status history of payments in D1: rows are added, never changed. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const paymentEventsTable = sqliteTable('payment_events', {
  tenantId: text().notNull(),
  paymentId: text().notNull(),
  /** 1 for the first; two writers of the same step meet in this key. */
  sequence: integer().notNull(),
  status: text().notNull(),
  reason: text(),
  at: integer().notNull(),
});

export const paymentEventsIndexes = (table: typeof paymentEventsTable) => [
  primaryKey({ columns: [table.tenantId, table.paymentId, table.sequence] }),
];
