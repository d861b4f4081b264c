/** The outbox: what must still be told to another store, written in the same batch as the change itself. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const outboxTable = sqliteTable(
  'outbox',
  {
    id: integer('id').primaryKey(),
    /** Names the handler: `client.changed`, `client.ended`. */
    topic: text('topic').notNull(),
    /** The id of the thing it is about. */
    subject: text('subject').notNull(),
    payload: text('payload').notNull(),
    createdAt: integer('created_at').notNull(),
    /** Epoch seconds from which it may be delivered (again). */
    dueAt: integer('due_at').notNull(),
    attempts: integer('attempts').notNull(),
  },
  (table) => [index('outbox_by_due').on(table.dueAt)],
);
