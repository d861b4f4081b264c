/** How long and how much of the request log and of usage is kept. Source: issue "Dashboard", items 4 and 5. */
import { DAY_SECONDS } from '#kernel/time.ts';

/** Newest rows of the request log that an organisation keeps. */
export const KEPT_ROWS = 10_000;
/** Cutting reads what is kept, so it waits for so many rows; the schedule cuts what is left over. */
export const CUT_ABOVE_ROWS = 10_500;
/** Their age at most. */
export const KEPT_DAYS = 30;
/** The sums of an hour; a day more than the longest period that is asked for, which begins with a whole day. */
export const USAGE_KEPT_DAYS = 31;
/**
 * When hours become rows of longer stretches: once no period is asked for by shorter ones any more (usage.ts: 24 hours by the
 * hour, 7 days by quarter days, 30 days by days), and a few hours later.
 */
export const USAGE_FOLDS = [
  { afterHours: 30, stretchHours: 6 },
  { afterHours: 8 * 24, stretchHours: 24 },
] as const;
/** Minutes are there to find an hour's busiest one by: longer than a message takes to come. */
export const MINUTES_KEPT_DAYS = 3;
/** Messages are known for longer than the platform delivers one: 14 days. */
export const MESSAGES_KEPT_DAYS = 15;

/** The instant so many days ago, epoch milliseconds. */
export function daysAgoMs(nowMs: number, days: number): number {
  return nowMs - days * DAY_SECONDS * 1000;
}
