/** Who belongs to which organisation, in which role. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const membershipsTable = sqliteTable('memberships', {
  organisationId: text().notNull(),
  developerId: text().notNull(),
  /** A word of `MEMBER_ROLES`. */
  role: text().notNull(),
  createdAt: integer().notNull(),
});

export const membershipsIndexes = (table: typeof membershipsTable) => [
  primaryKey({ columns: [table.organisationId, table.developerId] }),
  index('memberships_by_developer').on(table.developerId, table.createdAt),
];
