/** What the bank's interfaces did: counts a minute and isolate, and what they came to a day; no client, no customer. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

const counts = {
  requests: integer().notNull(),
  /** Of them, answered with what was asked for (status below 400). */
  answered: integer().notNull(),
  /** Of them, failed by a fault of ours (status 500 and above). */
  faults: integer().notNull(),
  /** Milliseconds that the answered ones took together. */
  totalMs: integer().notNull(),
};

/** An isolate writes its totals of a minute again and again, so that a repeated write changes nothing. */
export const figureMinutesTable = sqliteTable('figure_minutes', {
  /** Epoch minutes. */
  minute: integer().notNull(),
  kind: text().notNull(),
  /** The isolate that counted; empty once the rows of a minute are one. */
  source: text().notNull(),
  ...counts,
});

export const figureMinutesIndexes = (table: typeof figureMinutesTable) => [
  primaryKey({ columns: [table.minute, table.kind, table.source] }),
];

export const figureDaysTable = sqliteTable('figure_days', {
  /** Days since 1 January 1970, UTC. */
  day: integer().notNull(),
  /** A kind, or `all`. */
  kind: text().notNull(),
  ...counts,
  /** Of `all`: how long it was known whether the interfaces worked, and how long of that they did not. */
  measuredSeconds: integer().notNull(),
  downSeconds: integer().notNull(),
});

export const figureDaysIndexes = (table: typeof figureDaysTable) => [
  primaryKey({ columns: [table.day, table.kind] }),
];
