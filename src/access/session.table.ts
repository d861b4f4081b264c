/** Customers' sessions at `/my/access` in D1; of a browser's cookie only the digest. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const accessSessionsTable = sqliteTable('access_sessions', {
  sessionId: text().primaryKey(),
  /** Of the cookie's present secret, which each step of the log-in replaces. */
  digest: text().notNull(),
  /** Of the secret before the one-time code: the code posted again finds its session by it. */
  formerDigest: text(),
  /** `code` until the one-time code was right, then `open`. */
  stage: text().notNull(),
  tenantId: text().notNull(),
  customerId: text().notNull(),
  displayName: text().notNull(),
  /** Whose sandbox the tenant is; null in production. */
  organisationId: text(),
  nameDigest: text().notNull(),
  codeDigest: text().notNull(),
  codeExpiresAt: integer().notNull(),
  codeTries: integer().notNull(),
  sentTo: text(),
  createdAt: integer().notNull(),
  openedAt: integer(),
  lastUsedAt: integer().notNull(),
});

export const accessSessionsIndexes = (table: typeof accessSessionsTable) => [
  index('access_sessions_by_creation').on(table.createdAt),
];
