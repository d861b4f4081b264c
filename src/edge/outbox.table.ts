/** The outbox: what must still be told to another store, written in the same batch as the change itself. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const outboxTable = sqliteTable('outbox', {
  id: integer().primaryKey(),
  /** Names the handler: `client.changed`, `client.ended`. */
  topic: text().notNull(),
  /** The id of the thing it is about. */
  subject: text().notNull(),
  payload: text().notNull(),
  createdAt: integer().notNull(),
  /** Epoch seconds from which it may be delivered (again). */
  dueAt: integer().notNull(),
  attempts: integer().notNull(),
});

export const outboxIndexes = (table: typeof outboxTable) => [index('outbox_by_due').on(table.dueAt)];
