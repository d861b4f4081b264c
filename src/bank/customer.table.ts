/** Customers in D1, every key beginning with the tenant. */
import { integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const customersTable = sqliteTable('customers', {
  tenantId: text().notNull(),
  customerId: text().notNull(),
  username: text().notNull(),
  displayName: text().notNull(),
  passwordDigest: text().notNull(),
  locked: integer().notNull(),
});

export const customersIndexes = (table: typeof customersTable) => [
  primaryKey({ columns: [table.tenantId, table.customerId] }),
  uniqueIndex('customers_by_username').on(table.tenantId, table.username),
];
