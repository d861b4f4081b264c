/** Clients in D1: one row a client, its whole record as JSON beside the columns that are asked for. */
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const clientsTable = sqliteTable(
  'clients',
  {
    clientId: text('client_id').primaryKey(),
    organisationId: text('organisation_id').notNull(),
    directoryIssuer: text('directory_issuer').notNull(),
    orgId: text('org_id').notNull(),
    softwareId: text('software_id').notNull(),
    /** `jti` of the software statement in force. */
    statementId: text('statement_id').notNull(),
    status: text('status').notNull(),
    version: integer('version').notNull(),
    /** The rest of the client, JSON. */
    record: text('record').notNull(),
    registrationTokenDigest: text('registration_token_digest').notNull(),
    issuedAt: integer('issued_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [
    uniqueIndex('clients_one_live_per_statement')
      .on(table.directoryIssuer, table.statementId)
      .where(sql`ended_at IS NULL`),
    index('clients_live_by_software')
      .on(table.directoryIssuer, table.orgId, table.softwareId)
      .where(sql`ended_at IS NULL`),
    index('clients_live_by_organisation').on(table.organisationId).where(sql`ended_at IS NULL`),
    index('clients_by_organisation').on(table.organisationId, table.issuedAt),
  ],
);
