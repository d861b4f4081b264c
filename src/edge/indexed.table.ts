/** Gives tables their keys and indexes, for the migrations; the Worker asks for neither and does without. */
import type { SQLiteTable, SQLiteTableExtraConfigValue } from 'drizzle-orm/sqlite-core';

/** As the third argument of `sqliteTable` would. */
export function withIndexes<T extends SQLiteTable>(
  table: T,
  indexes: (table: T) => SQLiteTableExtraConfigValue[],
): T {
  return Object.assign(table, { [Symbol.for('drizzle:ExtraConfigBuilder')]: indexes });
}
