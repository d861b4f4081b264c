/** The outbox's rows: claimed by setting the time of their next attempt, deleted once handled. */
import { inArray, lte, sql } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { outboxTable } from '#edge/outbox.table.ts';

export type OutboxRow = typeof outboxTable.$inferSelect;

/** First pause before another attempt, seconds; each attempt doubles it. */
export const FIRST_PAUSE_SECONDS = 60;
/** Doublings until the pause stays the same: 60 s to 64 min. */
const MOST_DOUBLINGS = 6;

/**
 * Claims rows that are due, oldest first, and puts off their next attempt. A delivery that fails, or a Worker that
 * dies, needs no further write: the row is simply due again then.
 */
export async function claimDueRows(
  database: Database,
  now: number,
  maximum: number,
): Promise<readonly OutboxRow[]> {
  const due = database
    .select({ id: outboxTable.id })
    .from(outboxTable)
    .where(lte(outboxTable.dueAt, now))
    .orderBy(outboxTable.dueAt)
    .limit(maximum);
  const rows = await database
    .update(outboxTable)
    .set({
      attempts: sql`${outboxTable.attempts} + 1`,
      dueAt: sql`${now} + (${FIRST_PAUSE_SECONDS} << min(${outboxTable.attempts}, ${MOST_DOUBLINGS}))`,
    })
    .where(inArray(outboxTable.id, due))
    .returning();
  return rows.sort((a, b) => a.id - b.id);
}

export async function deleteRows(database: Database, ids: readonly number[]): Promise<void> {
  // One bound parameter however many rows: D1 takes 100.
  await database
    .delete(outboxTable)
    .where(sql`${outboxTable.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
}
