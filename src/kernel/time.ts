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

/** A calendar day `2026-11-22` to the epoch seconds of its first UTC second, else undefined. */
export function parseDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const seconds = Date.UTC(year, month - 1, day) / 1000;
  // What is no day of its month was counted on into another one.
  return renderInstant(seconds).startsWith(text) ? seconds : undefined;
}

// RFC 3339 section 5.6: a time with a mandatory offset; lower-case t and z are allowed.
const TIME =
  /^[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d{1,9})?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/** The last second that RFC 3339 can write in UTC: 9999-12-31T23:59:59Z. */
const LAST_INSTANT = 253_402_300_799;

/** RFC 3339 date-time with offset to epoch seconds (fraction cut, 23:59:60 read as the next second), else undefined. */
export function parseInstant(text: string): number | undefined {
  const day = parseDay(text.slice(0, 10));
  const time = TIME.exec(text.slice(10));
  if (day === undefined || time === null) return undefined;
  const [, hour, minute, second, sign, offsetHour = 0, offsetMinute = 0] = time;
  const offset = Number(offsetHour) * HOUR_SECONDS + Number(offsetMinute) * MINUTE_SECONDS;
  const seconds =
    day +
    Number(hour) * HOUR_SECONDS +
    Number(minute) * MINUTE_SECONDS +
    Number(second) +
    (sign === '-' ? offset : -offset);
  // An offset can carry the last day of 9999 into a year that could not be written back.
  return seconds <= LAST_INSTANT ? seconds : undefined;
}
