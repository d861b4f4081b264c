/** The whole content of a sandbox tenant on the day it is made: same day, same bytes. Amounts are minor units. */
import type { Account } from '#bank/account.ts';
import type { Customer } from '#bank/customer.ts';
import type { LedgerRow, Transaction } from '#bank/transaction.ts';
import type { JournalRow } from '#bank/transfer.ts';
import { DAY_SECONDS, renderInstant } from '#kernel/time.ts';
import { JOINT, MAIN, SEED_ACCOUNTS, SEED_CUSTOMERS, type SeedAccount } from '#sandbox/seed-accounts.ts';
import { MONTHS } from '#sandbox/seed-history.ts';
import { postHistory } from '#sandbox/seed-journals.ts';
import { EATING, GROCERS, SHOPS } from '#sandbox/seed-merchants.ts';
import { cardPayment, type Entry, monthOf } from '#sandbox/seed-month.ts';
import { chanceOf, stableId } from '#sandbox/seed-random.ts';

/** Length of a seeded history. */
const HISTORY_MONTHS = 24;

export interface Seed {
  readonly customers: readonly Omit<Customer, 'tenantId'>[];
  readonly accounts: readonly Omit<Account, 'tenantId'>[];
  readonly holders: readonly { readonly customerId: string; readonly accountId: string }[];
  readonly journals: readonly JournalRow[];
  /** Those of the accounts, and the other sides of the journals. */
  readonly transactions: readonly LedgerRow[];
}

interface Window {
  /** First second of the history. */
  readonly from: number;
  /** First second after it: the midnight that begins the tenant's day. */
  readonly until: number;
}

/** The 24 months that end the day before `now` (UTC). */
export function historyWindow(now: number): Window {
  const until = Math.floor(now / DAY_SECONDS) * DAY_SECONDS;
  const last = new Date(until * 1000);
  const [year, month] = [last.getUTCFullYear(), last.getUTCMonth() - HISTORY_MONTHS];
  // A 29 February has no sibling two years before: the history then begins on the 28th.
  const day = Math.min(last.getUTCDate(), new Date(Date.UTC(year, month + 1, 0)).getUTCDate());
  return { from: Date.UTC(year, month, day) / 1000, until };
}

function entriesOf(accountId: string, { from, until }: Window): Entry[] {
  const entries: Entry[] = [];
  const first = new Date(from * 1000);
  for (let step = 0; step <= HISTORY_MONTHS; step += 1) {
    const start = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + step, 1));
    const month = monthOf(start.getUTCFullYear(), start.getUTCMonth() + 1);
    const ofMonth = MONTHS[accountId]?.(month) ?? [];
    entries.push(...ofMonth.filter((entry) => entry.at >= from && entry.at < until));
  }
  return entries;
}

/** What is not booked yet on the tenant's first day: two card payments to come, and a refund. */
function pendingOf(accountId: string, { until }: Window): Entry[] {
  const chance = chanceOf(`${accountId} pending ${until}`);
  const at = (hour: number) => until - DAY_SECONDS + hour * 3_600 + chance.between(0, 3_599);
  if (accountId === JOINT) {
    return [
      { at: at(18), amountMinor: -chance.between(1_200, 4_800), ...cardPayment(chance.pick(EATING)) },
      { at: at(20), amountMinor: -chance.between(2_500, 9_500), ...cardPayment(chance.pick(GROCERS)) },
    ];
  }
  if (accountId === MAIN) {
    const merchant = chance.pick(SHOPS);
    return [
      {
        at: at(19),
        amountMinor: chance.between(900, 3_900),
        type: 'refund',
        description: `Refund ${merchant.name}`,
        merchant,
      },
    ];
  }
  return [];
}

function toTransaction(
  account: SeedAccount,
  entry: Entry,
  transactionId: string,
  balanceAfterMinor: number | null,
): Transaction {
  const booked = balanceAfterMinor !== null;
  return {
    accountId: account.accountId,
    createdAt: entry.at,
    transactionId,
    status: booked ? 'booked' : 'pending',
    amountMinor: entry.amountMinor,
    currency: account.currency,
    bookedAt: booked ? entry.at : null,
    valueDate: renderInstant(entry.at).slice(0, 10),
    type: entry.type,
    description: entry.description,
    reference: entry.reference ?? null,
    counterpartyName: entry.counterpartyName ?? null,
    counterpartyAccount: entry.counterpartyAccount ?? null,
    merchantName: entry.merchant?.name ?? null,
    merchantCategoryCode: entry.merchant?.code ?? null,
    balanceAfterMinor,
  };
}

/** An id that depends on the entry alone, not on what else the window holds. */
function identify(accountId: string, entries: readonly Entry[]): { entry: Entry; id: string }[] {
  const seen = new Map<string, number>();
  const identified = entries.map((entry) => {
    const name = `${accountId} ${entry.at} ${entry.amountMinor} ${entry.description}`;
    const repeat = seen.get(name) ?? 0;
    seen.set(name, repeat + 1);
    return { entry, id: `txn_${stableId(`${name} ${repeat}`)}` };
  });
  return identified.sort((a, b) => a.entry.at - b.entry.at || (a.id < b.id ? -1 : 1));
}

function transactionsOf(account: SeedAccount, window: Window): Transaction[] {
  const { accountId, bookedMinor } = account;
  const booked = identify(accountId, entriesOf(accountId, window));
  const opening = booked.reduce((left, { entry }) => left - entry.amountMinor, bookedMinor);
  const rows: Transaction[] = [];
  let balance = 0;
  const book = (entry: Entry, id: string) => {
    balance += entry.amountMinor;
    rows.push(toTransaction(account, entry, id, balance));
  };
  if (opening !== 0) {
    const entry: Entry = {
      at: window.from,
      amountMinor: opening,
      type: 'opening_balance',
      description: 'Balance brought forward',
    };
    book(entry, `txn_${stableId(`${accountId} ${window.from} opening`)}`);
  }
  for (const { entry, id } of booked) book(entry, id);
  for (const { entry, id } of identify(accountId, pendingOf(accountId, window))) {
    rows.push(toTransaction(account, entry, id, null));
  }
  return rows.sort((a, b) => a.createdAt - b.createdAt || (a.transactionId < b.transactionId ? -1 : 1));
}

function toAccount(seeded: SeedAccount, transactions: readonly Transaction[]): Omit<Account, 'tenantId'> {
  const { holders, ...account } = seeded;
  const outgoing = transactions.filter(
    (row) => row.accountId === account.accountId && row.status === 'pending' && row.amountMinor < 0,
  );
  return {
    ...account,
    heldMinor: outgoing.reduce((sum, row) => sum - row.amountMinor, 0),
    joint: holders.length > 1,
  };
}

/** The content of a tenant made at `now`. */
export function makeSeed(now: number): Seed {
  const window = historyWindow(now);
  const transactions = SEED_ACCOUNTS.flatMap((account) => transactionsOf(account, window));
  return {
    customers: SEED_CUSTOMERS,
    accounts: SEED_ACCOUNTS.map((account) => toAccount(account, transactions)),
    holders: SEED_ACCOUNTS.flatMap(({ accountId, holders }) =>
      holders.map((customerId) => ({ customerId, accountId })),
    ),
    ...postHistory(transactions),
  };
}
