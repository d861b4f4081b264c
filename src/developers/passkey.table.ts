/** Developers' passkeys in D1: public keys alone. Source: Web Authentication Level 3 section 4 (credential record). */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const developerPasskeysTable = sqliteTable(
  'developer_passkeys',
  {
    /** Base64url, as the authenticator chose it. */
    credentialId: text('credential_id').primaryKey(),
    developerId: text('developer_id').notNull(),
    /** COSE key, base64url. */
    publicKey: text('public_key').notNull(),
    /** Of the last signature; 0 for authenticators that do not count. */
    counter: integer('counter').notNull(),
    /** JSON list: how browsers may reach it. */
    transports: text('transports').notNull(),
    /** 1 where its owner has it on several devices. */
    backedUp: integer('backed_up').notNull(),
    name: text('name').notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
  },
  (table) => [index('developer_passkeys_by_developer').on(table.developerId, table.createdAt)],
);
