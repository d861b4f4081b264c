/**
 * Usage in D1: calls an hour of each client, route and outcome with how long they took, calls a minute of each client,
 * and the busiest minute of each hour. Sums that outlive the rows of the request log. An empty client is an API key's call.
 */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Answered calls by time: see latency.ts; b0 to b45. */
const BUCKETS = Array.from({ length: 46 }, (_, bucket) => `b${bucket}` as const);

export const usageHoursTable = sqliteTable(
  'usage_hours',
  {
    organisationId: text('organisation_id').notNull(),
    /** Hours since 1 January 1970, UTC. */
    hour: integer('hour').notNull(),
    clientId: text('client_id').notNull(),
    /** Method and pattern. */
    route: text('route').notNull(),
    status: integer('status').notNull(),
    /** The error's code, or empty. */
    code: text('code').notNull(),
    requests: integer('requests').notNull(),
    ...Object.fromEntries(BUCKETS.map((name) => [name, integer(name).notNull()])),
  },
  (table) => [
    primaryKey({
      columns: [table.organisationId, table.hour, table.clientId, table.route, table.status, table.code],
    }),
    index('usage_hours_by_age').on(table.hour),
  ],
);

/** Calls of a client in a minute, to find the busiest one by. */
export const usageMinutesTable = sqliteTable(
  'usage_minutes',
  {
    organisationId: text('organisation_id').notNull(),
    clientId: text('client_id').notNull(),
    /** Minutes since 1 January 1970. */
    minute: integer('minute').notNull(),
    requests: integer('requests').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisationId, table.clientId, table.minute] }),
    index('usage_minutes_by_age').on(table.minute),
  ],
);

/** The busiest minute of a client in an hour. */
export const usagePeaksTable = sqliteTable(
  'usage_peaks',
  {
    organisationId: text('organisation_id').notNull(),
    hour: integer('hour').notNull(),
    clientId: text('client_id').notNull(),
    requests: integer('requests').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisationId, table.hour, table.clientId] }),
    index('usage_peaks_by_age').on(table.hour),
  ],
);
