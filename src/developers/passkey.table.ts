/** Developers' passkeys in D1: public keys alone. Source: Web Authentication Level 3 section 4 (credential record). */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const developerPasskeysTable = sqliteTable('developer_passkeys', {
  /** Base64url, as the authenticator chose it. */
  credentialId: text().primaryKey(),
  developerId: text().notNull(),
  /** COSE key, base64url. */
  publicKey: text().notNull(),
  /** Of the last signature; 0 for authenticators that do not count. */
  counter: integer().notNull(),
  /** JSON list: how browsers may reach it. */
  transports: text().notNull(),
  /** 1 where its owner has it on several devices. */
  backedUp: integer().notNull(),
  name: text().notNull(),
  createdAt: integer().notNull(),
  lastUsedAt: integer(),
});

export const developerPasskeysIndexes = (table: typeof developerPasskeysTable) => [
  index('developer_passkeys_by_developer').on(table.developerId, table.createdAt),
];
