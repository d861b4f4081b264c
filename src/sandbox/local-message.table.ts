/** E-mail of a local sandbox, which is shown instead of sent: a short while, and nowhere else. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const localMessagesTable = sqliteTable('local_messages', {
  messageId: text().primaryKey(),
  recipient: text().notNull(),
  subject: text().notNull(),
  body: text().notNull(),
  sentAt: integer().notNull(),
});

export const localMessagesIndexes = (table: typeof localMessagesTable) => [
  index('local_messages_by_time').on(table.sentAt),
];
