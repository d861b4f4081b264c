/** Statements that take and give back a directory's trust, for the batch that also audits it. */
import { eq, type SQL, sql } from 'drizzle-orm';
import { distrustedDirectoriesTable } from '#clients/distrusted-directory.table.ts';
import type { Database } from '#edge/database.ts';

/** That a directory is distrusted now, or is not: the condition of changing it. */
export function isDistrustedNow(issuer: string, wanted: boolean): SQL {
  const row = sql`EXISTS (SELECT 1 FROM distrusted_directories WHERE issuer = ${issuer})`;
  return wanted ? row : sql`NOT ${row}`;
}

export function distrustStatement(database: Database, issuer: string, now: number) {
  return database
    .insert(distrustedDirectoriesTable)
    .values({ issuer, distrustedAt: now })
    .onConflictDoNothing();
}

export function trustStatement(database: Database, issuer: string) {
  return database.delete(distrustedDirectoriesTable).where(eq(distrustedDirectoriesTable.issuer, issuer));
}
