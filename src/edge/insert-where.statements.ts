/** Inserts a row where a condition holds: what is made once, or while there is room for it. */
import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Database } from '#edge/database.ts';

/** A row of a table, whose values the statement may work out. */
export type RowWanted<T extends SQLiteTable> = {
  readonly [K in keyof T['$inferInsert']]: T['$inferInsert'][K] | SQL;
};

/** What the row leaves out is NULL. The condition is looked at by the statement that inserts, so nothing comes between. */
export function insertWhere<T extends SQLiteTable>(
  database: Database,
  table: T,
  row: RowWanted<T>,
  condition: SQL,
) {
  const given: Readonly<Record<string, unknown>> = row;
  const values = Object.keys(getTableColumns(table)).map((name) => sql`${given[name] ?? null}`);
  return database.insert(table).select(sql`SELECT ${sql.join(values, sql`, `)} WHERE ${condition}`);
}
