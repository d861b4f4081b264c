/**
 * What isolates counted, written whole and in bulk. Texts rather than Drizzle's builders, as the tables would weigh more in
 * the bundle than they say here.
 */
import type { Database } from '#edge/database.ts';
import type { FigureKind, Tally } from '#edge/figures.ts';

/** What one isolate counted in a minute. */
export interface MinuteTally extends Tally {
  readonly minute: number;
  readonly kind: FigureKind | 'probe';
}

export const COUNTS = ['requests', 'answered', 'faults', 'total_ms'] as const;

/** In the order of their columns. */
export function countsOf({ requests, answered, faults, totalMs }: Tally): readonly number[] {
  return [requests, answered, faults, totalMs];
}

/** Inserts rows, each an array in the order of the columns; of one that is there already as `conflict` says. */
export function insertRows(
  { $client }: Database,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  conflict: string,
): D1PreparedStatement {
  return $client
    .prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.map((_, index) => `value ->> ${index}`).join(', ')}
       FROM json_each(?) WHERE true ON CONFLICT DO ${conflict}`,
    )
    .bind(JSON.stringify(rows));
}

/** Writes the totals of `source` so far; the same again changes nothing. */
export async function writeMinutes(
  database: Database,
  source: string,
  tallies: readonly MinuteTally[],
): Promise<void> {
  await insertRows(
    database,
    'figure_minutes',
    ['minute', 'kind', 'source', ...COUNTS],
    tallies.map((tally) => [tally.minute, tally.kind, source, ...countsOf(tally)]),
    `UPDATE SET ${COUNTS.map((name) => `${name} = excluded.${name}`).join(', ')}`,
  ).run();
}
