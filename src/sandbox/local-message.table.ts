/** E-mail of a local sandbox, which is shown instead of sent: a short while, and nowhere else. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const localMessagesTable = sqliteTable(
  'local_messages',
  {
    messageId: text('message_id').primaryKey(),
    recipient: text('recipient').notNull(),
    subject: text('subject').notNull(),
    body: text('body').notNull(),
    sentAt: integer('sent_at').notNull(),
  },
  (table) => [index('local_messages_by_time').on(table.sentAt)],
);
