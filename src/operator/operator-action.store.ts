/** The audit in D1: its end, its rows, and the one batch that adds to it. */
import { and, desc, eq, gt, type SQL, sql } from 'drizzle-orm';
import type { Database, Statement } from '#edge/database.ts';
import { insertWhere } from '#edge/insert-where.statements.ts';
import { type ChainEnd, EMPTY_CHAIN } from '#kernel/chain.ts';
import { operatorActionsTable } from '#operator/operator-action.table.ts';
import type { OperatorAction } from '#operator/operator-action.ts';

const { sequence, hash, subject, requestId } = operatorActionsTable;

export async function readChainEnd(database: Database): Promise<ChainEnd> {
  const [row] = await database
    .select({ sequence, hash })
    .from(operatorActionsTable)
    .orderBy(desc(sequence))
    .limit(1);
  return row ?? EMPTY_CHAIN;
}

/** Whether exactly this row is in the chain. */
export async function holdsAction(database: Database, row: ChainEnd): Promise<boolean> {
  const [found] = await selectHash(database, row);
  return found?.hash === row.hash;
}

function selectHash(database: Database, row: ChainEnd) {
  return database.select({ hash }).from(operatorActionsTable).where(eq(sequence, row.sequence));
}

export interface ActionParts {
  /** The row is written only where this holds. */
  readonly condition?: SQL;
  /** What is changed in the same transaction; each under the condition too, or harmless without it. */
  readonly changes?: readonly Statement[];
}

/**
 * Adds a row while `condition` holds, and runs `changes` in the same transaction: their conditions and the row's are of
 * one moment. False where the condition did not hold. Fails on `operator_actions.sequence` or `audit_chain` where another
 * row was first.
 */
export async function insertAction(
  database: Database,
  row: OperatorAction,
  { condition = sql`1`, changes = [] }: ActionParts,
): Promise<boolean> {
  const [, [standing]] = await database.batch([
    insertWhere(database, operatorActionsTable, row, condition),
    // Not the number of changes: an attempt after one whose answer was lost adds nothing, as the condition holds no more.
    selectHash(database, row),
    ...changes,
  ]);
  return standing?.hash === row.hash;
}

export interface ActionQuery {
  /** Rows after this sequence. */
  readonly after: number;
  readonly limit: number;
  readonly subject?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Rows in their order. */
export async function readActions(
  database: Database,
  query: ActionQuery,
): Promise<readonly OperatorAction[]> {
  return await database
    .select()
    .from(operatorActionsTable)
    .where(
      and(
        gt(sequence, query.after),
        query.subject === undefined ? undefined : eq(subject, query.subject),
        query.requestId === undefined ? undefined : eq(requestId, query.requestId),
      ),
    )
    .orderBy(sequence)
    .limit(query.limit);
}
