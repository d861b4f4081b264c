/** The audit logs in D1: a log's end, and the one batch that adds to it. */
import { and, desc, eq, gt, lt, type SQL, sql } from 'drizzle-orm';
import type { AuditRow } from '#developers/audit.ts';
import { developerDeedsTable } from '#developers/developer-deed.table.ts';
import { isStillAllowed } from '#developers/membership.store.ts';
import type { MemberAction } from '#developers/role.ts';
import type { Database, Statement } from '#edge/database.ts';
import { insertWhere } from '#edge/insert-where.statements.ts';
import { type ChainEnd, EMPTY_CHAIN } from '#kernel/chain.ts';

const { organisationId, sequence, hash, action, actor } = developerDeedsTable;

function selectEnd(database: Database, organisation: string) {
  return database
    .select({ sequence, hash })
    .from(developerDeedsTable)
    .where(eq(organisationId, organisation))
    .orderBy(desc(sequence))
    .limit(1);
}

export async function readAuditEnd(database: Database, organisation: string): Promise<ChainEnd> {
  const [row] = await selectEnd(database, organisation);
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
  /** And only while the doer is a member whose role allows this: the guard's look at it is older than the write. */
  readonly allowed?: MemberAction;
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
  { condition = sql`1`, allowed, changes = [] }: DeedParts,
): Promise<boolean> {
  const holds = allowed === undefined ? condition : sql`${isStillAllowed(row, allowed)} AND (${condition})`;
  const isRecorded = sql`EXISTS (SELECT 1 FROM developer_deeds
    WHERE organisation_id = ${row.organisationId} AND sequence = ${row.sequence} AND hash = ${row.hash})`;
  const [, [standing]] = await database.batch([
    insertWhere(database, developerDeedsTable, row, holds),
    // Not the number of changes: an attempt after one whose answer was lost adds nothing, as the condition holds no more.
    selectHash(database, row),
    ...(typeof changes === 'function' ? changes(isRecorded) : changes),
  ]);
  return standing?.hash === row.hash;
}

/** What rows of a log are asked for. */
export interface AuditQuery {
  readonly organisationId: string;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  /** Rows before this sequence alone. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Rows from the last one back, and where the whole log ends: one batch. */
export async function readLatestDeeds(
  database: Database,
  query: AuditQuery,
): Promise<{ readonly rows: readonly AuditRow[]; readonly end: ChainEnd }> {
  const [rows, [end]] = await database.batch([
    database
      .select()
      .from(developerDeedsTable)
      .where(
        and(
          eq(organisationId, query.organisationId),
          query.action === undefined ? undefined : eq(action, query.action),
          query.actor === undefined ? undefined : eq(actor, query.actor),
          query.before === undefined ? undefined : lt(sequence, query.before),
        ),
      )
      .orderBy(desc(sequence))
      .limit(query.limit),
    selectEnd(database, query.organisationId),
  ]);
  return { rows, end: end ?? EMPTY_CHAIN };
}

/** Rows in their order, after a sequence. */
export async function readDeedsAfter(
  database: Database,
  organisation: string,
  after: number,
  limit: number,
): Promise<readonly AuditRow[]> {
  return await database
    .select()
    .from(developerDeedsTable)
    .where(and(eq(organisationId, organisation), gt(sequence, after)))
    .orderBy(sequence)
    .limit(limit);
}

/** Where an organisation's log ends. */
export interface AuditHead extends ChainEnd {
  readonly organisationId: string;
  /** When its last row was written. */
  readonly at: number;
}

/**
 * The ends of `limit` logs, in the order of the organisations' ids, after that of `after`: from one organisation to the
 * next by the key, never through their rows.
 */
export async function readAuditHeads(
  database: Database,
  after: string,
  limit: number,
): Promise<readonly AuditHead[]> {
  return await database.all<AuditHead>(sql`
    WITH RECURSIVE logs (id) AS (
      SELECT min(organisation_id) FROM developer_deeds WHERE organisation_id > ${after}
      UNION ALL
      SELECT (SELECT min(organisation_id) FROM developer_deeds WHERE organisation_id > id)
      FROM logs WHERE id IS NOT NULL
      LIMIT ${limit}
    )
    SELECT id AS organisationId, sequence, hash, at FROM logs CROSS JOIN developer_deeds
    WHERE organisation_id = id AND sequence = (SELECT max(sequence) FROM developer_deeds WHERE organisation_id = id)`);
}
