/** Tenants in D1: each a closed set of customers and accounts. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const tenantsTable = sqliteTable(
  'tenants',
  {
    tenantId: text('tenant_id').primaryKey(),
    organisationId: text('organisation_id').notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at').notNull(),
  },
  (table) => [index('tenants_by_last_use').on(table.lastUsedAt)],
);
