/** Customers in D1, every key beginning with the tenant. */
import { integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const customersTable = sqliteTable(
  'customers',
  {
    tenantId: text('tenant_id').notNull(),
    customerId: text('customer_id').notNull(),
    username: text('username').notNull(),
    displayName: text('display_name').notNull(),
    passwordDigest: text('password_digest').notNull(),
    locked: integer('locked').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.customerId] }),
    uniqueIndex('customers_by_username').on(table.tenantId, table.username),
  ],
);
