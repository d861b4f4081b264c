/** What mailed links open, each kept by the digest of its 256-bit token; and which mails went to an address lately. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const developerTokensTable = sqliteTable('developer_tokens', {
  digest: text().primaryKey(),
  /** `confirm`, `reset`, `invite`; `note` for a mail without a link. */
  purpose: text().notNull(),
  /** Where the mail went, as `normaliseEmail` makes it. */
  email: text().notNull(),
  developerId: text(),
  /** Of an invitation. */
  organisationId: text(),
  /** JSON: what the purpose needs (of a sign-up: name, organisation, the password's digest). */
  detail: text().notNull(),
  createdAt: integer().notNull(),
  expiresAt: integer().notNull(),
  usedAt: integer(),
});

export const developerTokensIndexes = (table: typeof developerTokensTable) => [
  index('developer_tokens_by_email').on(table.email, table.createdAt),
  index('developer_tokens_by_organisation').on(table.organisationId, table.createdAt),
  index('developer_tokens_by_end').on(table.expiresAt),
];
