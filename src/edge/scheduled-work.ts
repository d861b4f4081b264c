/** Scheduled work: every tick of the cron trigger, or once a day; a job that fails does not keep others from running. */
import { describeError } from '#edge/log.ts';
import type { Scope } from '#edge/scope.ts';

export interface ScheduledJob {
  readonly name: string;
  readonly every: 'tick' | 'day';
  /** Bounded, and harmless to repeat: a tick may be lost or come late. */
  readonly run: (scope: Scope) => Promise<unknown>;
}

/** The trigger's period in wrangler.toml, minutes. */
const TICK_MINUTES = 5;
/** Hour (UTC) of the daily jobs: few customers in the United Kingdom are awake. */
const DAILY_HOUR = 3;

/** Whether a tick is the one of its day that runs daily jobs. */
export function isDailyTick(scheduledAtMs: number): boolean {
  const at = new Date(scheduledAtMs);
  return at.getUTCHours() === DAILY_HOUR && at.getUTCMinutes() < TICK_MINUTES;
}

/** Runs what is due, one after the other. */
export async function runScheduled(
  scope: Scope,
  scheduledAtMs: number,
  jobs: readonly ScheduledJob[],
): Promise<void> {
  for (const { name, every, run } of jobs) {
    if (every === 'day' && !isDailyTick(scheduledAtMs)) continue;
    try {
      await run(scope);
    } catch (error) {
      scope.log('error', {
        event: 'scheduled_failed',
        request_id: scope.requestId,
        reason: `${name}: ${describeError(error)}`,
      });
    }
  }
}
