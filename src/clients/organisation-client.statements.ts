/** Statements on which clients joined which organisation, for the batches that record who did it. */
import { type SQL, sql } from 'drizzle-orm';
import { organisationClientsTable } from '#clients/organisation-client.table.ts';
import type { Database } from '#edge/database.ts';
import { insertWhere } from '#edge/insert-where.statements.ts';

export interface JoinedClient {
  readonly clientId: string;
  readonly organisationId: string;
}

/** Lets a client join, where `mayJoin` and `condition` hold. */
export function joinClientStatement(
  database: Database,
  joining: JoinedClient & { joinedAt: number; joinedBy: string },
  registrationTokenDigest: string,
  condition: SQL = sql`1`,
) {
  const mayNow = sql`${mayJoin(joining.clientId, registrationTokenDigest)} AND ${condition}`;
  return insertWhere(database, organisationClientsTable, joining, mayNow);
}

/** Lets a client leave the organisation it joined: it is its statement's organisation's again. */
export function leaveClientStatement(
  database: Database,
  { clientId, organisationId }: JoinedClient,
  condition: SQL = sql`1`,
) {
  return database
    .delete(organisationClientsTable)
    .where(sql`client_id = ${clientId} AND organisation_id = ${organisationId} AND ${condition}`);
}

/** That a live client has this registration access token, by its digest, and has joined no organisation. */
export function mayJoin(clientId: string, registrationTokenDigest: string): SQL {
  return sql`EXISTS (SELECT 1 FROM clients WHERE client_id = ${clientId}
      AND registration_token_digest = ${registrationTokenDigest} AND ended_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM organisation_clients WHERE client_id = ${clientId})`;
}

/** That a client has joined this organisation. */
export function hasJoined({ clientId, organisationId }: JoinedClient): SQL {
  return sql`EXISTS (SELECT 1 FROM organisation_clients
    WHERE client_id = ${clientId} AND organisation_id = ${organisationId})`;
}
