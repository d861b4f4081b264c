/** Folds usage of single hours into rows of longer stretches, in D1: one batch that adds and removes the same rows. */
import type { Database } from '#edge/database.ts';
import { BUCKETS } from '#traffic/latency.ts';

/** Hours since 1 January 1970, UTC. */
export interface Fold {
  /** The rows of these become rows of the stretch that they are in. */
  readonly fromHour: number;
  /** Not included. */
  readonly toHour: number;
  /** Hours of a stretch; it is kept as its first hour. */
  readonly stretchHours: number;
  /** Rows folded at most. */
  readonly limit: number;
}

const COUNTS = ['requests', ...BUCKETS];
const NAMES = 'organisation_id, hour, client_id, route, status, code';

/** What is in no first hour, the oldest first: neither statement of the batch changes which rows these are before they go. */
const FOLDED = `rowid IN (SELECT rowid FROM usage_hours WHERE hour >= ?1 AND hour < ?2 AND hour % ?3 <> 0
  ORDER BY hour, rowid LIMIT ?4)`;

/** Returns how many rows were folded. Repeated after a lost answer it folds what is left, and counts nothing twice. */
export async function foldUsage(
  { $client }: Database,
  { fromHour, toHour, stretchHours, limit }: Fold,
): Promise<number> {
  const ask = (text: string) => $client.prepare(text).bind(fromHour, toHour, stretchHours, limit);
  const [, removed] = await $client.batch([
    ask(
      `INSERT INTO usage_hours (${NAMES}, ${COUNTS.join(', ')})
       SELECT organisation_id, hour - hour % ?3, client_id, route, status, code, ${COUNTS.map((name) => `sum(${name})`).join(', ')}
       FROM usage_hours WHERE ${FOLDED} GROUP BY 1, 2, 3, 4, 5, 6
       ON CONFLICT (${NAMES}) DO UPDATE SET ${COUNTS.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
    ),
    ask(`DELETE FROM usage_hours WHERE ${FOLDED}`),
  ]);
  return removed?.meta.changes ?? 0;
}
