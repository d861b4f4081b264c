/**
 * What happens in the seeded accounts in a calendar month, as a pure function of that month. Whatever day the history is
 * cut at, no balance on the way passes the overdraft limit: a month takes from a current account at least what it brings,
 * and no account is brought more at a time than it holds in the end; savings grow by less than they hold. Amounts are minor
 * units, times UTC.
 */
import type { Account } from '#bank/account.ts';
import type { LedgerRow, TransactionType } from '#bank/transaction.ts';
import { HOUR_SECONDS, renderInstant } from '#kernel/time.ts';
import {
  DOLLAR,
  EURO,
  ISA,
  JOINT,
  MAIN,
  OVERDRAWN,
  SAVER,
  type SeedAccount,
  ZERO,
} from '#sandbox/seed-accounts.ts';
import { chanceOf, stableId } from '#sandbox/seed-random.ts';

/** What comes and goes on a day of every month. What the bank itself does has no reference and no counterparty. */
const REGULAR: readonly (readonly [
  account: SeedAccount,
  day: number,
  amountMinor: number,
  type: TransactionType,
  name: string,
  reference?: string,
])[] = [
  [MAIN, 1, -134_500, 'standing_order', 'Meadow Lettings', 'FLAT 4 RENT'],
  [MAIN, 5, -3_250, 'direct_debit', 'Spinning Wheel Gym', 'MEMBER 20771'],
  [MAIN, 12, -2_400, 'direct_debit', 'Squeak Mobile', '07700 900123'],
  [MAIN, 25, 248_000, 'salary', 'Alder & Ash Architects', 'SALARY'],
  [JOINT, 3, 85_000, 'transfer', 'Basil Reed', 'HOUSEHOLD'],
  [JOINT, 4, -16_800, 'direct_debit', 'Hollow Borough Council', 'CT 8841902'],
  [JOINT, 6, -98_000, 'standing_order', 'Little Paws Nursery', 'REED-WREN'],
  [JOINT, 8, -14_200, 'direct_debit', 'Brightside Energy', 'ACC 5520417'],
  [JOINT, 10, -3_800, 'direct_debit', 'Clearbrook Water', '77-310-2'],
  [OVERDRAWN, 1, -380, 'fee', 'Arranged overdraft charge'],
  [OVERDRAWN, 9, -2_000, 'cash_withdrawal', 'Cash machine High Street'],
  // What comes in goes out the same day.
  [ZERO, 6, 48_000, 'transfer', 'Thistle Events', 'RETAINER'],
  [ZERO, 6, -48_000, 'transfer', 'Clover Field', 'DRAWINGS'],
  [ZERO, 13, 17_500, 'transfer', 'Dormouse Press', 'RETAINER'],
  [ZERO, 13, -17_500, 'transfer', 'Clover Field', 'DRAWINGS'],
  [ZERO, 20, 9_000, 'transfer', 'Dormouse Press', 'ROYALTIES'],
  [ZERO, 20, -9_000, 'transfer', 'Clover Field', 'DRAWINGS'],
  [SAVER, 28, 2_600, 'interest', 'Interest paid'],
  [ISA, 28, 7_100, 'interest', 'Interest paid'],
  [EURO, 5, 115_000, 'transfer', 'Atelier Girassol Lda', 'FATURA'],
  [EURO, 8, -18_000, 'direct_debit', 'Ninho Coworking', 'LUGAR 12'],
  [EURO, 20, -95_000, 'currency_exchange', 'Exchange EUR to GBP'],
  [DOLLAR, 15, 240_000, 'transfer', 'Prairie Dog Labs Inc', 'INVOICE'],
  [DOLLAR, 15, -1_500, 'fee', 'Incoming payment charge'],
  [DOLLAR, 20, -230_000, 'currency_exchange', 'Exchange USD to GBP'],
];

/** Standing orders from one of the accounts to another. */
const BETWEEN: readonly (readonly [day: number, from: SeedAccount, to: SeedAccount, amountMinor: number])[] =
  [
    [2, MAIN, JOINT, 70_000],
    [26, MAIN, SAVER, 15_000],
    [1, SAVER, ISA, 2_500],
    [8, SAVER, ISA, 2_500],
    [15, SAVER, ISA, 2_500],
    [22, SAVER, ISA, 2_500],
  ];

