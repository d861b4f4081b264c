/** Developers' sessions in D1, each by the digest of its cookie alone. Times are epoch seconds. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const developerSessionsTable = sqliteTable(
  'developer_sessions',
  {
    sessionId: text('session_id').primaryKey(),
    /** SHA-256 of the cookie's value, base64url; another after each proof of who it is. */
    digest: text('digest').notNull().unique(),
    developerId: text('developer_id').notNull(),
    /** The organisation worked for; empty for who belongs to none. */
    organisationId: text('organisation_id').notNull(),
    createdAt: integer('created_at').notNull(),
    /** To five minutes. */
    lastUsedAt: integer('last_used_at').notNull(),
    /** Of the last password or passkey. */
    confirmedAt: integer('confirmed_at').notNull(),
    endedAt: integer('ended_at'),
    /** The address it was opened from, and what the browser called itself. */
    source: text('source').notNull(),
    agent: text('agent').notNull(),
  },
  (table) => [
    index('developer_sessions_by_developer').on(table.developerId, table.createdAt),
    index('developer_sessions_by_age').on(table.createdAt),
  ],
);
