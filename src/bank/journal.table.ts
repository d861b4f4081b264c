/**
 * Journals in D1: each is one balanced posting, whose entries are the booked rows of `transactions` with its id. Triggers
 * keep it from being changed, and from being deleted while its tenant exists.
 */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const journalsTable = sqliteTable('journals', {
  tenantId: text().notNull(),
  journalId: text().notNull(),
  /** `history`, `payment`, `settlement` or `reversal`. */
  kind: text().notNull(),
  paymentId: text(),
  createdAt: integer().notNull(),
});

export const journalsIndexes = (table: typeof journalsTable) => [
  primaryKey({ columns: [table.tenantId, table.journalId] }),
];
