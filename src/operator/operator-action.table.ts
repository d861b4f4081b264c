/**
 * The audit of operators' commands in D1: rows are added, in one chain, and never changed (triggers refuse it). Each
 * holds the hash of the one before, so that a row changed behind the triggers' back breaks every hash after it.
 */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const operatorActionsTable = sqliteTable('operator_actions', {
  /** 1, 2, 3 without a gap (by trigger). */
  sequence: integer().primaryKey(),
  at: integer().notNull(),
  /** Name of the key. */
  actor: text().notNull(),
  action: text().notNull(),
  subject: text().notNull(),
  /** JSON; no secrets. */
  detail: text().notNull(),
  source: text().notNull(),
  requestId: text().notNull(),
  previousHash: text().notNull(),
  hash: text().notNull(),
});

export const operatorActionsIndexes = (table: typeof operatorActionsTable) => [
  index('operator_actions_by_subject').on(table.subject, table.sequence),
  index('operator_actions_by_request').on(table.requestId),
];
