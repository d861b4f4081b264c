/** Who belongs to which organisation, in which role. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const membershipsTable = sqliteTable(
  'memberships',
  {
    organisationId: text('organisation_id').notNull(),
    developerId: text('developer_id').notNull(),
    /** A word of `MEMBER_ROLES`. */
    role: text('role').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisationId, table.developerId] }),
    index('memberships_by_developer').on(table.developerId, table.createdAt),
  ],
);
