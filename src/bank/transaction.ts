/** A transaction of an account: immutable once booked. Amounts are signed minor units, minus is money out. */
import type { Currency } from '#kernel/money.ts';

export const TRANSACTION_TYPES = [
  'card_payment',
  'cash_withdrawal',
  'direct_debit',
  'standing_order',
  'transfer',
  'salary',
  'interest',
  'fee',
  'refund',
  'currency_exchange',
  'opening_balance',
] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

export interface Transaction {
  readonly accountId: string;
  /** Epoch seconds. An account's transactions are ordered by (createdAt, transactionId). */
  readonly createdAt: number;
  /** Unique in its tenant. */
  readonly transactionId: string;
  readonly status: 'booked' | 'pending';
  readonly amountMinor: number;
  readonly currency: Currency;
  /** Epoch seconds; null while pending. */
  readonly bookedAt: number | null;
  /** `2026-11-22`. */
  readonly valueDate: string;
  readonly type: TransactionType;
  readonly description: string;
  readonly reference: string | null;
  readonly counterpartyName: string | null;
  /** `608371-12345678`, or an IBAN. */
  readonly counterpartyAccount: string | null;
  readonly merchantName: string | null;
  /** Four digits. Source: ISO 18245. */
  readonly merchantCategoryCode: string | null;
  /** The booked balance after this transaction; null while pending. */
  readonly balanceAfterMinor: number | null;
}

/** A row of the ledger: a transaction and the journal it is an entry of, none while pending. Internal accounts have such rows too. */
export interface LedgerRow extends Transaction {
  readonly journalId: string | null;
}
