/**
 * How long calls took, counted into buckets that grow by the cube root of two: a percentile is at most 12.3 % away from
 * the true one, whatever the times were, and buckets of many hours add up. Times are whole milliseconds.
 */

/** Buckets an octave; the error of a percentile is half a bucket: 2^(1/6) - 1 = 12.25 %. */
const STEPS = 3;
/** Bucket 0 holds 0 ms, the last one everything from 32.8 s on. */
export const LATENCY_BUCKETS = 46;
/** Their columns in D1. */
export const BUCKETS = Array.from({ length: LATENCY_BUCKETS }, (_, bucket) => `b${bucket}` as const);

/** The bucket of a time. */
export function bucketOf(ms: number): number {
  if (ms < 1) return 0;
  return Math.min(LATENCY_BUCKETS - 1, Math.floor(Math.log2(ms) * STEPS) + 1);
}

/** The middle of the whole milliseconds that a bucket holds, by ratio. */
function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  const first = Math.ceil(2 ** ((bucket - 1) / STEPS));
  const last = Math.max(first, Math.ceil(2 ** (bucket / STEPS)) - 1);
  return Math.sqrt(first * last);
}

/**
 * The time within which the share (0 to 1) of the counted calls were answered, by nearest rank; undefined where none was
 * counted. `counts` has one number a bucket.
 */
export function percentileOf(counts: readonly number[], share: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  for (const [bucket, count] of counts.entries()) {
    seen += count;
    if (seen >= rank) return Number(middleOf(bucket).toPrecision(3));
  }
  return undefined;
}
