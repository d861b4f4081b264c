/** Operators' keys in D1, each by its digest alone. A revoked key stays, for the audit's names. */
import { sql } from 'drizzle-orm';
import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const operatorKeysTable = sqliteTable('operator_keys', {
  keyId: text().primaryKey(),
  name: text().notNull(),
  /** SHA-256 of the whole key, base64url. */
  digest: text().notNull().unique(),
  /** `read` or `write`. */
  scope: text().notNull(),
  createdBy: text().notNull(),
  createdAt: integer().notNull(),
  expiresAt: integer(),
  revokedAt: integer(),
});

// A name is one person's at a time; the next key of it waits until the last one was revoked.
export const operatorKeysIndexes = (table: typeof operatorKeysTable) => [
  uniqueIndex('operator_keys_one_per_name').on(table.name).where(sql`revoked_at IS NULL`),
];
