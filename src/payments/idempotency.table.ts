/** Idempotency keys in D1: what a key stood for and the 201 it got, kept for 24 hours. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const idempotencyKeysTable = sqliteTable('idempotency_keys', {
  clientId: text().notNull(),
  route: text().notNull(),
  keyDigest: text().notNull(),
  consentId: text().notNull(),
  bodyDigest: text().notNull(),
  paymentId: text().notNull(),
  /** The first answer's body, JSON. */
  answer: text().notNull(),
  createdAt: integer().notNull(),
});

export const idempotencyKeysIndexes = (table: typeof idempotencyKeysTable) => [
  primaryKey({ columns: [table.clientId, table.route, table.keyDigest] }),
  index('idempotency_keys_by_age').on(table.createdAt),
];
