/** One page cut out of what several accounts' stretches hold, newest first, and where the pages beside it begin. */
import type { Transaction } from '#bank/transaction.ts';
import type { CursorPosition } from '#kernel/cursor.ts';

export interface TransactionPage {
  /** Newest first by (createdAt, transactionId). */
  readonly rows: readonly Transaction[];
  /** Where the next (older) page begins, while there is one. */
  readonly next: CursorPosition | undefined;
  /** Where the previous (newer) page begins, while there is one. */
  readonly prev: CursorPosition | undefined;
}

/** Newest first. */
function compare(left: Transaction, right: Transaction): number {
  if (left.createdAt !== right.createdAt) return right.createdAt - left.createdAt;
  return left.transactionId < right.transactionId ? 1 : -1;
}

function positionOf(row: Transaction | undefined, direction: 'next' | 'prev'): CursorPosition | undefined {
  return row === undefined ? undefined : { createdAt: row.createdAt, id: row.transactionId, direction };
}

/**
 * Cuts a page of `limit`. Each stretch was read from `position` on, one row more than the page holds, so that what is
 * left over tells whether another page follows.
 */
export function cutPage(
  stretches: readonly (readonly Transaction[])[],
  limit: number,
  position: CursorPosition | undefined,
): TransactionPage {
  const goingNewer = position?.direction === 'prev';
  const found = stretches.flat().sort(compare);
  const more = found.length > limit;
  const rows = goingNewer ? found.slice(-limit) : found.slice(0, limit);
  return {
    rows,
    // Who came from the one side can go back there: the page's edge row is still in the list.
    next: goingNewer || more ? positionOf(rows.at(-1), 'next') : undefined,
    prev: (goingNewer ? more : position !== undefined) ? positionOf(rows[0], 'prev') : undefined,
  };
}
