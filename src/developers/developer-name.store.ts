/** Developers' names in D1. */
import { inArray, sql } from 'drizzle-orm';
import { developersTable } from '#developers/developer.table.ts';
import type { Database } from '#edge/database.ts';

export async function readDeveloperNames(
  database: Database,
  developerIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { developerId, name } = developersTable;
  const rows = await database
    .select({ developerId, name })
    .from(developersTable)
    .where(inArray(developerId, sql`(SELECT value FROM json_each(${JSON.stringify(developerIds)}))`));
  return new Map(rows.map((row) => [row.developerId, row.name]));
}
