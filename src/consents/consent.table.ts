/** The projection of consents in D1, for lists: pushed by each consent's object, never read to decide. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const consentsTable = sqliteTable(
  'consents',
  {
    consentId: text('consent_id').primaryKey(),
    consentType: text('consent_type').notNull(),
    clientId: text('client_id').notNull(),
    organisationId: text('organisation_id').notNull(),
    tenantId: text('tenant_id'),
    customerId: text('customer_id'),
    status: text('status').notNull(),
    createdAt: integer('created_at').notNull(),
    statusUpdatedAt: integer('status_updated_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /** The consent object's version; a row never goes back. */
    version: integer('version').notNull(),
    /** The consent as its object holds it, JSON. */
    document: text('document').notNull(),
  },
  (table) => [
    index('consents_by_client').on(table.clientId, table.createdAt, table.consentId),
    index('consents_by_organisation').on(table.organisationId, table.createdAt, table.consentId),
    index('consents_by_customer').on(table.tenantId, table.customerId, table.createdAt),
  ],
);
