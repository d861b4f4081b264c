/**
 * Makes the seeded histories double entry: what an account's history says of one month is one journal, and what it began
 * with is another. The other side of each is one entry of the currency's opening account. Amounts are minor units.
 */
import type { LedgerRow, Transaction } from '#bank/transaction.ts';
import { balancedEntries, type JournalRow, type LedgerEntry, openingAccount } from '#bank/transfer.ts';
import { stableId } from '#sandbox/seed-random.ts';

export interface PostedHistory {
  readonly journals: readonly JournalRow[];
  /** The transactions given, with their journals, and behind them the other sides. */
  readonly transactions: readonly LedgerRow[];
}

/** Which posting a booked transaction is part of. */
function postingOf({ accountId, type, valueDate }: Transaction): string {
  return `${accountId} ${type === 'opening_balance' ? 'opening' : valueDate.slice(0, 7)}`;
}

/** The other side of a posting, dated with its last entry; none where it comes to nothing by itself. */
function otherSide(name: string, rows: readonly Transaction[], journalId: string): LedgerRow | undefined {
  const last = rows.at(-1);
  const sum = rows.reduce((total, { amountMinor }) => total + amountMinor, 0);
  if (last === undefined || sum === 0) return undefined;
  return {
    accountId: openingAccount(last.currency),
    createdAt: last.createdAt,
    transactionId: `txn_${stableId(`${name} other side`)}`,
    status: 'booked',
    amountMinor: -sum,
    currency: last.currency,
    bookedAt: last.createdAt,
    valueDate: last.valueDate,
    type: 'opening_balance',
    description: 'Seeded history',
    reference: null,
    counterpartyName: null,
    counterpartyAccount: last.accountId,
    merchantName: null,
    merchantCategoryCode: null,
    balanceAfterMinor: null,
    journalId,
  };
}

function toEntry(row: Transaction): LedgerEntry {
  const { accountId, amountMinor, currency, type, description } = row;
  return { accountId, amountMinor, currency, type, description };
}

/** Posts transactions that stand account by account, in the order of time. Pending ones are part of no journal. */
export function postHistory(transactions: readonly Transaction[]): PostedHistory {
  const postings = new Map<string, Transaction[]>();
  for (const row of transactions) {
    if (row.status === 'pending') continue;
    const name = postingOf(row);
    const rows = postings.get(name);
    if (rows === undefined) postings.set(name, [row]);
    else rows.push(row);
  }
  const journalIdOf = (name: string) => `jrn_${stableId(name)}`;
  const journals: JournalRow[] = [];
  const others: LedgerRow[] = [];
  for (const [name, rows] of postings) {
    const journalId = journalIdOf(name);
    const other = otherSide(name, rows, journalId);
    balancedEntries([...rows, ...(other === undefined ? [] : [other])].map(toEntry));
    journals.push({ journalId, kind: 'history', createdAt: rows.at(-1)?.createdAt ?? 0 });
    if (other !== undefined) others.push(other);
  }
  const own = transactions.map((row) => ({
    ...row,
    journalId: row.status === 'pending' ? null : journalIdOf(postingOf(row)),
  }));
  return { journals, transactions: [...own, ...others] };
}
