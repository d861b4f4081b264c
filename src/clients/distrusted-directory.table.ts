/** Directories that operators have taken their trust from, in D1: a configured one that stands here counts for nothing. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const distrustedDirectoriesTable = sqliteTable('distrusted_directories', {
  /** `iss` of its statements. */
  issuer: text().primaryKey(),
  distrustedAt: integer().notNull(),
});
