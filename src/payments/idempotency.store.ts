/** Removal of idempotency keys that no longer stand for anything. */
import { inArray, lte, sql } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { idempotencyKeysTable } from '#payments/idempotency.table.ts';

/** Deletes at most `maximum` keys kept at `until` (epoch seconds) or earlier, the oldest first. Returns how many. */
export async function deleteKeys(database: Database, until: number, maximum: number): Promise<number> {
  const rowid = sql`rowid`;
  const oldest = database
    .select({ rowid })
    .from(idempotencyKeysTable)
    .where(lte(idempotencyKeysTable.createdAt, until))
    .orderBy(idempotencyKeysTable.createdAt)
    .limit(maximum);
  const { meta } = await database.delete(idempotencyKeysTable).where(inArray(rowid, oldest));
  return meta.changes;
}
