/** Chains of hashes: rows of which each holds the hash of the one before, so that a row changed, swapped or taken out shows. */
import { digestOf } from '#kernel/encoding.ts';

/** Where a chain ends: what the next row is tied to. */
export interface ChainEnd {
  readonly sequence: number;
  readonly hash: string;
}

/** What the first row is tied to. */
export const EMPTY_CHAIN: ChainEnd = { sequence: 0, hash: '' };

/** A row of a chain; sequences go 1, 2, 3 without a gap. */
export interface Chained extends ChainEnd {
  readonly previousHash: string;
}

/** What a row of some chain says, in the order in which it is hashed; the hash itself is not among it. */
export type ColumnsOf<Row> = (row: Row) => readonly (string | number)[];

/** The hash of a row: SHA-256, base64url, over the JSON array of the previous hash, the sequence and the columns. */
async function hashOf<Row extends Omit<Chained, 'hash'>>(
  row: Row,
  columnsOf: ColumnsOf<Row>,
): Promise<string> {
  return digestOf(JSON.stringify([row.previousHash, row.sequence, ...columnsOf(row)]));
}

/** The row that comes after `end`. */
export async function nextInChain<Row extends object>(
  end: ChainEnd,
  row: Row,
  columnsOf: ColumnsOf<Row>,
): Promise<Row & Chained> {
  const linked = { ...row, sequence: end.sequence + 1, previousHash: end.hash };
  return { ...linked, hash: await hashOf(linked, columnsOf) };
}

/** Follows rows from `end` on; a fault names the first row that is not what it was, or is not there. */
export async function followRows<Row extends Chained>(
  end: ChainEnd,
  rows: readonly Row[],
  columnsOf: ColumnsOf<Row>,
): Promise<{ readonly end: ChainEnd } | { readonly fault: string }> {
  let last = end;
  for (const row of rows) {
    if (row.sequence !== last.sequence + 1) {
      return { fault: `row ${last.sequence + 1} is missing: row ${row.sequence} stands in its place` };
    }
    if (row.previousHash !== last.hash) {
      return { fault: `row ${row.sequence} does not follow row ${last.sequence}` };
    }
    if ((await hashOf(row, columnsOf)) !== row.hash) return { fault: `row ${row.sequence} was changed` };
    last = { sequence: row.sequence, hash: row.hash };
  }
  return { end: last };
}
