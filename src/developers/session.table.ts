/** Developers' sessions in D1, each by the digest of its cookie alone. Times are epoch seconds. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const developerSessionsTable = sqliteTable('developer_sessions', {
  sessionId: text().primaryKey(),
  /** SHA-256 of the cookie's value, base64url; another after each proof of who it is. */
  digest: text().notNull().unique(),
  developerId: text().notNull(),
  /** The organisation worked for; empty for who belongs to none. */
  organisationId: text().notNull(),
  createdAt: integer().notNull(),
  /** To five minutes. */
  lastUsedAt: integer().notNull(),
  /** Of the last password or passkey. */
  confirmedAt: integer().notNull(),
  endedAt: integer(),
  /** The address it was opened from, and what the browser called itself. */
  source: text().notNull(),
  agent: text().notNull(),
});

export const developerSessionsIndexes = (table: typeof developerSessionsTable) => [
  index('developer_sessions_by_developer').on(table.developerId, table.createdAt),
  index('developer_sessions_by_age').on(table.createdAt),
];
