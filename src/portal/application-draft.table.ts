/** Applications being put together in the dashboard: one each developer and organisation; the next takes its place. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const applicationDraftsTable = sqliteTable(
  'application_drafts',
  {
    organisationId: text('organisation_id').notNull(),
    developerId: text('developer_id').notNull(),
    draftId: text('draft_id').notNull(),
    /** JSON; nothing in it is secret. */
    content: text('content').notNull(),
    /** The client it became. */
    clientId: text('client_id'),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisationId, table.developerId] }),
    index('application_drafts_by_time').on(table.updatedAt),
  ],
);
