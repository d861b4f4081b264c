/** Operators' keys read from D1. */
import { desc, eq } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { operatorKeysTable } from '#operator/operator-key.table.ts';
import type { KeptOperatorKey, OperatorScope } from '#operator/operator-key.ts';

/** Keys listed at most: a bank has a handful. */
const LISTED_MAXIMUM = 200;

function toKey(row: typeof operatorKeysTable.$inferSelect): KeptOperatorKey {
  return { ...row, scope: row.scope as OperatorScope };
}

export async function readOperatorKey(
  database: Database,
  digest: string,
): Promise<KeptOperatorKey | undefined> {
  const [row] = await database.select().from(operatorKeysTable).where(eq(operatorKeysTable.digest, digest));
  return row === undefined ? undefined : toKey(row);
}

/** The newest keys first, revoked ones among them. */
export async function readOperatorKeys(database: Database): Promise<readonly KeptOperatorKey[]> {
  const rows = await database
    .select()
    .from(operatorKeysTable)
    .orderBy(desc(operatorKeysTable.createdAt), operatorKeysTable.keyId)
    .limit(LISTED_MAXIMUM);
  return rows.map(toKey);
}
