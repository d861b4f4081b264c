/**
 * The request log in D1: one row an API call, the messages they came in, and how much each organisation has. Written by
 * the queue's consumer alone. Instants are epoch milliseconds.
 */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const requestLogTable = sqliteTable('request_log', {
  organisationId: text().notNull(),
  atMs: integer().notNull(),
  /** Message and place in it. */
  entryId: text().notNull(),
  method: text().notNull(),
  /** The path's pattern, never the path itself. */
  route: text().notNull(),
  status: integer().notNull(),
  /** The error's code, if any. */
  code: text(),
  durationMs: integer().notNull(),
  requestId: text().notNull(),
  /** Null for calls by API key. */
  clientId: text(),
  credential: text().notNull(),
});

export const requestLogIndexes = (table: typeof requestLogTable) => [
  primaryKey({ columns: [table.organisationId, table.atMs, table.entryId] }),
  index('request_log_by_request').on(table.organisationId, table.requestId, table.atMs),
];

/** Messages whose calls are counted: the queue may deliver one several times. */
export const requestMessagesTable = sqliteTable('request_messages', {
  /** Begins with the time it was sent. */
  messageId: text().primaryKey(),
  /** The attempt that took it: the statements of that attempt's one batch see it by this. */
  takenBy: text().notNull(),
});

export const requestLogSizesTable = sqliteTable('request_log_sizes', {
  organisationId: text().primaryKey(),
  /** Rows it has in the log. */
  held: integer().notNull(),
  /** Not later than its oldest row. */
  oldestMs: integer().notNull(),
});

export const requestLogSizesIndexes = (table: typeof requestLogSizesTable) => [
  index('request_log_sizes_by_size').on(table.held),
  index('request_log_sizes_by_age').on(table.oldestMs),
];
