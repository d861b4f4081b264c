/** How the days' figures are written for programs: JSON, and CSV with the columns regulators ask for. */
import { allOf, availabilityOf, type DayFigures, errorRateOf, meanMs } from '#edge/day-figures.ts';
import type { Tally } from '#edge/figures.ts';
import { type FieldError, ok, type Result, refuse } from '#kernel/result.ts';
import { DAY_SECONDS, parseDay, renderInstant } from '#kernel/time.ts';

/** Most days of one answer: a quarter, which is what regulators ask for at once. */
const MOST_DAYS = 92;
/** Days shown unless asked for. */
const USUAL_DAYS = 30;

/** `2026-11-22` of days since 1970. */
export function renderDay(day: number): string {
  return renderInstant(day * DAY_SECONDS).slice(0, 10);
}

export interface DaySpan {
  readonly from: number;
  readonly to: number;
}

/** The days asked for (`from`, `to`: dates, both included); at most 92, the last 30 unless given. */
export function parseDaySpan(
  { from, to }: { readonly from: string | undefined; readonly to: string | undefined },
  today: number,
): Result<DaySpan> {
  const errors: FieldError[] = [];
  const read = (field: string, text: string | undefined, otherwise: number): number => {
    if (text === undefined) return otherwise;
    const at = parseDay(text);
    if (at === undefined) errors.push({ field, code: 'invalid', message: 'Write a date: 2026-11-22.' });
    return at === undefined ? otherwise : at / DAY_SECONDS;
  };
  const last = read('to', to, today);
  const first = read('from', from, last - USUAL_DAYS + 1);
  if (errors.length === 0 && (first > last || last - first >= MOST_DAYS)) {
    errors.push({ field: 'from', code: 'invalid', message: `Ask for 1 to ${MOST_DAYS} days.` });
  }
  return errors.length === 0
    ? ok({ from: first, to: last })
    : refuse('invalid_request', 'days not readable', { errors });
}

/** Rounded to what the figure can mean; absent figures are null. */
function rounded(value: number | undefined, digits: number): number | null {
  return value === undefined ? null : Number(value.toFixed(digits));
}

function renderTally(tally: Tally) {
  return { requests: tally.requests, mean_ttlb_ms: rounded(meanMs(tally), 1) };
}

function renderDayFigures(day: DayFigures) {
  const { requests, faults } = allOf(day);
  const availability = availabilityOf(day);
  return {
    date: renderDay(day.day),
    availability_percent: rounded(availability, 3),
    downtime_percent: rounded(availability === undefined ? undefined : 100 - availability, 3),
    down_seconds: day.downSeconds,
    measured_seconds: day.measuredSeconds,
    error_rate_percent: rounded(errorRateOf(day), 3),
    requests,
    errors: faults,
    ais: renderTally(day.tallies.ais),
    pis: renderTally(day.tallies.pis),
    cof: renderTally(day.tallies.cof),
  };
}

export function renderFigures(days: readonly DayFigures[], now: number) {
  return { generated_at: renderInstant(now), days: days.map(renderDayFigures) };
}

const CSV_COLUMNS: Readonly<Record<string, (day: ReturnType<typeof renderDayFigures>) => unknown>> = {
  date: (day) => day.date,
  availability_percent: (day) => day.availability_percent,
  downtime_percent: (day) => day.downtime_percent,
  ais_mean_ttlb_ms: (day) => day.ais.mean_ttlb_ms,
  pis_mean_ttlb_ms: (day) => day.pis.mean_ttlb_ms,
  cof_mean_ttlb_ms: (day) => day.cof.mean_ttlb_ms,
  error_rate_percent: (day) => day.error_rate_percent,
  ais_requests: (day) => day.ais.requests,
  pis_requests: (day) => day.pis.requests,
  cof_requests: (day) => day.cof.requests,
  requests: (day) => day.requests,
  errors: (day) => day.errors,
  down_seconds: (day) => day.down_seconds,
  measured_seconds: (day) => day.measured_seconds,
};

/** One line a day under a line of names; an absent figure is empty. Source: RFC 4180. */
export function renderCsv(days: readonly DayFigures[]): string {
  const lines = days.map(renderDayFigures).map((day) => Object.values(CSV_COLUMNS).map((pick) => pick(day)));
  return [Object.keys(CSV_COLUMNS), ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}
