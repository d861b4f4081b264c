/** Applications being put together in the dashboard: one each developer and organisation; the next takes its place. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const applicationDraftsTable = sqliteTable('application_drafts', {
  organisationId: text().notNull(),
  developerId: text().notNull(),
  draftId: text().notNull(),
  /** JSON; nothing in it is secret. */
  content: text().notNull(),
  /** The client it became. */
  clientId: text(),
  updatedAt: integer().notNull(),
});

export const applicationDraftsIndexes = (table: typeof applicationDraftsTable) => [
  primaryKey({ columns: [table.organisationId, table.developerId] }),
  index('application_drafts_by_time').on(table.updatedAt),
];
