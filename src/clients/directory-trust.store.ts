/** Which directories operators took their trust from, read from D1, and how many clients live by a directory. */
import { sql } from 'drizzle-orm';
import { clientsTable } from '#clients/client.table.ts';
import { distrustedDirectoriesTable } from '#clients/distrusted-directory.table.ts';
import type { Database } from '#edge/database.ts';

/** Issuers, each with the epoch seconds of the command. */
export async function readDistrusted(database: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await database.select().from(distrustedDirectoriesTable);
  return new Map(rows.map(({ issuer, distrustedAt }) => [issuer, distrustedAt]));
}

/** Live clients of the directory kept under `key`. */
export async function countLiveClients(database: Database, key: string): Promise<number> {
  const [row] = await database
    .select({ count: sql<number>`count(*)` })
    .from(clientsTable)
    .where(sql`directory_issuer = ${key} AND ended_at IS NULL`);
  return row?.count ?? 0;
}
