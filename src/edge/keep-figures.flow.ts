/** Figures as they are kept and read. D1: one batch each. Objects: none. */
import { closeDays, foldMinutes, type KeptFigures, readKept } from '#edge/day-figures.store.ts';
import { DAY_MINUTES, type DayFigures, judgedSpan, NO_TALLIES, standingOf } from '#edge/day-figures.ts';
import { writeMinutes } from '#edge/figures.store.ts';
import { tallyOf } from '#edge/figures.ts';
import { retryRead } from '#edge/outage.ts';
import { MINUTES_STILL_WRITTEN } from '#edge/record-answers.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { DAY_SECONDS, MINUTE_SECONDS } from '#kernel/time.ts';

/** Days not written up that are looked at: the daily job may have been missed several times. */
const OPEN_DAYS = 7;

export function dayOf(seconds: number): number {
  return Math.floor(seconds / DAY_SECONDS);
}

/** Notes whether the parts answered when they were asked at this tick. */
export async function recordProbe(scope: Scope, usable: boolean): Promise<void> {
  const minute = Math.floor(scope.now / MINUTE_SECONDS);
  const tally = tallyOf({ status: usable ? 200 : 503, ms: 0 });
  await writeMinutes(scope.database, '', [{ minute, kind: 'probe', ...tally }]);
}

/** Makes one row of what the isolates counted, once none of them writes it any more. */
export async function foldFigures(scope: Scope): Promise<void> {
  const to = Math.floor(scope.now / MINUTE_SECONDS) - MINUTES_STILL_WRITTEN;
  await foldMinutes(scope.database, to - DAY_MINUTES, to);
}

/** The days from `from` to `to`, oldest first; `to` may be today. */
function daysOf(scope: Scope, kept: KeptFigures, from: number, to: number): readonly DayFigures[] {
  const { firstMinute } = kept;
  if (firstMinute === undefined) return [];
  // No schedule runs in a local sandbox, so nothing is probed.
  const expectsProbes = !scope.settings.issuerIsLoopback;
  const days: DayFigures[] = [];
  for (let day = Math.max(from, Math.floor(firstMinute / DAY_MINUTES)); day <= to; day += 1) {
    days.push(
      kept.closed.find((written) => written.day === day) ?? {
        day,
        tallies: kept.open.get(day) ?? NO_TALLIES,
        ...standingOf(kept.evidence, { ...judgedSpan(day, firstMinute, scope.now), expectsProbes }),
      },
    );
  }
  return days;
}

/** The figures of the days from `from` to `to` (days since 1970, both included), oldest first, today's so far. */
export async function readFigures(scope: Scope, from: number, to: number): Promise<readonly DayFigures[]> {
  const openFrom = dayOf(scope.now) - OPEN_DAYS;
  const kept = await retryRead(scope, () => readKept(scope.database, { from, to, openFrom }));
  return daysOf(scope, kept, from, Math.min(to, dayOf(scope.now)));
}

/** Writes up the days that are over, and removes the minutes before yesterday. */
export async function writeUpDays(scope: Scope): Promise<void> {
  const today = dayOf(scope.now);
  const days = await readFigures(scope, today - OPEN_DAYS, today - 1);
  await closeDays(scope.database, days, { today, minutesFrom: (today - 1) * DAY_MINUTES });
}
