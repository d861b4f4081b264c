/** API keys in D1: a key is kept by its digest alone, with what is shown of it afterwards. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const apiKeysTable = sqliteTable('api_keys', {
  keyId: text().primaryKey(),
  /** SHA-256 of the whole key, base64url. */
  digest: text().notNull().unique(),
  organisationId: text().notNull(),
  environment: text().notNull(),
  name: text().notNull(),
  prefix: text().notNull(),
  lastFour: text().notNull(),
  createdAt: integer().notNull(),
  expiresAt: integer(),
  revokedAt: integer(),
  /** Words parted by spaces. */
  scopes: text().notNull().default('sandbox requests usage'),
  /** Ranges (CIDR) parted by spaces; empty: any address. */
  allowedIps: text().notNull().default(''),
  createdBy: text(),
  lastUsedAt: integer(),
  rolledAt: integer(),
  rolledFrom: text(),
});

export const apiKeysIndexes = (table: typeof apiKeysTable) => [
  index('api_keys_by_organisation').on(table.organisationId, table.createdAt),
];
