/** The status history of payments in D1: rows are added, never changed. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const paymentEventsTable = sqliteTable(
  'payment_events',
  {
    tenantId: text('tenant_id').notNull(),
    paymentId: text('payment_id').notNull(),
    /** 1 for the first; two writers of the same step meet in this key. */
    sequence: integer('sequence').notNull(),
    status: text('status').notNull(),
    reason: text('reason'),
    at: integer('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.paymentId, table.sequence] })],
);
