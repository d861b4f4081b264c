/** The projection of consents in D1, for lists: pushed by each consent's object, never read to decide. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const consentsTable = sqliteTable('consents', {
  consentId: text().primaryKey(),
  consentType: text().notNull(),
  clientId: text().notNull(),
  organisationId: text().notNull(),
  tenantId: text(),
  customerId: text(),
  status: text().notNull(),
  createdAt: integer().notNull(),
  statusUpdatedAt: integer().notNull(),
  expiresAt: integer().notNull(),
  /** The consent object's version; a row never goes back. */
  version: integer().notNull(),
  /** The consent as its object holds it, JSON. */
  document: text().notNull(),
});

export const consentsIndexes = (table: typeof consentsTable) => [
  index('consents_by_client').on(table.clientId, table.createdAt, table.consentId),
  index('consents_by_organisation').on(table.organisationId, table.createdAt, table.consentId),
  index('consents_by_customer').on(table.tenantId, table.customerId, table.createdAt),
];
