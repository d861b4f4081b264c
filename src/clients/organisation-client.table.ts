/** Clients that joined an organisation of the dashboard: at most one each; without a row a client is its statement's organisation's. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const organisationClientsTable = sqliteTable(
  'organisation_clients',
  {
    clientId: text('client_id').primaryKey(),
    organisationId: text('organisation_id').notNull(),
    joinedAt: integer('joined_at').notNull(),
    /** The developer who presented the client's registration access token. */
    joinedBy: text('joined_by').notNull(),
  },
  (table) => [index('organisation_clients_by_organisation').on(table.organisationId, table.joinedAt)],
);
