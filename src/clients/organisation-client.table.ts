/** Clients that joined an organisation of the dashboard: at most one each; without a row a client is its statement's organisation's. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const organisationClientsTable = sqliteTable('organisation_clients', {
  clientId: text().primaryKey(),
  organisationId: text().notNull(),
  joinedAt: integer().notNull(),
  /** The developer who presented the client's registration access token. */
  joinedBy: text().notNull(),
});

export const organisationClientsIndexes = (table: typeof organisationClientsTable) => [
  index('organisation_clients_by_organisation').on(table.organisationId, table.joinedAt),
];
