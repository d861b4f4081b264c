/** Adds a row to a chain of hashes in D1. D1: one read and one batch; both again when another row came between. Objects: none. */
import { outage, retryKeyedWrite, retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import type { ChainEnd } from '#kernel/chain.ts';

/**
 * How often a row is tied to the end anew: of those who write at once one always gets through, and programs end as many
 * applications at once as an organisation may have (20), or more.
 */
const ATTEMPTS = 30;
/** Longest pause after the first of them, milliseconds; after each further one as much longer. */
const PAUSE_MS = 10;

/** A chain in D1. */
export interface ChainPort<Row extends ChainEnd> {
  readonly readEnd: () => Promise<ChainEnd>;
  readonly rowAfter: (end: ChainEnd) => Promise<Row>;
  /** Inserts the row with the changes that belong to it; whether it stands there now. */
  readonly insert: (row: Row) => Promise<boolean>;
  /** Whether the row stands there. */
  readonly holds: (row: Row) => Promise<boolean>;
  /** Whether an insert failed because another row is at its place. */
  readonly isTaken: (error: unknown) => boolean;
}

/** True once the row stands in the chain; false, and nothing is written, where `insert` wrote none. */
export async function addToChain<Row extends ChainEnd>(
  scope: Scope,
  chain: ChainPort<Row>,
): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const row = await chain.rowAfter(await retryRead(scope, chain.readEnd));
    try {
      return await retryKeyedWrite(scope, () => chain.insert(row));
    } catch (error) {
      if (!chain.isTaken(error)) throw error;
      // A write whose answer was lost has happened after all: what is at its place is the row itself.
      if (await retryRead(scope, () => chain.holds(row))) return true;
      // Each for another while, or all of them would meet again.
      const [share = 0] = crypto.getRandomValues(new Uint8Array(1));
      await scheduler.wait((share / 256) * PAUSE_MS * (attempt + 1));
    }
  }
  throw outage('chain too busy');
}
