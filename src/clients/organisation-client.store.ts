/** Which organisation clients belong to, read from D1: the one they joined, else their software statement's. */
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { registrationOf } from '#clients/client.store.ts';
import { clientsTable } from '#clients/client.table.ts';
import type { ClientStatus } from '#clients/client.ts';
import { organisationClientsTable } from '#clients/organisation-client.table.ts';
import type { Registration } from '#clients/statement.ts';
import type { Database } from '#edge/database.ts';

/** Live clients a list shows: a bank's own cap is far below. */
const LIVE_MAXIMUM = 500;
/** Ended clients beside them, the newest. */
const ENDED_MAXIMUM = 50;

/** A client as lists of an organisation's clients name it. */
export interface OrganisationClient {
  readonly clientId: string;
  /** The software's name, from its statement. */
  readonly name: string;
  readonly directoryIssuer: string;
  readonly status: ClientStatus;
  /** Epoch seconds; null where it lives, or where it belongs here by its statement. */
  readonly issuedAt: number;
  readonly endedAt: number | null;
  readonly joinedAt: number | null;
}

const COLUMNS = {
  clientId: clientsTable.clientId,
  name: sql<string>`${clientsTable.record} ->> '$.statement.softwareName'`,
  directoryIssuer: clientsTable.directoryIssuer,
  status: sql<ClientStatus>`${clientsTable.status}`,
  issuedAt: clientsTable.issuedAt,
  endedAt: clientsTable.endedAt,
} as const;

/** Clients of the organisation's own statements that no other organisation has. */
function ownClients(database: Database, organisationId: string, state: SQL) {
  const hasNotLeft = sql`NOT EXISTS (SELECT 1 FROM organisation_clients WHERE client_id = clients.client_id)`;
  return database
    .select({ ...COLUMNS, joinedAt: sql<number | null>`NULL` })
    .from(clientsTable)
    .where(and(eq(clientsTable.organisationId, organisationId), state, hasNotLeft));
}

function joinedClients(database: Database, organisationId: string) {
  return database
    .select({ ...COLUMNS, joinedAt: sql<number | null>`${organisationClientsTable.joinedAt}` })
    .from(organisationClientsTable)
    .innerJoin(clientsTable, eq(clientsTable.clientId, organisationClientsTable.clientId))
    .where(eq(organisationClientsTable.organisationId, organisationId))
    .limit(LIVE_MAXIMUM);
}

/** All live ones and the newest that ended; the newest first. One batch. */
export async function readClientsOfOrganisation(
  database: Database,
  organisationId: string,
): Promise<readonly OrganisationClient[]> {
  const [live, ended, joined] = await database.batch([
    // In the order of the index, which is that of insertion: nothing is sorted.
    ownClients(database, organisationId, sql`ended_at IS NULL`)
      .orderBy(sql`${clientsTable}.rowid DESC`)
      .limit(LIVE_MAXIMUM),
    ownClients(database, organisationId, sql`ended_at IS NOT NULL`)
      .orderBy(sql`${clientsTable.issuedAt} DESC`)
      .limit(ENDED_MAXIMUM),
    joinedClients(database, organisationId),
  ]);
  return [...live, ...joined, ...ended].toSorted(
    (a, b) => Number(a.endedAt !== null) - Number(b.endedAt !== null) || b.issuedAt - a.issuedAt,
  );
}

/** The organisation of each client that there is. One read. */
export async function readOwners(
  database: Database,
  clientIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await database
    .select({
      clientId: clientsTable.clientId,
      organisationId: sql<string>`coalesce(${organisationClientsTable.organisationId}, ${clientsTable.organisationId})`,
    })
    .from(clientsTable)
    .leftJoin(organisationClientsTable, eq(organisationClientsTable.clientId, clientsTable.clientId))
    .where(inArray(clientsTable.clientId, sql`(SELECT value FROM json_each(${JSON.stringify(clientIds)}))`));
  return new Map(rows.map(({ clientId, organisationId }) => [clientId, organisationId]));
}

/** A registration with the organisation it belongs to. */
export interface OwnedRegistration {
  readonly registration: Registration;
  readonly organisationId: string;
  /** When it joined that, epoch seconds; null where it belongs to it by its statement. */
  readonly joinedAt: number | null;
}

/** A registration in any status with its organisation, or undefined. One read. */
export async function readOwnedRegistration(
  database: Database,
  clientId: string,
): Promise<OwnedRegistration | undefined> {
  const [row] = await database
    .select({ client: clientsTable, joined: organisationClientsTable })
    .from(clientsTable)
    .leftJoin(organisationClientsTable, eq(organisationClientsTable.clientId, clientsTable.clientId))
    .where(eq(clientsTable.clientId, clientId));
  if (row === undefined) return undefined;
  const registration = registrationOf(row.client);
  return {
    registration,
    organisationId: row.joined?.organisationId ?? registration.client.organisationId,
    joinedAt: row.joined?.joinedAt ?? null,
  };
}
