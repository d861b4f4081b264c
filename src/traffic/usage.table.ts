/**
 * Usage in D1: calls an hour of each client, route and outcome with how long they took, calls a minute of each client,
 * and the busiest minute of each hour. Sums that outlive the rows of the request log. An empty client is an API key's call.
 */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Answered calls by time: see latency.ts; b0 to b45. */
const BUCKETS = Array.from({ length: 46 }, (_, bucket) => `b${bucket}` as const);

export const usageHoursTable = sqliteTable('usage_hours', {
  organisationId: text().notNull(),
  /** Hours since 1 January 1970, UTC. */
  hour: integer().notNull(),
  clientId: text().notNull(),
  /** Method and pattern. */
  route: text().notNull(),
  status: integer().notNull(),
  /** The error's code, or empty. */
  code: text().notNull(),
  requests: integer().notNull(),
  ...Object.fromEntries(BUCKETS.map((name) => [name, integer(name).notNull()])),
});

export const usageHoursIndexes = (table: typeof usageHoursTable) => [
  primaryKey({
    columns: [table.organisationId, table.hour, table.clientId, table.route, table.status, table.code],
  }),
  index('usage_hours_by_age').on(table.hour),
];

/** Calls of a client in a minute, to find the busiest one by. */
export const usageMinutesTable = sqliteTable('usage_minutes', {
  organisationId: text().notNull(),
  clientId: text().notNull(),
  /** Minutes since 1 January 1970. */
  minute: integer().notNull(),
  requests: integer().notNull(),
});

export const usageMinutesIndexes = (table: typeof usageMinutesTable) => [
  primaryKey({ columns: [table.organisationId, table.clientId, table.minute] }),
  index('usage_minutes_by_age').on(table.minute),
];

/** The busiest minute of a client in an hour. */
export const usagePeaksTable = sqliteTable('usage_peaks', {
  organisationId: text().notNull(),
  hour: integer().notNull(),
  clientId: text().notNull(),
  requests: integer().notNull(),
});

export const usagePeaksIndexes = (table: typeof usagePeaksTable) => [
  primaryKey({ columns: [table.organisationId, table.hour, table.clientId] }),
  index('usage_peaks_by_age').on(table.hour),
];
