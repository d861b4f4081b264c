/**
 * Which clients may ask again, without the customer, who that is: one row a customer and client, whose grants are objects.
 * Times are epoch seconds.
 */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const identityGrantsTable = sqliteTable('identity_grants', {
  tenantId: text().notNull(),
  customerId: text().notNull(),
  clientId: text().notNull(),
  /** Since when: the first grant of those that still count. */
  givenAt: integer().notNull(),
  /** When the last of them ends by itself. */
  expiresAt: integer().notNull(),
  /** When the customer stopped it: no grant given then or before counts any more. */
  stoppedAt: integer(),
});

export const identityGrantsIndexes = (table: typeof identityGrantsTable) => [
  primaryKey({ columns: [table.tenantId, table.customerId, table.clientId] }),
  index('identity_grants_by_end').on(table.expiresAt),
];
