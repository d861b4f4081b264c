/**
 * The figures' rows: written whole and in bulk, summed where they lie. Texts rather than Drizzle's builders, as the tables
 * would weigh more in the bundle than they say here.
 */
import type { Database } from '#edge/database.ts';
import {
  DAY_MINUTES,
  type DayFigures,
  type Evidence,
  FIGURE_KINDS,
  type FigureKind,
  NO_TALLIES,
  NO_TALLY,
  type Tally,
} from '#edge/figures.ts';

/** What one isolate counted in a minute. */
export interface MinuteTally extends Tally {
  readonly minute: number;
  readonly kind: FigureKind | 'probe';
}

const COUNTS = ['requests', 'answered', 'faults', 'total_ms'];
const COLUMNS = COUNTS.join(', ');
const SUMS = COUNTS.map((name) => `sum(${name}) ${name}`).join(', ');

/** In the order of their columns. */
function countsOf({ requests, answered, faults, totalMs }: Tally): readonly number[] {
  return [requests, answered, faults, totalMs];
}

/** Writes the totals of `source` so far; the same again changes nothing. */
export async function writeMinutes(
  database: Database,
  source: string,
  tallies: readonly MinuteTally[],
): Promise<void> {
  await database.$client
    .prepare(
      `INSERT INTO figure_minutes (minute, kind, source, ${COLUMNS})
       SELECT value ->> 0, value ->> 1, ?2, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?1)
       WHERE true ON CONFLICT DO UPDATE SET ${COUNTS.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    )
    .bind(JSON.stringify(tallies.map((tally) => [tally.minute, tally.kind, ...countsOf(tally)])), source)
    .run();
}

/** Makes the rows of each minute one, from `from` to before `to`; a later row of a minute is added the next time. */
export async function foldMinutes(database: Database, from: number, to: number): Promise<void> {
  const { $client } = database;
  const rows = "FROM figure_minutes WHERE minute >= ?1 AND minute < ?2 AND source <> ''";
  await $client.batch([
    $client
      .prepare(
        `INSERT INTO figure_minutes (minute, kind, source, ${COLUMNS})
         SELECT minute, kind, '', ${SUMS} ${rows} GROUP BY minute, kind
         ON CONFLICT DO UPDATE SET ${COUNTS.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
      )
      .bind(from, to),
    $client.prepare(`DELETE ${rows}`).bind(from, to),
  ]);
}

interface TallyRow {
  readonly day: number;
  readonly kind: FigureKind | 'probe' | 'all';
  readonly requests: number;
  readonly answered: number;
  readonly faults: number;
  readonly total_ms: number;
}

interface DayRow extends TallyRow {
  readonly measured_seconds: number;
  readonly down_seconds: number;
}

/** What is kept: days that are over and written up, and what is known of the days since. */
export interface KeptFigures {
  readonly closed: readonly DayFigures[];
  readonly open: ReadonlyMap<number, DayFigures['tallies']>;
  readonly evidence: readonly Evidence[];
  /** First minute of which anything is known. */
  readonly firstMinute: number | undefined;
}

/** Tallies by day of the rows of one day or several. */
function talliesOf(rows: readonly TallyRow[]): Map<number, Record<FigureKind, Tally>> {
  const days = new Map<number, Record<FigureKind, Tally>>();
  for (const { day, kind, requests, answered, faults, total_ms: totalMs } of rows) {
    const tallies = days.get(day) ?? { ...NO_TALLIES };
    if (kind !== 'probe' && kind !== 'all') tallies[kind] = { requests, answered, faults, totalMs };
    days.set(day, tallies);
  }
  return days;
}

const OPEN = `minute >= max(?1, coalesce((SELECT max(day) + 1 FROM figure_days), 0)) * ${DAY_MINUTES}`;

/** The days from `from` to `to` that are written up, and whatever is known of later days from `openFrom` on. */
export async function readKept(
  database: Database,
  { from, to, openFrom }: { readonly from: number; readonly to: number; readonly openFrom: number },
): Promise<KeptFigures> {
  const { $client } = database;
  const [days, open, evidence, first] = (await $client.batch([
    $client.prepare('SELECT * FROM figure_days WHERE day BETWEEN ?1 AND ?2').bind(from, to),
    $client
      .prepare(
        `SELECT minute / ${DAY_MINUTES} day, kind, ${SUMS} FROM figure_minutes WHERE ${OPEN} GROUP BY 1, 2`,
      )
      .bind(openFrom),
    $client
      .prepare(
        `SELECT minute, sum(iif(kind = 'probe', 0, answered)) answered, sum(iif(kind = 'probe', 0, faults)) faults,
           sum(iif(kind = 'probe', requests, 0)) probes, sum(iif(kind = 'probe', faults, 0)) failedProbes
         FROM figure_minutes WHERE ${OPEN} GROUP BY minute`,
      )
      .bind(openFrom),
    $client.prepare(
      `SELECT min(minute) minute FROM (SELECT min(minute) minute FROM figure_minutes
         UNION ALL SELECT min(day) * ${DAY_MINUTES} FROM figure_days)`,
    ),
  ])) as unknown as [
    D1Result<DayRow>,
    D1Result<TallyRow>,
    D1Result<Evidence>,
    D1Result<{ minute: number | null }>,
  ];
  const closed = talliesOf(days.results);
  return {
    closed: days.results
      .filter(({ kind }) => kind === 'all')
      .map(({ day, measured_seconds: measuredSeconds, down_seconds: downSeconds }) => ({
        day,
        tallies: closed.get(day) ?? NO_TALLIES,
        measuredSeconds,
        downSeconds,
      })),
    open: talliesOf(open.results),
    evidence: evidence.results,
    firstMinute: first.results[0]?.minute ?? undefined,
  };
}

/** Days written up are kept for longer than two years of quarterly reports. */
const KEPT_DAYS = 800;

/** Writes up days that are over and removes the minutes before `minutesFrom`; a day written up stays as it is. */
export async function closeDays(
  database: Database,
  days: readonly DayFigures[],
  { today, minutesFrom }: { readonly today: number; readonly minutesFrom: number },
): Promise<void> {
  const { $client } = database;
  const rows = days.flatMap(({ day, tallies, measuredSeconds, downSeconds }) => [
    ...Array.from(FIGURE_KINDS, (kind) => [day, kind, ...countsOf(tallies[kind]), 0, 0]),
    [day, 'all', ...countsOf(NO_TALLY), measuredSeconds, downSeconds],
  ]);
  await $client.batch([
    $client
      .prepare(
        `INSERT INTO figure_days (day, kind, ${COLUMNS}, measured_seconds, down_seconds)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
         FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`,
      )
      .bind(JSON.stringify(rows)),
    $client.prepare('DELETE FROM figure_minutes WHERE minute < ?1').bind(minutesFrom),
    $client.prepare('DELETE FROM figure_days WHERE day < ?1').bind(today - KEPT_DAYS),
  ]);
}
