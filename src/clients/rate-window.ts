/** The rate window of a client: 60 s from its first counted request, exact. Times are epoch milliseconds. */
import type { RateWindow } from '#clients/admission.ts';

/** Length of a window. Source: the published guide ("req/min"). */
export const WINDOW_MS = 60_000;

/** What is kept of a window between requests; `startedAtMs` 0 and `count` 0 before the first. */
export interface WindowRecord {
  readonly startedAtMs: number;
  readonly count: number;
}

/**
 * The window as it stands at `nowMs`. A clock that went back reads as the window's start, so that no skew between
 * machines can open a second window inside the first.
 */
export function currentWindow(record: WindowRecord, nowMs: number): WindowRecord {
  return nowMs - record.startedAtMs >= WINDOW_MS ? { startedAtMs: nowMs, count: 0 } : record;
}

/** What the caller is told of a window. */
export function describeWindow(record: WindowRecord, limit: number, nowMs: number): RateWindow {
  const endsAtMs = record.startedAtMs + WINDOW_MS;
  return {
    limit,
    remaining: Math.max(0, limit - record.count),
    resetSeconds: secondsUntil(endsAtMs, nowMs),
    endsAtMs,
  };
}

/** Whole seconds until an instant, rounded up, at least 1: a caller who waits that long is never too early. */
export function secondsUntil(instantMs: number, nowMs: number): number {
  return Math.max(1, Math.ceil((instantMs - nowMs) / 1000));
}
