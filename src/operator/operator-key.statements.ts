/** Statements that make and revoke operators' keys, for the batch that also audits it. */
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { operatorKeysTable } from '#operator/operator-key.table.ts';
import type { KeptOperatorKey } from '#operator/operator-key.ts';

/** That a name has a key in force: the condition of its revocation, and of its audit. */
export function hasKeyInForce(name: string): SQL {
  return sql`EXISTS (SELECT 1 FROM operator_keys WHERE name = ${name} AND revoked_at IS NULL)`;
}

/** Keeps a new key; the batch aborts where its name has one in force (`operator_keys.name`). */
export function insertKeyStatement(database: Database, key: KeptOperatorKey) {
  return database.insert(operatorKeysTable).values(key);
}

/** Revokes the key in force of a name. */
export function revokeKeyStatement(database: Database, name: string, now: number) {
  return database
    .update(operatorKeysTable)
    .set({ revokedAt: now })
    .where(and(eq(operatorKeysTable.name, name), isNull(operatorKeysTable.revokedAt)));
}
