/** The bank's accounts and their holders, as the services read them. Amounts are minor units. */
import type { AccountIdentifier } from '#bank/iban.ts';
import type { Currency } from '#kernel/money.ts';

export type AccountType = 'current' | 'savings';
export type AccountStatus = 'enabled' | 'closed';

export interface Account {
  readonly tenantId: string;
  readonly accountId: string;
  readonly status: AccountStatus;
  readonly currency: Currency;
  readonly accountType: AccountType;
  readonly nickname: string;
  /** Digits only: `608371`. */
  readonly sortCode: string;
  /** Eight digits. */
  readonly accountNumber: string;
  readonly iban: string;
  readonly bookedMinor: number;
  /** Held by pending payments; lowers the available balance alone. */
  readonly heldMinor: number;
  readonly overdraftLimitMinor: number;
  readonly withdrawalsRestricted: boolean;
  /** More than one holder. */
  readonly joint: boolean;
}

/** Whether this is the account that an identifier names; a bare account number is always another bank's. */
export function isNamedBy(
  { iban, sortCode, accountNumber }: Pick<Account, 'iban' | 'sortCode' | 'accountNumber'>,
  { scheme, id }: AccountIdentifier,
): boolean {
  if (scheme === 'AccountNumber') return false;
  return scheme === 'IBAN' ? id === iban : id === `${sortCode}-${accountNumber}`;
}

/** What can be spent: booked less holds plus the overdraft limit. */
export function availableMinor(account: Account): number {
  return account.bookedMinor - account.heldMinor + account.overdraftLimitMinor;
}

/** `ending 5678`, as pages show an account number. */
export function maskAccountNumber(accountNumber: string): string {
  return `ending ${accountNumber.slice(-4)}`;
}
