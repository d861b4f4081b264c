/** Chance that can be repeated: numbers that follow from a name alone, for seeded histories. Never for secrets. */

/** FNV-1a, 32 bits. */
function hashOf(name: string, basis = 0x811c9dc5): number {
  let hash = basis;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

export interface Chance {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** The chance of a name: the same name gives the same numbers in the same order (mulberry32). */
export function chanceOf(name: string): Chance {
  let state = hashOf(name);
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return { between, pick: (from) => from[between(0, from.length - 1)] ?? from[0] };
}

/** Sixteen hex digits that follow from a name. */
export function stableId(name: string): string {
  const left = hashOf(name);
  // Bases far apart keep the halves independent enough; the seed's test asserts that no two ids meet.
  const right = hashOf(`${name}#`, 0x1b873593 ^ left);
  return left.toString(16).padStart(8, '0') + right.toString(16).padStart(8, '0');
}
