/** The D1 database through Drizzle: one session on the primary a request, so that each read sees earlier writes. */
import { sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';

/** `$client` takes statements whose text was made once, for the routes where building it anew would cost the most. */
export type Database = DrizzleD1Database & { readonly $client: D1Database };

/** A prepared statement, to go into a batch. */
export type Statement = BatchItem<'sqlite'>;

export function openDatabase(binding: D1Database): Database {
  // Drizzle calls prepare and batch alone, which a session has too.
  return drizzle(binding.withSession('first-primary') as unknown as D1Database);
}

/** Reads nothing, to see whether D1 answers. */
export async function probeDatabase(database: Database): Promise<void> {
  await database.run(sql`SELECT 1`);
}
