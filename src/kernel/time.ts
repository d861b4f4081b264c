/** Time as values: clocks are passed in, instants are epoch seconds (`...At`) or epoch milliseconds (`...Ms`). */

/** The one source of time; only edge makes the real one. */
export interface Clock {
  nowMs(): number;
}

export const MINUTE_SECONDS = 60;
export const HOUR_SECONDS = 3_600;
export const DAY_SECONDS = 86_400;

/** Epoch milliseconds to whole epoch seconds, rounded down. */
export function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** Epoch seconds to RFC 3339 in UTC, without a fraction: `2026-11-22T15:35:00Z`. */
export function renderInstant(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

// RFC 3339 section 5.6: date-time with a mandatory offset; lower-case t and z are allowed.
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The last second that RFC 3339 can write in UTC: 9999-12-31T23:59:59Z. */
const LAST_INSTANT = 253_402_300_799;

/** RFC 3339 date-time with offset to epoch seconds (fraction cut, 23:59:60 read as the next second), else undefined. */
export function parseInstant(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offsetHours = Number(match[8] ?? 0);
  const offsetMinutes = Number(match[9] ?? 0);
  if (!isCalendarDay(year, month, day) || hour > 23 || minute > 59 || second > 60) return undefined;
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offset = (match[7] === '-' ? -1 : 1) * (offsetHours * HOUR_SECONDS + offsetMinutes * MINUTE_SECONDS);
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - offset;
  // An offset can carry the last day of 9999 into a year that could not be written back.
  return seconds <= LAST_INSTANT ? seconds : undefined;
}

/** A calendar day `2026-11-22` to the epoch seconds of its first UTC second, else undefined. */
export function parseDay(text: string): number | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  return isCalendarDay(year, month, day) ? Date.UTC(year, month - 1, day) / 1000 : undefined;
}
