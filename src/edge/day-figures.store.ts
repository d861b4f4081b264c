/** The figures of days: summed where the minutes lie, and written up once they are over. */
import type { Database } from '#edge/database.ts';
import { DAY_MINUTES, type DayFigures, type Evidence, NO_TALLIES } from '#edge/day-figures.ts';
import { COUNTS, countsOf, insertRows } from '#edge/figures.store.ts';
import { FIGURE_KINDS, type FigureKind, NO_TALLY, type Tally } from '#edge/figures.ts';

const SUMS = COUNTS.map((name) => `sum(${name}) ${name}`).join(', ');

/** Makes the rows of each minute one, from `from` to before `to`; a later row of a minute is added the next time. */
export async function foldMinutes(database: Database, from: number, to: number): Promise<void> {
  const { $client } = database;
  const rows = "FROM figure_minutes WHERE minute >= ?1 AND minute < ?2 AND source <> ''";
  await $client.batch([
    $client
      .prepare(
        `INSERT INTO figure_minutes (minute, kind, source, ${COUNTS.join(', ')})
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
    insertRows(
      database,
      'figure_days',
      ['day', 'kind', ...COUNTS, 'measured_seconds', 'down_seconds'],
      rows,
      'NOTHING',
    ),
    $client.prepare('DELETE FROM figure_minutes WHERE minute < ?1').bind(minutesFrom),
    $client.prepare('DELETE FROM figure_days WHERE day < ?1').bind(today - KEPT_DAYS),
  ]);
}
