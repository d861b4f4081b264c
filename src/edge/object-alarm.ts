/**
 * The one alarm of a Durable Object, in its callers' time: methods are told `nowMs`, and what they call due must come
 * due by that clock, also where it differs from the machine's.
 */
import { systemClock } from '#edge/system-clock.ts';

interface Setting {
  readonly dueMs: number;
  /** The same instant by this machine's clock. */
  readonly ownMs: number;
}

const KEY = 'alarm';

/** Sets the alarm for `dueMs`, or none. Commits with the writes around it; one that is set already stays. */
export function setObjectAlarm(
  storage: DurableObjectStorage,
  nowMs: number,
  dueMs: number | undefined,
): void {
  const setting = storage.kv.get<Setting>(KEY);
  if (setting?.dueMs === dueMs) return;
  if (dueMs === undefined) {
    storage.kv.delete(KEY);
    void storage.deleteAlarm();
    return;
  }
  const ownMs = systemClock.nowMs() + Math.max(0, dueMs - nowMs);
  storage.kv.put<Setting>(KEY, { dueMs, ownMs });
  // A failure to store resets the object, so nobody has to wait for it.
  void storage.setAlarm(ownMs);
}

/** Begins an alarm's run: the time it is by the callers' clock, never before what it was set for. */
export function openObjectAlarm(storage: DurableObjectStorage): number {
  const setting = storage.kv.get<Setting>(KEY);
  const ownNowMs = systemClock.nowMs();
  if (setting === undefined) return ownNowMs;
  storage.kv.delete(KEY);
  return setting.dueMs + Math.max(0, ownNowMs - setting.ownMs);
}
