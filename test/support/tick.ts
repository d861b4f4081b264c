/** The schedule as it ticks at a given time, in an isolate of its own. */
import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createScheduled } from '#app.ts';
import type { LogLine } from '#edge/log.ts';

/** Runs what is due at the tick; returns what it logged. */
export async function runTick(nowMs: number, bindings: Record<string, unknown> = {}): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  const scheduled = createScheduled({
    clock: { nowMs: () => nowMs },
    log: (_level, line) => void lines.push(line),
  });
  const context = createExecutionContext();
  const own = { ...env, ...bindings } as unknown as Env;
  await scheduled(createScheduledController({ scheduledTime: nowMs }), own, context);
  await waitOnExecutionContext(context);
  return lines;
}
