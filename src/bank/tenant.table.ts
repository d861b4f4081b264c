/** Tenants in D1: each a closed set of customers and accounts. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const tenantsTable = sqliteTable('tenants', {
  tenantId: text().primaryKey(),
  organisationId: text().notNull(),
  createdAt: integer().notNull(),
  lastUsedAt: integer().notNull(),
});

export const tenantsIndexes = (table: typeof tenantsTable) => [
  index('tenants_by_last_use').on(table.lastUsedAt),
];
