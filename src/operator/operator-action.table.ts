/**
 * The audit of operators' commands in D1: rows are added, in one chain, and never changed (triggers refuse it). Each
 * holds the hash of the one before, so that a row changed behind the triggers' back breaks every hash after it.
 */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const operatorActionsTable = sqliteTable(
  'operator_actions',
  {
    /** 1, 2, 3 without a gap (by trigger). */
    sequence: integer('sequence').primaryKey(),
    at: integer('at').notNull(),
    /** Name of the key. */
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    /** JSON; no secrets. */
    detail: text('detail').notNull(),
    source: text('source').notNull(),
    requestId: text('request_id').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [
    index('operator_actions_by_subject').on(table.subject, table.sequence),
    index('operator_actions_by_request').on(table.requestId),
  ],
);
