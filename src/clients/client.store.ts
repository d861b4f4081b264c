/** Clients read from D1, and the one place that knows how a client lies in its row. */
import { eq, inArray, type SQL, sql } from 'drizzle-orm';
import { clientsTable } from '#clients/client.table.ts';
import type { Client, ClientStatus, LiveClientCap } from '#clients/client.ts';
import type { Registration, Statement } from '#clients/statement.ts';
import type { Database } from '#edge/database.ts';

type ClientRow = typeof clientsTable.$inferSelect;

/** What lies in the JSON column: the client less what has columns of its own, and the statement, which names it. */
type Kept = Omit<Client, keyof ClientRow | 'software' | 'organisationName' | 'softwareName' | 'roles'> & {
  readonly statement: Statement;
};

/** The row of a registration; `endedAt` is the caller's. */
export function rowOf({ client, statement }: Registration): Omit<ClientRow, 'endedAt'> {
  const {
    clientId,
    organisationId,
    software,
    organisationName: _organisation,
    softwareName: _software,
    roles: _roles,
    statementId,
    status,
    version,
    registrationTokenDigest,
    issuedAt,
    ...rest
  } = client;
  const kept: Kept = { ...rest, statement };
  return {
    clientId,
    organisationId,
    ...software,
    statementId,
    status,
    version,
    record: JSON.stringify(kept),
    registrationTokenDigest,
    issuedAt,
  };
}

/** The registration that a row holds. */
export function registrationOf(row: ClientRow): Registration {
  const { record, directoryIssuer, orgId, softwareId, endedAt: _endedAt, ...columns } = row;
  const { statement, ...kept } = JSON.parse(record) as Kept;
  const { organisationName, softwareName, roles } = statement;
  const client: Client = {
    ...kept,
    // JSON has no undefined.
    assertionAlgorithm: kept.assertionAlgorithm,
    ...columns,
    status: row.status as ClientStatus,
    software: { directoryIssuer, orgId, softwareId },
    organisationName,
    softwareName,
    roles,
  };
  return { client, statement };
}

/** What customers know clients by, and their status. */
export async function readClientNames(database: Database, clientIds: readonly string[]) {
  const { clientId, status, record } = clientsTable;
  return await database
    .select({
      clientId,
      status,
      softwareName: sql<string>`json_extract(${record}, '$.statement.softwareName')`,
      organisationName: sql<string>`json_extract(${record}, '$.statement.organisationName')`,
    })
    .from(clientsTable)
    .where(inArray(clientId, sql`(SELECT value FROM json_each(${JSON.stringify(clientIds)}))`));
}

/** A registration in any status, or undefined. */
export async function readRegistration(
  database: Database,
  clientId: string,
): Promise<Registration | undefined> {
  const [row] = await database.select().from(clientsTable).where(eq(clientsTable.clientId, clientId));
  return row === undefined ? undefined : registrationOf(row);
}

/** Whose live clients count towards a cap, as a condition on the clients table; add that they are live. */
export function sharesCap({ software, organisationId }: Client, of: LiveClientCap['of']): SQL {
  const { directoryIssuer, orgId, softwareId } = software;
  return of === 'software'
    ? sql`directory_issuer = ${directoryIssuer} AND org_id = ${orgId} AND software_id = ${softwareId}`
    : sql`organisation_id = ${organisationId}`;
}

export interface LiveClients {
  /** The id of the one live client of the client's software statement. */
  readonly ofStatement: string | undefined;
  /** Those that count towards the cap, that one among them. */
  readonly count: number;
}

/** What stands in the way of a new client. One batch. */
export async function readLiveClients(
  database: Database,
  client: Client,
  of: LiveClientCap['of'],
): Promise<LiveClients> {
  const [[row], [counted]] = await database.batch([
    database
      .select({ clientId: clientsTable.clientId })
      .from(clientsTable)
      .where(
        sql`directory_issuer = ${client.software.directoryIssuer} AND statement_id = ${client.statementId} AND ended_at IS NULL`,
      ),
    database
      .select({ count: sql<number>`count(*)` })
      .from(clientsTable)
      .where(sql`${sharesCap(client, of)} AND ended_at IS NULL`),
  ]);
  return { ofStatement: row?.clientId, count: counted?.count ?? 0 };
}
