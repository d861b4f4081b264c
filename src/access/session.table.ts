/** Customers' sessions at `/my/access` in D1; of a browser's cookie only the digest. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const accessSessionsTable = sqliteTable(
  'access_sessions',
  {
    sessionId: text('session_id').primaryKey(),
    /** Of the cookie's present secret, which each step of the log-in replaces. */
    digest: text('digest').notNull(),
    /** Of the secret before the one-time code: the code posted again finds its session by it. */
    formerDigest: text('former_digest'),
    /** `code` until the one-time code was right, then `open`. */
    stage: text('stage').notNull(),
    tenantId: text('tenant_id').notNull(),
    customerId: text('customer_id').notNull(),
    displayName: text('display_name').notNull(),
    /** Whose sandbox the tenant is; null in production. */
    organisationId: text('organisation_id'),
    nameDigest: text('name_digest').notNull(),
    codeDigest: text('code_digest').notNull(),
    codeExpiresAt: integer('code_expires_at').notNull(),
    codeTries: integer('code_tries').notNull(),
    sentTo: text('sent_to'),
    createdAt: integer('created_at').notNull(),
    openedAt: integer('opened_at'),
    lastUsedAt: integer('last_used_at').notNull(),
  },
  (table) => [index('access_sessions_by_creation').on(table.createdAt)],
);
