/**
 * Double entry: what moves between accounts is a journal of signed entries that come to zero in each currency. The bank's
 * own side has internal accounts, which no customer holds and no account list names. Amounts are signed minor units.
 */
import type { TransactionType } from '#bank/transaction.ts';
import type { Currency, TransferCurrency } from '#kernel/money.ts';

/** Why a journal was posted; `reversal` undoes an earlier one by entries of its own. */
export type JournalKind = 'history' | 'payment' | 'settlement' | 'reversal';

/** How money leaves the bank. */
export type SettlementScheme = 'fps' | 'sepa' | 'swift';

/** A posting as it is kept; its entries are the transactions that carry its id. */
export interface JournalRow {
  readonly journalId: string;
  readonly kind: JournalKind;
  /** Epoch seconds. */
  readonly createdAt: number;
}

const INTERNAL_PREFIX = 'internal:';
export type InternalAccountId = `${typeof INTERNAL_PREFIX}${string}`;

/** What the bank owes other banks, or they owe it. */
export function settlementAccount(currency: TransferCurrency, scheme: SettlementScheme): InternalAccountId {
  return `${INTERNAL_PREFIX}settlement:${currency}:${scheme}`;
}

/** The bank's position in a currency. */
export function exchangeAccount(currency: TransferCurrency): InternalAccountId {
  return `${INTERNAL_PREFIX}fx:${currency}`;
}

/** Charges the bank took. */
export function feesAccount(currency: Currency): InternalAccountId {
  return `${INTERNAL_PREFIX}fees:${currency}`;
}

/** The other side of what accounts began with. */
export function openingAccount(currency: Currency): InternalAccountId {
  return `${INTERNAL_PREFIX}opening:${currency}`;
}

export function isInternalAccount(accountId: string): accountId is InternalAccountId {
  return accountId.startsWith(INTERNAL_PREFIX);
}

/** What the statement of an account says about an entry. */
export interface EntryWords {
  readonly type: TransactionType;
  readonly description: string;
  readonly reference?: string | undefined;
  readonly counterpartyName?: string | undefined;
  /** `608371-12345678`, an IBAN, or another bank's number. */
  readonly counterpartyAccount?: string | undefined;
}

export interface LedgerEntry extends EntryWords {
  readonly accountId: string;
  /** Minus is money out; never zero. */
  readonly amountMinor: number;
  readonly currency: TransferCurrency;
}

declare const BALANCED: unique symbol;
/** Entries that `balancedEntries` has checked; nothing else is posted. */
export type BalancedEntries = readonly LedgerEntry[] & { readonly [BALANCED]: true };

/** Most entries of one journal: a payment has at most seven. */
const ENTRIES_AT_MOST = 500;

/**
 * The entries of one journal, in the order they are posted. Throws where they do not come to zero in each currency, or one
 * is no whole number of minor units: that is a bug of the caller, and no money may move.
 */
export function balancedEntries(entries: readonly LedgerEntry[]): BalancedEntries {
  if (entries.length < 2 || entries.length > ENTRIES_AT_MOST) {
    throw new Error(`a journal of ${entries.length} entries`);
  }
  const sums = new Map<string, bigint>();
  for (const { amountMinor, currency } of entries) {
    if (!Number.isSafeInteger(amountMinor) || amountMinor === 0) {
      throw new Error(`an entry of ${amountMinor} minor units`);
    }
    sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amountMinor));
  }
  for (const [currency, sum] of sums) {
    if (sum !== 0n) throw new Error(`a journal that leaves ${sum} in ${currency}`);
  }
  return entries as BalancedEntries;
}

/** The entries that undo these, in other words where `words` has some. */
export function reversedEntries(entries: BalancedEntries, words: Partial<EntryWords>): BalancedEntries {
  return balancedEntries(entries.map((entry) => ({ ...entry, ...words, amountMinor: -entry.amountMinor })));
}
