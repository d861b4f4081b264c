/** Work that an isolate does once for many requests, some time after the first of them. */
import type { Scope } from '#edge/scope.ts';

/** Planned work that did not begin by then was ended with its request: it is planned again. */
const PLAN_LOST_MS = 30_000;

export interface Planned {
  /** Epoch milliseconds; undefined while nothing is planned. */
  plannedAtMs: number | undefined;
}

/** Has `work` done `pauseMs` from now, where it is not planned already. */
export function planOnce(
  scope: Scope,
  planned: Planned,
  { nowMs, pauseMs }: { readonly nowMs: number; readonly pauseMs: number },
  work: () => Promise<void>,
): void {
  if (planned.plannedAtMs !== undefined && nowMs - planned.plannedAtMs < PLAN_LOST_MS) return;
  planned.plannedAtMs = nowMs;
  const waitAndWork = async (): Promise<void> => {
    await scheduler.wait(pauseMs);
    planned.plannedAtMs = undefined;
    await work();
  };
  scope.defer(waitAndWork());
}
