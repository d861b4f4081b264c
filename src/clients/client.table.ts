/** Clients in D1: one row a client, its whole record as JSON beside the columns that are asked for. */
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const clientsTable = sqliteTable('clients', {
  clientId: text().primaryKey(),
  organisationId: text().notNull(),
  directoryIssuer: text().notNull(),
  orgId: text().notNull(),
  softwareId: text().notNull(),
  /** `jti` of the software statement in force. */
  statementId: text().notNull(),
  status: text().notNull(),
  version: integer().notNull(),
  /** The rest of the client, JSON. */
  record: text().notNull(),
  registrationTokenDigest: text().notNull(),
  issuedAt: integer().notNull(),
  endedAt: integer(),
});

export const clientsIndexes = (table: typeof clientsTable) => [
  uniqueIndex('clients_one_live_per_statement')
    .on(table.directoryIssuer, table.statementId)
    .where(sql`ended_at IS NULL`),
  index('clients_live_by_software')
    .on(table.directoryIssuer, table.orgId, table.softwareId)
    .where(sql`ended_at IS NULL`),
  index('clients_live_by_organisation').on(table.organisationId).where(sql`ended_at IS NULL`),
  index('clients_by_organisation').on(table.organisationId, table.issuedAt),
];
