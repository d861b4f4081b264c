/** The audit logs in D1: a log's end, and the one batch that adds to it. */
import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { AuditRow } from '#developers/audit.ts';
import { developerDeedsTable } from '#developers/developer-deed.table.ts';
import type { Database, Statement } from '#edge/database.ts';
import { type ChainEnd, EMPTY_CHAIN } from '#kernel/chain.ts';

const { organisationId, sequence, hash } = developerDeedsTable;

export async function readAuditEnd(database: Database, organisation: string): Promise<ChainEnd> {
  const [row] = await database
    .select({ sequence, hash })
    .from(developerDeedsTable)
    .where(eq(organisationId, organisation))
    .orderBy(desc(sequence))
    .limit(1);
  return row ?? EMPTY_CHAIN;
}

function selectHash(database: Database, row: AuditRow) {
  return database
    .select({ hash })
    .from(developerDeedsTable)
    .where(and(eq(organisationId, row.organisationId), eq(sequence, row.sequence)));
}

/** Whether exactly this row is in the log. */
export async function holdsDeed(database: Database, row: AuditRow): Promise<boolean> {
  const [found] = await selectHash(database, row);
  return found?.hash === row.hash;
}

export interface DeedParts {
  /** The row is written only where this holds. */
  readonly condition?: SQL;
  /**
   * What is changed in the same transaction. As a function it is given a condition of its own, that the row was written;
   * as a list each is under the condition too, or harmless without it.
   */
  readonly changes?: readonly Statement[] | ((isRecorded: SQL) => readonly Statement[]);
}

/**
 * Adds a row while `condition` holds, and runs `changes` after it in the same transaction. Whether the row stands there.
 * Fails on `deed_chain` where another row of the organisation was first.
 */
export async function insertDeed(
  database: Database,
  row: AuditRow,
  { condition = sql`1`, changes = [] }: DeedParts,
): Promise<boolean> {
  const isRecorded = sql`EXISTS (SELECT 1 FROM developer_deeds
    WHERE organisation_id = ${row.organisationId} AND sequence = ${row.sequence} AND hash = ${row.hash})`;
  const [, [standing]] = await database.batch([
    database.insert(developerDeedsTable).select(sql`
      SELECT ${row.organisationId}, ${row.sequence}, ${row.at}, ${row.actorId}, ${row.actor}, ${row.action},
        ${row.subject}, ${row.detail}, ${row.source}, ${row.requestId}, ${row.previousHash}, ${row.hash}
      WHERE ${condition}`),
    // Not the number of changes: an attempt after one whose answer was lost adds nothing, as the condition holds no more.
    selectHash(database, row),
    ...(typeof changes === 'function' ? changes(isRecorded) : changes),
  ]);
  return standing?.hash === row.hash;
}
