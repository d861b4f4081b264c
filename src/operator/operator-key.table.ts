/** Operators' keys in D1, each by its digest alone. A revoked key stays, for the audit's names. */
import { sql } from 'drizzle-orm';
import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const operatorKeysTable = sqliteTable(
  'operator_keys',
  {
    keyId: text('key_id').primaryKey(),
    name: text('name').notNull(),
    /** SHA-256 of the whole key, base64url. */
    digest: text('digest').notNull().unique(),
    /** `read` or `write`. */
    scope: text('scope').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at'),
    revokedAt: integer('revoked_at'),
  },
  // A name is one person's at a time; the next key of it waits until the last one was revoked.
  (table) => [uniqueIndex('operator_keys_one_per_name').on(table.name).where(sql`revoked_at IS NULL`)],
);
