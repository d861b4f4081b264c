/**
 * Folds usage that is only asked for by longer stretches: so that a month of a busy organisation is read as some ten
 * thousand rows, not several hundred thousand. D1: one batch for 5,000 rows, at most 40. Objects: none.
 */
import type { Scope } from '#edge/scope.ts';
import { HOUR_SECONDS } from '#kernel/time.ts';
import { USAGE_FOLDS } from '#traffic/retention.ts';
import { foldUsage } from '#traffic/usage-fold.store.ts';

const ROWS = 5_000;
const ROUNDS = 20;
/** How far back rows are looked for: as late as messages usually come, and longer than a schedule stands still. */
const LOOKED_BACK_HOURS = 96;

/** For the schedule: every hour. What a run leaves, the next one takes; rows not folded yet are counted all the same. */
export async function foldOldUsage(scope: Scope): Promise<void> {
  const nowHour = Math.floor(scope.now / HOUR_SECONDS);
  for (const { afterHours, stretchHours } of USAGE_FOLDS) {
    // Whole stretches alone, by the clock, as the series has them.
    const toHour = Math.floor((nowHour - afterHours) / stretchHours) * stretchHours;
    const fold = { fromHour: toHour - LOOKED_BACK_HOURS, toHour, stretchHours, limit: ROWS };
    for (let round = 0; round < ROUNDS; round += 1) {
      if ((await foldUsage(scope.database, fold)) < ROWS) break;
    }
  }
}