/** Where the accounts' cards are used, how often a month, and for how much. None of the shops exists. Codes: ISO 18245. */
const SHOPS: readonly (readonly [
  account: SeedAccount,
  name: string,
  code: string,
  timesAMonth: number,
  lowMinor: number,
  highMinor: number,
])[] = [
  [MAIN, 'Nibble & Root Grocers', '5411', 4, 4_700, 7_600],
  [MAIN, 'The Crumb Bakery', '5462', 2, 760, 2_400],
  [MAIN, 'Tunnel Line Rail', '4112', 2, 1_310, 3_800],
  [JOINT, 'Burrow Market', '5411', 4, 5_200, 12_800],
  [JOINT, 'Whisker Pharmacy', '5912', 4, 650, 4_000],
  [OVERDRAWN, 'Pouch Coffee', '5814', 4, 450, 1_900],
  [OVERDRAWN, 'Hedgerow Fuel', '5541', 4, 1_600, 3_400],
  [EURO, 'Mercado da Colina', '5411', 4, 650, 6_900],
  [EURO, 'Café do Miradouro', '5814', 4, 450, 2_300],
  [DOLLAR, 'Acorn Domains', '4816', 3, 1_100, 2_500],
  [DOLLAR, 'Pixelpouch Design Tools', '5734', 3, 2_100, 14_500],
];

const MORNING_SECONDS = 5 * HOUR_SECONDS;
/** Shops are open from 7 to 21 h. */
const OPENING_SECONDS = 7 * HOUR_SECONDS;
const CLOSING_SECONDS = 21 * HOUR_SECONDS;
const EVENING_SECONDS = 22 * HOUR_SECONDS;
/** The last that every month has. */
const LAST_DAY = 28;

/** A row that is not booked yet. Its id depends on it alone, not on what else its history holds. */
export function entry(
  { accountId, currency }: Pick<Account, 'accountId' | 'currency'>,
  createdAt: number,
  amountMinor: number,
  type: TransactionType,
  description: string,
  more: Partial<LedgerRow> = {},
): LedgerRow {
  return {
    accountId,
    createdAt,
    transactionId: `txn_${stableId(`${accountId} ${createdAt} ${amountMinor} ${description}`)}`,
    status: 'pending',
    amountMinor,
    currency,
    bookedAt: null,
    valueDate: renderInstant(createdAt).slice(0, 10),
    type,
    description,
    reference: null,
    counterpartyName: null,
    counterpartyAccount: null,
    merchantName: null,
    merchantCategoryCode: null,
    balanceAfterMinor: null,
    journalId: null,
    ...more,
  };
}

/** What a card did in a shop. */
export function shopEntry(
  account: SeedAccount,
  createdAt: number,
  amountMinor: number,
  type: 'card_payment' | 'refund',
  merchantName: string,
  merchantCategoryCode: string,
): LedgerRow {
  return entry(account, createdAt, amountMinor, type, merchantName, { merchantName, merchantCategoryCode });
}

/** The other account, as either end of a standing order shows it. */
function counterparty({ nickname, sortCode, accountNumber }: SeedAccount): Partial<LedgerRow> {
  return { counterpartyName: nickname, counterpartyAccount: `${sortCode}-${accountNumber}` };
}

/** The rows of an account, and what they come to. */
export function ofAccount(rows: readonly LedgerRow[], { accountId }: Pick<Account, 'accountId'>) {
  const own = rows.filter((row) => row.accountId === accountId);
  return { rows: own, totalMinor: own.reduce((sum, { amountMinor }) => sum + amountMinor, 0) };
}

/** What happens in all accounts in a month, which is counted from January 1970; in no order. */
export function entriesOfMonth(month: number): readonly LedgerRow[] {
  const between = chanceOf(`month ${month}`);
  const at = (day: number, seconds: number) => Date.UTC(1970, month, day) / 1000 + seconds;
  const entries = [
    ...REGULAR.map(([account, day, amountMinor, type, name, reference], index) =>
      entry(
        account,
        at(day, MORNING_SECONDS + index),
        amountMinor,
        type,
        name,
        reference === undefined ? {} : { reference, counterpartyName: name },
      ),
    ),
    ...BETWEEN.flatMap(([day, from, to, amountMinor]) => {
      const moment = at(day, MORNING_SECONDS);
      return [
        entry(from, moment, -amountMinor, 'standing_order', to.nickname, counterparty(to)),
        entry(to, moment, amountMinor, 'transfer', from.nickname, counterparty(from)),
      ];
    }),
    ...SHOPS.flatMap(([account, name, code, timesAMonth, lowMinor, highMinor]) =>
      Array.from({ length: timesAMonth }, () =>
        shopEntry(
          account,
          at(between(1, LAST_DAY), between(OPENING_SECONDS, CLOSING_SECONDS)),
          -between(lowMinor, highMinor),
          'card_payment',
          name,
          code,
        ),
      ),
    ),
  ];
  // Made up at the end of each month, the overdrawn account is so on every day, and within its limit.
  const { totalMinor } = ofAccount(entries, OVERDRAWN);
  const name = 'Reed Carpentry';
  return [
    ...entries,
    entry(OVERDRAWN, at(LAST_DAY, EVENING_SECONDS), -totalMinor, 'transfer', name, {
      counterpartyName: name,
    }),
  ];
}
