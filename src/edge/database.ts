/** The D1 database through Drizzle: one session on the primary a request, so that each read sees earlier writes. */
import { sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { DrizzleD1Database, SQLiteD1Session } from 'drizzle-orm/d1';
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core';

/** `$client` takes statements whose text was made once, for the routes where building it anew would cost the most. */
export type Database = DrizzleD1Database & { readonly $client: D1Database };

/** A prepared statement, to go into a batch. */
export type Statement = BatchItem<'sqlite'>;

/** Where the round trips a request makes to D1 are counted. */
interface RoundTrips {
  d1: number;
}

const COUNTED = Symbol('counted statement');

interface CountedStatement {
  readonly [COUNTED]: D1PreparedStatement;
}

/** A statement whose runs are counted. */
function countRuns(statement: D1PreparedStatement, trips: RoundTrips): D1PreparedStatement {
  const run = (method: 'all' | 'run' | 'raw' | 'first') => {
    const ask = statement[method] as (...options: unknown[]) => Promise<unknown>;
    return (...options: unknown[]) => {
      trips.d1 += 1;
      return ask.apply(statement, options);
    };
  };
  const counted = {
    [COUNTED]: statement,
    bind: (...values: unknown[]) => countRuns(statement.bind(...values), trips),
    all: run('all'),
    run: run('run'),
    raw: run('raw'),
    first: run('first'),
  };
  return counted as unknown as D1PreparedStatement;
}

/** A session whose round trips are counted; of a batch, one. Drizzle calls prepare and batch alone. */
function countTrips(session: D1DatabaseSession, trips: RoundTrips) {
  return {
    prepare: (query: string) => countRuns(session.prepare(query), trips),
    batch: (statements: readonly CountedStatement[]) => {
      trips.d1 += 1;
      return session.batch(statements.map((statement) => statement[COUNTED]));
    },
  };
}

/**
 * A column is called as its member is, in snake case. One for all requests, so that each name is made once: this, and not
 * Drizzle's own `drizzle`, which makes one anew each time.
 */
const DIALECT = new SQLiteAsyncDialect({ casing: 'snake_case' });

/** Of tables for Drizzle's relational queries there are none. */
type NoSchema = Record<string, never>;

/** Opens a session; its round trips are added to `trips`. */
export function openDatabase(binding: D1Database, trips: RoundTrips = { d1: 0 }): Database {
  const client = countTrips(binding.withSession('first-primary'), trips) as unknown as D1Database;
  const session = new SQLiteD1Session<NoSchema, NoSchema>(client, DIALECT, undefined);
  const database: DrizzleD1Database = new DrizzleD1Database('async', DIALECT, session, undefined);
  return Object.assign(database, { $client: client });
}

/** Reads nothing, to see whether D1 answers. */
export async function probeDatabase(database: Database): Promise<void> {
  await database.run(sql`SELECT 1`);
}
