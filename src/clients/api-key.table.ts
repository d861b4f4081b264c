/** API keys in D1: a key is kept by its digest alone, with what is shown of it afterwards. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const apiKeysTable = sqliteTable(
  'api_keys',
  {
    keyId: text('key_id').primaryKey(),
    /** SHA-256 of the whole key, base64url. */
    digest: text('digest').notNull().unique(),
    organisationId: text('organisation_id').notNull(),
    environment: text('environment').notNull(),
    name: text('name').notNull(),
    prefix: text('prefix').notNull(),
    lastFour: text('last_four').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at'),
    revokedAt: integer('revoked_at'),
    /** Words parted by spaces. */
    scopes: text('scopes').notNull().default('sandbox requests usage'),
    /** Ranges (CIDR) parted by spaces; empty: any address. */
    allowedIps: text('allowed_ips').notNull().default(''),
    createdBy: text('created_by'),
    lastUsedAt: integer('last_used_at'),
    rolledAt: integer('rolled_at'),
    rolledFrom: text('rolled_from'),
  },
  (table) => [index('api_keys_by_organisation').on(table.organisationId, table.createdAt)],
);
