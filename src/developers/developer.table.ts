/** Developer accounts in D1, by their e-mail address; a row exists once the address has proved to be its owner's. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const developersTable = sqliteTable('developers', {
  developerId: text('developer_id').primaryKey(),
  /** As `normaliseEmail` makes it: one spelling, one account. */
  email: text('email').notNull().unique(),
  name: text('name').notNull(),
  /** Null for who signs in by passkey alone. */
  passwordDigest: text('password_digest'),
  emailConfirmedAt: integer('email_confirmed_at').notNull(),
  createdAt: integer('created_at').notNull(),
});
