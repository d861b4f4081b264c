/** Chance that can be repeated: numbers that follow from a name alone, for seeded histories. Never for secrets. */
import { utf8 } from '#kernel/encoding.ts';

/** FNV-1a, 64 bits. */
function hashOf(name: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of utf8(name)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}

/**
 * The chance of a name, as a function that draws a whole number from `low` to `high`, both included: the same name gives
 * the same numbers in the same order (Knuth's linear congruential generator of 64 bits, the upper ones of each).
 */
export function chanceOf(name: string): (low: number, high: number) => number {
  let state = hashOf(name);
  return (low, high) => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return low + (Number(state >> 32n) % (high - low + 1));
  };
}

/** Sixteen hex digits that follow from a name. */
export function stableId(name: string): string {
  return hashOf(name).toString(16).padStart(16, '0');
}
