/**
 * The request log in D1: one row an API call, the messages they came in, and how much each organisation has. Written by
 * the queue's consumer alone. Instants are epoch milliseconds.
 */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const requestLogTable = sqliteTable(
  'request_log',
  {
    organisationId: text('organisation_id').notNull(),
    atMs: integer('at_ms').notNull(),
    /** Message and place in it. */
    entryId: text('entry_id').notNull(),
    method: text('method').notNull(),
    /** The path's pattern, never the path itself. */
    route: text('route').notNull(),
    status: integer('status').notNull(),
    /** The error's code, if any. */
    code: text('code'),
    durationMs: integer('duration_ms').notNull(),
    requestId: text('request_id').notNull(),
    /** Null for calls by API key. */
    clientId: text('client_id'),
    credential: text('credential').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisationId, table.atMs, table.entryId] }),
    index('request_log_by_request').on(table.organisationId, table.requestId, table.atMs),
  ],
);

/** Messages whose calls are counted: the queue may deliver one several times. */
export const requestMessagesTable = sqliteTable('request_messages', {
  /** Begins with the time it was sent. */
  messageId: text('message_id').primaryKey(),
  /** The attempt that took it: the statements of that attempt's one batch see it by this. */
  takenBy: text('taken_by').notNull(),
});

export const requestLogSizesTable = sqliteTable(
  'request_log_sizes',
  {
    organisationId: text('organisation_id').primaryKey(),
    /** Rows it has in the log. */
    held: integer('held').notNull(),
    /** Not later than its oldest row. */
    oldestMs: integer('oldest_ms').notNull(),
  },
  (table) => [
    index('request_log_sizes_by_size').on(table.held),
    index('request_log_sizes_by_age').on(table.oldestMs),
  ],
);
