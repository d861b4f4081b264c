/** Scheduled work: every tick of the cron trigger, once an hour, or once a day; a job that fails does not keep others from running. */
import { describeError } from '#edge/log.ts';
import type { Scope } from '#edge/scope.ts';

export interface ScheduledJob {
  readonly name: string;
  readonly every: 'tick' | 'hour' | 'day';
  /** Bounded, and harmless to repeat: a tick may be lost or come late. */
  readonly run: (scope: Scope) => Promise<unknown>;
}

/** The trigger's period in wrangler.toml, minutes. */
const TICK_MINUTES = 5;
/** Hour (UTC) of the daily jobs: few customers in the United Kingdom are awake. */
const DAILY_HOUR = 3;

/** Whether a tick is the one of its hour that runs hourly jobs. */
export function isHourlyTick(scheduledAtMs: number): boolean {
  return new Date(scheduledAtMs).getUTCMinutes() < TICK_MINUTES;
}

/** Whether it is the hour of the daily jobs: what an hourly job asks, whose tick may come late. */
export function isDailyHour(nowMs: number): boolean {
  return new Date(nowMs).getUTCHours() === DAILY_HOUR;
}

/** Whether a tick is the one of its day that runs daily jobs. */
export function isDailyTick(scheduledAtMs: number): boolean {
  return isDailyHour(scheduledAtMs) && isHourlyTick(scheduledAtMs);
}

const IS_DUE = { tick: () => true, hour: isHourlyTick, day: isDailyTick } as const;

/** Runs what is due, one after the other. */
export async function runScheduled(
  scope: Scope,
  scheduledAtMs: number,
  jobs: readonly ScheduledJob[],
): Promise<void> {
  for (const { name, every, run } of jobs) {
    if (!IS_DUE[every](scheduledAtMs)) continue;
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
