/** Statements that write clients, for the batches of registration. */
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { rowOf, sharesCap } from '#clients/client.store.ts';
import { clientsTable } from '#clients/client.table.ts';
import type { Client, LiveClientCap } from '#clients/client.ts';
import type { Registration } from '#clients/statement.ts';
import type { Database, Statement } from '#edge/database.ts';
import { insertWhere } from '#edge/insert-where.statements.ts';

/** A change of a client that is written down by who made it, in the same transaction. */
export interface RecordedChange {
  /** Where it does not hold nothing is recorded and nothing changed. */
  readonly condition: SQL;
  /** `isRecorded` holds once the row stands that says who made the change. */
  readonly changes: (isRecorded: SQL) => readonly Statement[];
}

/** Whether a condition holds, as 1 or 0. */
export function selectHoldsStatement(database: Database, condition: SQL) {
  return database.select({ holds: sql<number>`${condition}` }).from(sql`(SELECT 1)`);
}

/** Records a change and makes it; whether its condition held. */
export type WriteRecorded = (change: RecordedChange) => Promise<boolean>;

/** Inserts a client where the condition holds. Fails when its software statement has a live client: see `isStatementTaken`. */
export function insertClientStatement(database: Database, registration: Registration, condition: SQL) {
  return insertWhere(database, clientsTable, rowOf(registration), condition);
}

/**
 * That a new client has room, once `replacedClientId` has made its own. A condition of the batch that inserts, so that no
 * two registrations take the last place.
 */
export function hasRoom(client: Client, { of, maximum }: LiveClientCap, replacedClientId = ''): SQL {
  return sql`(SELECT count(*) FROM clients WHERE ${sharesCap(client, of)} AND ended_at IS NULL
    AND client_id <> ${replacedClientId}) < ${maximum}`;
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

function ofLiveVersion({ clientId, version }: ClientVersion): SQL {
  return sql`client_id = ${clientId} AND version = ${version} AND ended_at IS NULL`;
}

/** That a client lives in this very version: the condition of what is written beside its next. */
export function isLiveVersion(client: ClientVersion): SQL {
  return sql`EXISTS (SELECT 1 FROM clients WHERE ${ofLiveVersion(client)})`;
}

/** Changes a client from the version named to the next; does nothing where another change came first or it has ended. */
export function changeClientStatement(
  database: Database,
  client: ClientVersion,
  changes: Partial<ReturnType<typeof rowOf>>,
  condition: SQL = sql`1`,
) {
  return database
    .update(clientsTable)
    .set({ ...changes, version: client.version + 1 })
    .where(and(ofLiveVersion(client), condition));
}

/** Puts a changed client in the place of the version before. Fails like `insertClientStatement`. */
export function replaceClientStatement(database: Database, registration: Registration, condition: SQL) {
  const { clientId, version, ...row } = rowOf(registration);
  return changeClientStatement(database, { clientId, version: version - 1 }, row, condition);
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
