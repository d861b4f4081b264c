/**
 * Account identifiers in their canonical forms: IBAN (check digits and the country's own form), UK sort code and account
 * number, another country's account number; and the BIC of a bank. Source: ISO 13616, ISO 7064, ISO 9362.
 */
import { electronicFormatIBAN, isSEPACountry, isValidBIC, isValidIBAN } from 'ibantools';

export const ACCOUNT_SCHEMES = ['SortCodeAccountNumber', 'IBAN', 'AccountNumber'] as const;
export type AccountScheme = (typeof ACCOUNT_SCHEMES)[number];

export interface AccountIdentifier {
  readonly scheme: AccountScheme;
  /** Canonical: `608371-12345678`, `GB12HMBK60837112345678`, `12345678`. */
  readonly id: string;
}

/** How an identifier of a scheme has to look, for messages. */
export const SCHEME_FORMS: Readonly<Record<AccountScheme, string>> = {
  SortCodeAccountNumber: 'Six digits of the sort code, a hyphen, eight digits of the account number.',
  IBAN: 'An IBAN of a known country with right check digits.',
  AccountNumber: 'One to 34 letters and digits.',
};

// As long as an IBAN may be with a space after each fourth character.
const IBAN_PRINTED = /^[A-Za-z0-9]{2}[A-Za-z0-9 ]{0,40}$/;
const SORT_CODE_ACCOUNT_NUMBER = /^([0-9]{6})-?([0-9]{8})$/;
const ACCOUNT_NUMBER = /^[A-Za-z0-9]{1,34}$/;

/** The electronic form of an IBAN given in that or in the printed form; undefined when it is none. */
export function parseIban(text: string): string | undefined {
  if (!IBAN_PRINTED.test(text)) return undefined;
  const iban = electronicFormatIBAN(text);
  return iban !== null && isValidIBAN(iban) ? iban : undefined;
}

/** Whether the account of a canonical IBAN can be reached by SEPA, which carries euros alone. */
export function isReachedBySepa(iban: string): boolean {
  return isSEPACountry(iban.slice(0, 2));
}

/** Sort code and account number of `608371-12345678`, with or without its hyphen; undefined for anything else. */
export function splitSortCodeAccountNumber(
  id: string,
): { readonly sortCode: string; readonly accountNumber: string } | undefined {
  const match = SORT_CODE_ACCOUNT_NUMBER.exec(id);
  const [, sortCode, accountNumber] = match ?? [];
  return sortCode === undefined || accountNumber === undefined ? undefined : { sortCode, accountNumber };
}

/** The account of a UK IBAN as sort code and account number, which its last 14 digits are; others as they stand. */
function domesticIdOf({ scheme, id }: AccountIdentifier): string {
  return scheme === 'IBAN' && id.startsWith('GB') ? `${id.slice(8, 14)}-${id.slice(14)}` : id;
}

/** Whether two canonical identifiers name one account, as far as they tell. A bare account number tells of no bank. */
export function nameOneAccount(left: AccountIdentifier, right: AccountIdentifier): boolean {
  if (left.scheme === 'AccountNumber' || right.scheme === 'AccountNumber') return false;
  return domesticIdOf(left) === domesticIdOf(right);
}

/** The canonical form of an identifier; undefined when it has not the form of its scheme (`SCHEME_FORMS`). */
export function parseIdentifier(scheme: AccountScheme, id: string): AccountIdentifier | undefined {
  if (scheme === 'IBAN') {
    const iban = parseIban(id);
    return iban === undefined ? undefined : { scheme, id: iban };
  }
  if (scheme === 'SortCodeAccountNumber') {
    const parts = splitSortCodeAccountNumber(id);
    return parts && { scheme, id: `${parts.sortCode}-${parts.accountNumber}` };
  }
  return ACCOUNT_NUMBER.test(id) ? { scheme, id: id.toUpperCase() } : undefined;
}

/** A BIC of 8 or 11 characters in upper case, which is how it is compared and shown; undefined when it is none. */
export function parseBic(text: string): string | undefined {
  const bic = text.toUpperCase();
  return /^[A-Z0-9]{8}(?:[A-Z0-9]{3})?$/.test(bic) && isValidBIC(bic) ? bic : undefined;
}
