/** The rate window: 60 s from the first counted request, never two at once. */
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentWindow, describeWindow, secondsUntil, WINDOW_MS } from '#clients/rate-window.ts';

const START = 1_000_000;

describe('currentWindow', () => {
  it.each([
    ['at its start', 0, { startedAtMs: START, count: 3 }],
    ['below its end', WINDOW_MS - 1, { startedAtMs: START, count: 3 }],
    ['at its end', WINDOW_MS, { startedAtMs: START + WINDOW_MS, count: 0 }],
    ['above its end', WINDOW_MS + 1, { startedAtMs: START + WINDOW_MS + 1, count: 0 }],
    ['before its start', -5_000, { startedAtMs: START, count: 3 }],
  ])('%s', (_name, afterMs, expected) => {
    expect(currentWindow({ startedAtMs: START, count: 3 }, START + afterMs)).toEqual(expected);
  });

  it('allows no more than the limit from any window, whatever the clocks of the callers say', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: -90_000, max: 90_000 }), { maxLength: 60 }),
        (limit, steps) => {
          let nowMs = START;
          let record = { startedAtMs: 0, count: 0 };
          const admitted = new Map<number, number>();
          let latestStart = 0;
          for (const step of steps) {
            nowMs += step;
            const running = currentWindow(record, nowMs);
            expect(running.startedAtMs).toBeGreaterThanOrEqual(latestStart);
            if (running.startedAtMs !== latestStart && latestStart !== 0) {
              expect(running.startedAtMs - latestStart).toBeGreaterThanOrEqual(WINDOW_MS);
            }
            if (running.count >= limit) continue;
            record = { startedAtMs: running.startedAtMs, count: running.count + 1 };
            latestStart = record.startedAtMs;
            admitted.set(latestStart, (admitted.get(latestStart) ?? 0) + 1);
          }
          for (const count of admitted.values()) expect(count).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: env.TEST_LENGTH === 'long' ? 20_000 : 500 },
    );
  });
});

describe('describeWindow', () => {
  it('says what is left and when it ends', () => {
    expect(describeWindow({ startedAtMs: START, count: 1 }, 100, START + 500)).toEqual({
      limit: 100,
      remaining: 99,
      resetSeconds: 60,
      endsAtMs: START + WINDOW_MS,
    });
  });

  it('never says less than nothing is left', () => {
    expect(describeWindow({ startedAtMs: START, count: 9 }, 5, START).remaining).toBe(0);
  });
});

it.each([
  [0, 1],
  [1, 1],
  [1_000, 1],
  [1_001, 2],
  [-5, 1],
])('a wait of %i ms is %i seconds', (ms, seconds) => {
  expect(secondsUntil(START + ms, START)).toBe(seconds);
});
