/** Developer accounts in D1, by their e-mail address; a row exists once the address has proved to be its owner's. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const developersTable = sqliteTable('developers', {
  developerId: text().primaryKey(),
  /** As `normaliseEmail` makes it: one spelling, one account. */
  email: text().notNull().unique(),
  name: text().notNull(),
  /** Null for who signs in by passkey alone. */
  passwordDigest: text(),
  emailConfirmedAt: integer().notNull(),
  createdAt: integer().notNull(),
});
