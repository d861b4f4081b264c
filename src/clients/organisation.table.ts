/** Organisations in D1: the pair directory issuer and org_id, with the tenant their sandbox customers live in. */
import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const organisationsTable = sqliteTable(
  'organisations',
  {
    organisationId: text('organisation_id').primaryKey(),
    directoryIssuer: text('directory_issuer').notNull(),
    orgId: text('org_id').notNull(),
    name: text('name').notNull(),
    /** Null until the tenant is seeded. */
    tenantId: text('tenant_id'),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [uniqueIndex('organisations_by_directory').on(table.directoryIssuer, table.orgId)],
);
