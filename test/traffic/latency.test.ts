/** Percentiles from buckets: never further from the true one than what is promised. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { bucketOf, LATENCY_BUCKETS, percentileOf } from '#traffic/latency.ts';

function countsOf(times: readonly number[]): number[] {
  const counts = Array.from({ length: LATENCY_BUCKETS }, () => 0);
  for (const ms of times) counts[bucketOf(ms)] = (counts[bucketOf(ms)] ?? 0) + 1;
  return counts;
}

it('knows no percentile of nothing', () => {
  expect(percentileOf(countsOf([]), 0.5)).toBeUndefined();
  expect(percentileOf([], 0.5)).toBeUndefined();
});

it.each([
  [0, 0],
  [1, 1],
  [2, 4],
  [3, 5],
  [4, 7],
  [1_024, 31],
  [32_767, 45],
  [32_768, 45],
  [1_000_000, 45],
])('puts %d ms into bucket %d', (ms, bucket) => {
  expect(bucketOf(ms)).toBe(bucket);
});

it('is exact up to 3 ms', () => {
  for (const ms of [0, 1, 2, 3]) expect(percentileOf(countsOf([ms, ms]), 0.5)).toBe(ms);
});

it('is within 12.3 % of the true percentile by nearest rank', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 32_000 }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.95),
      (times, share) => {
        const sorted = times.toSorted((a, b) => a - b);
        const truth = sorted[Math.ceil(share * times.length) - 1] ?? 0;
        const found = percentileOf(countsOf(times), share) ?? -1;
        // Rounding to three figures adds at most half of the third.
        expect(Math.abs(found - truth)).toBeLessThanOrEqual(truth * 0.123 + 0.005 * found);
      },
    ),
    { numRuns: 500 },
  );
});
