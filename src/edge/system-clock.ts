/** The real clock, the only reading of it. */
import type { Clock } from '#kernel/time.ts';

export const systemClock: Clock = { nowMs: () => Date.now() };
