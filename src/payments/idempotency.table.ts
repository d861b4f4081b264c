/** Idempotency keys in D1: what a key stood for and the 201 it got, kept for 24 hours. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const idempotencyKeysTable = sqliteTable(
  'idempotency_keys',
  {
    clientId: text('client_id').notNull(),
    route: text('route').notNull(),
    keyDigest: text('key_digest').notNull(),
    consentId: text('consent_id').notNull(),
    bodyDigest: text('body_digest').notNull(),
    paymentId: text('payment_id').notNull(),
    /** The first answer's body, JSON. */
    answer: text('answer').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.route, table.keyDigest] }),
    index('idempotency_keys_by_age').on(table.createdAt),
  ],
);
