/** Statements that write clients, for the batches of registration. */
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { rowOf, sharesCap } from '#clients/client.store.ts';
import { clientsTable } from '#clients/client.table.ts';
import type { Client, ClientStatus, LiveClientCap } from '#clients/client.ts';
import type { Registration } from '#clients/statement.ts';
import type { Database, Statement } from '#edge/database.ts';

/** A change of a client that is written down by who made it, in the same transaction. */
export interface RecordedChange {
  /** Where it does not hold nothing is recorded and nothing changed. */
  readonly condition: SQL;
  /** `isRecorded` holds once the row stands that says who made the change. */
  readonly changes: (isRecorded: SQL) => readonly Statement[];
}

/** Records a change and makes it; whether its condition held. */
export type WriteRecorded = (change: RecordedChange) => Promise<boolean>;

/**
 * Inserts a client while its software or organisation has room; `changes` of the result is 0 when it has none. Fails
 * when the software statement has another live client: see `isStatementTaken`.
 */
export function insertClientStatement(
  database: Database,
  registration: Registration,
  { of, maximum }: LiveClientCap,
  condition: SQL = sql`1`,
) {
  const row = rowOf(registration);
  // Counted in the statement that inserts, so that no two registrations take the last place.
  return database.insert(clientsTable).select(sql`
    SELECT ${row.clientId}, ${row.organisationId}, ${row.directoryIssuer}, ${row.orgId}, ${row.softwareId},
      ${row.statementId}, ${row.status}, ${row.version}, ${row.record}, ${row.registrationTokenDigest},
      ${row.issuedAt}, NULL
    WHERE (SELECT count(*) FROM clients WHERE ${sharesCap(registration.client, of)} AND ended_at IS NULL)
      < ${maximum} AND ${condition}`);
}

/** That a new client has room, once `replacedClientId` has made its own. */
export function hasRoom(client: Client, { of, maximum }: LiveClientCap, replacedClientId = ''): SQL {
  return sql`(SELECT count(*) FROM clients WHERE ${sharesCap(client, of)} AND ended_at IS NULL
    AND client_id <> ${replacedClientId}) < ${maximum}`;
}

/**
 * Puts a changed client in the place of the version before; `changes` is 0 when another change came first or it has
 * ended. Fails like `insertClientStatement`.
 */
export function replaceClientStatement(
  database: Database,
  registration: Registration,
  condition: SQL = sql`1`,
) {
  const { clientId, version, ...row } = rowOf(registration);
  return database
    .update(clientsTable)
    .set({ ...row, version })
    .where(
      and(
        eq(clientsTable.clientId, clientId),
        eq(clientsTable.version, version - 1),
        isNull(clientsTable.endedAt),
        condition,
      ),
    );
}

/** Ends a client; one that has ended stays as it is. */
export function endClientStatement(
  database: Database,
  clientId: string,
  now: number,
  condition: SQL = sql`1`,
) {
  return database
    .update(clientsTable)
    .set({ status: 'ended', endedAt: now, version: sql`version + 1` })
    .where(and(eq(clientsTable.clientId, clientId), isNull(clientsTable.endedAt), condition));
}

/** One version of a client's record. */
export interface ClientVersion {
  readonly clientId: string;
  readonly version: number;
}

/** That a client lives in this very version: the condition of what is written beside its next. */
export function isLiveVersion({ clientId, version }: ClientVersion): SQL {
  return sql`EXISTS (SELECT 1 FROM clients WHERE client_id = ${clientId} AND version = ${version} AND ended_at IS NULL)`;
}

/** Suspends a client or takes it up again, from the version named; does nothing where another change came first. */
export function changeStatusStatement(
  database: Database,
  { clientId, version }: ClientVersion,
  status: Exclude<ClientStatus, 'ended'>,
) {
  return database
    .update(clientsTable)
    .set({ status, version: version + 1 })
    .where(
      and(
        eq(clientsTable.clientId, clientId),
        eq(clientsTable.version, version),
        isNull(clientsTable.endedAt),
      ),
    );
}

/** Gives a client another registration access token, from the version named; does nothing where another change came first. */
export function changeRegistrationTokenStatement(
  database: Database,
  { clientId, version }: ClientVersion,
  registrationTokenDigest: string,
  condition: SQL,
) {
  return (
    database
      .update(clientsTable)
      // A new version, so that a change read with the old token cannot put the old digest back.
      .set({ registrationTokenDigest, version: version + 1 })
      .where(
        and(
          eq(clientsTable.clientId, clientId),
          eq(clientsTable.version, version),
          isNull(clientsTable.endedAt),
          condition,
        ),
      )
  );
}

/** Whether a batch failed because its software statement has a live client already. */
export function isStatementTaken(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (/UNIQUE constraint failed: clients\.directory_issuer, clients\.statement_id/.test(current.message)) {
      return true;
    }
  }
  return false;
}
