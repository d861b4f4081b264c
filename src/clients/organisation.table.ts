/** Organisations in D1: the pair directory issuer and org_id, with the tenant their sandbox customers live in. */
import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const organisationsTable = sqliteTable('organisations', {
  organisationId: text().primaryKey(),
  directoryIssuer: text().notNull(),
  orgId: text().notNull(),
  name: text().notNull(),
  /** Null until the tenant is seeded. */
  tenantId: text(),
  createdAt: integer().notNull(),
});

export const organisationsIndexes = (table: typeof organisationsTable) => [
  uniqueIndex('organisations_by_directory').on(table.directoryIssuer, table.orgId),
];
