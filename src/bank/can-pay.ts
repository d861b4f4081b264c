/** Why an account cannot make a payment: for the page on which the customer chooses, and for the payment itself. */
import { type Account, availableMinor, isNamedBy } from '#bank/account.ts';
import type { AccountIdentifier } from '#bank/iban.ts';
import type { Currency } from '#kernel/money.ts';

/** Each reason in the words of the page. */
export const CANNOT_PAY_WORDS = {
  closed: 'This account is closed.',
  payee: 'This is the account the money goes to.',
  restricted: 'Withdrawals from this account are restricted.',
  other_currency: 'This account is in another currency.',
  not_enough: 'There is not enough money in this account.',
} as const;
export type CannotPay = keyof typeof CANNOT_PAY_WORDS;

/** What a payment takes from the account that makes it. */
export interface Debit {
  readonly currency: Currency;
  /** The account that is paid. */
  readonly creditorAccount: AccountIdentifier;
  /** Amount and charges together, minor units. */
  readonly totalDebitMinor: number;
}

/**
 * Why the account cannot pay, the most lasting reason first; undefined when it can. What it answers about money is true
 * of the row that was read: the batch that pays is what decides.
 */
export function whyCannotPay(
  account: Account,
  { currency, creditorAccount, totalDebitMinor }: Debit,
): CannotPay | undefined {
  if (account.status !== 'enabled') return 'closed';
  if (isNamedBy(account, creditorAccount)) return 'payee';
  if (account.withdrawalsRestricted) return 'restricted';
  if (account.currency !== currency) return 'other_currency';
  if (availableMinor(account) < totalDebitMinor) return 'not_enough';
  return undefined;
}
