/** Failed log-ins in D1, per tenant and submitted name (kept as a digest: people type passwords into name fields). */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const loginAttemptsTable = sqliteTable('login_attempts', {
  tenantId: text().notNull(),
  nameDigest: text().notNull(),
  /** Failed passwords and codes since the last complete log-in or refusal. */
  failures: integer().notNull(),
  /** How many times the name was refused in a row: each doubles the next refusal. */
  refusals: integer().notNull(),
  /** Epoch seconds until which the name is refused; 0 while it is not. */
  refusedUntil: integer().notNull(),
  updatedAt: integer().notNull(),
});

export const loginAttemptsIndexes = (table: typeof loginAttemptsTable) => [
  primaryKey({ columns: [table.tenantId, table.nameDigest] }),
  index('login_attempts_by_update').on(table.updatedAt),
];
