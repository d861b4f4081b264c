/**
 * The whole content of a sandbox tenant on the day it is made: same day, same bytes. Each account's history is one journal,
 * with what it began with; the other side of that is one entry of the currency's opening account. Amounts are minor units.
 */
import type { Account } from '#bank/account.ts';
import type { TenantContent } from '#bank/tenant-content.ts';
import type { LedgerRow } from '#bank/transaction.ts';
import { openingAccount } from '#bank/transfer.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '#kernel/time.ts';
import { JOINT, MAIN, SEED_ACCOUNTS, SEED_CUSTOMERS, type SeedAccount } from '#sandbox/seed-accounts.ts';
import { entriesOfMonth, entry, ofAccount, shopEntry } from '#sandbox/seed-history.ts';
import { stableId } from '#sandbox/seed-random.ts';

/** Length of a seeded history. */
const HISTORY_YEARS = 2;

interface Window {
  /** First second of the history. */
  readonly from: number;
  /** First second after it: the midnight that begins the tenant's day. */
  readonly until: number;
}

/** The 24 months that end the day before `now` (UTC). On a 29 February they begin on 1 March. */
export function historyWindow(now: number): Window {
  const until = now - (now % DAY_SECONDS);
  const day = new Date(until * 1000);
  return { from: day.setUTCFullYear(day.getUTCFullYear() - HISTORY_YEARS) / 1000, until };
}

/** What was booked in all accounts, in the order of reading. */
function historyOf({ from, until }: Window): readonly LedgerRow[] {
  const first = new Date(from * 1000);
  const month = (first.getUTCFullYear() - 1970) * 12 + first.getUTCMonth();
  return Array.from({ length: HISTORY_YEARS * 12 + 1 }, (_, step) => entriesOfMonth(month + step))
    .flat()
    .filter(({ createdAt }) => createdAt >= from && createdAt < until)
    .sort((a, b) => a.createdAt - b.createdAt || (a.transactionId < b.transactionId ? -1 : 1));
}

/** What is not booked yet on the tenant's first day: two card payments to come, and a refund. */
function pendingAt(createdAt: number): readonly LedgerRow[] {
  return [
    shopEntry(JOINT, createdAt, -2_840, 'card_payment', 'Whisker Pharmacy', '5912'),
    shopEntry(JOINT, createdAt + 1, -6_215, 'card_payment', 'Burrow Market', '5411'),
    shopEntry(MAIN, createdAt, 1_990, 'refund', 'The Crumb Bakery', '5462'),
  ];
}

function journalIdOf(accountId: string): string {
  return `jrn_${stableId(accountId)}`;
}

/** The journal's entries: what the account began with, its history, and the other side of its balance. */
function book(account: SeedAccount, history: readonly LedgerRow[], from: number): readonly LedgerRow[] {
  const { accountId, currency, bookedMinor } = account;
  const { rows, totalMinor } = ofAccount(history, account);
  const opening = (of: Pick<Account, 'accountId' | 'currency'>, amountMinor: number) =>
    entry(of, from, amountMinor, 'opening_balance', 'Balance brought forward');
  const booked = (row: LedgerRow, balanceAfterMinor: number | null): LedgerRow => ({
    ...row,
    status: 'booked',
    bookedAt: row.createdAt,
    balanceAfterMinor,
    journalId: journalIdOf(accountId),
  });
  let balance = 0;
  const own = [opening(account, bookedMinor - totalMinor), ...rows].map((row) => {
    balance += row.amountMinor;
    return booked(row, balance);
  });
  const other = booked(opening({ accountId: openingAccount(currency), currency }, -bookedMinor), null);
  // What comes to nothing is no entry.
  return [...own, other].filter(({ amountMinor }) => amountMinor !== 0);
}

/** The content of a tenant made at `now`. */
export function makeSeed(now: number): TenantContent {
  const { from, until } = historyWindow(now);
  const history = historyOf({ from, until });
  // After what is booked on that day, which ends at 22 h.
  const pending = pendingAt(until - HOUR_SECONDS);
  const outgoing = pending.filter(({ amountMinor }) => amountMinor < 0);
  return {
    customers: SEED_CUSTOMERS,
    accounts: SEED_ACCOUNTS.map(({ holders, ...account }) => ({
      ...account,
      heldMinor: -ofAccount(outgoing, account).totalMinor,
      joint: holders.length > 1,
    })),
    holders: SEED_ACCOUNTS.flatMap(({ accountId, holders }) =>
      holders.map((customerId) => ({ customerId, accountId })),
    ),
    journals: SEED_ACCOUNTS.map(({ accountId }) => ({
      journalId: journalIdOf(accountId),
      kind: 'history',
      createdAt: from,
    })),
    transactions: [...SEED_ACCOUNTS.flatMap((account) => book(account, history, from)), ...pending],
  };
}
