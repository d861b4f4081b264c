/** The audit of what operators did: what a row says, and the chain of hashes that rows make. Times are epoch seconds. */
import { digestOf } from '#kernel/encoding.ts';

/** What an operator can do that is written down. */
export type ActionName =
  | 'client.find'
  | 'client.suspend'
  | 'client.resume'
  | 'client.limit'
  | 'consent.find'
  | 'consent.end'
  | 'payment.find'
  | 'customer.unlock'
  | 'directory.distrust'
  | 'directory.trust'
  | 'signing_key.rotate'
  | 'signing_key.remove'
  | 'operator_key.create'
  | 'operator_key.revoke'
  | 'import';

/** What is to be written down, beside who did it and when. */
export interface Deed {
  readonly action: ActionName;
  /** The id of what it was done to. */
  readonly subject: string;
  /** JSON values; no secrets, no password. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A row of the audit. */
export interface OperatorAction {
  readonly sequence: number;
  readonly at: number;
  /** Name of the operator's key. */
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  /** JSON text, as it was hashed. */
  readonly detail: string;
  /** The address the command came from. */
  readonly source: string;
  readonly requestId: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** What the first row has for the hash before it. */
const NO_HASH = '';

/** Where a chain ends: what the next row is tied to. */
export interface ChainEnd {
  readonly sequence: number;
  readonly hash: string;
}

export const EMPTY_CHAIN: ChainEnd = { sequence: 0, hash: NO_HASH };

/** The hash of a row: SHA-256, base64url, over the JSON array of its columns in the table's order, the previous hash first. */
async function hashOf(row: Omit<OperatorAction, 'hash'>): Promise<string> {
  const { previousHash, sequence, at, actor, action, subject, detail, source, requestId } = row;
  return digestOf(
    JSON.stringify([previousHash, sequence, at, actor, action, subject, detail, source, requestId]),
  );
}

/** The row that comes after `end`. */
export async function nextAction(
  end: ChainEnd,
  row: Omit<OperatorAction, 'sequence' | 'previousHash' | 'hash'>,
): Promise<OperatorAction> {
  const linked = { ...row, sequence: end.sequence + 1, previousHash: end.hash };
  return { ...linked, hash: await hashOf(linked) };
}

/** Follows rows from `end` on; a fault names the first row that is not what it was, or is not there. */
export async function followChain(
  end: ChainEnd,
  rows: readonly OperatorAction[],
): Promise<{ readonly end: ChainEnd } | { readonly fault: string }> {
  let last = end;
  for (const row of rows) {
    if (row.sequence !== last.sequence + 1) {
      return { fault: `row ${last.sequence + 1} is missing: row ${row.sequence} stands in its place` };
    }
    if (row.previousHash !== last.hash) {
      return { fault: `row ${row.sequence} does not follow row ${last.sequence}` };
    }
    if ((await hashOf(row)) !== row.hash) return { fault: `row ${row.sequence} was changed` };
    last = { sequence: row.sequence, hash: row.hash };
  }
  return { end: last };
}
