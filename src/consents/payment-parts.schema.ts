/** Parts that bodies with money share: accounts, amounts, and text that people are shown. Source: interface section 4. */
import * as v from 'valibot';
import { type AccountScheme, parseIdentifier, SCHEME_FORMS } from '#bank/iban.ts';
import { atMostCharacters, told } from '#edge/characters.ts';
import { AMOUNT_FAULTS, isTransferCurrency, parseAmount } from '#kernel/money.ts';
import { type FieldError, type Refused, refuse } from '#kernel/result.ts';

/** Three letters, whether or not the bank has the currency: that is another refusal than a malformed one. */
export const currencySchema = v.pipe(
  v.string(),
  v.regex(/^[A-Z]{3}$/, 'is not the three upper-case letters of a currency'),
);

/** Text of 1 to `maximum` characters. */
export function textOf(maximum: number) {
  return v.pipe(
    v.string(),
    v.minLength(1, 'is empty'),
    atMostCharacters(maximum, `has more than ${maximum} characters`),
  );
}

/** An account by scheme and id; the form of the id is checked against the scheme. */
export function accountOf<const S extends readonly AccountScheme[]>(schemes: S) {
  return v.object({
    scheme: v.picklist(schemes),
    id: v.pipe(
      v.string(),
      v.maxLength(50, 'is too long'),
      v.description(schemes.map((scheme) => `${scheme}: ${SCHEME_FORMS[scheme]}`).join(' ')),
    ),
  });
}

/** An account of this bank, as a TPP names it. */
export const debtorAccountSchema = accountOf(['SortCodeAccountNumber', 'IBAN']);

// Every currency that accounts are kept in has two decimals.
const AMOUNT = /^[0-9]{1,13}\.[0-9]{2}$/;

/** An amount with its currency, as a decimal string. */
export const instructedAmountSchema = v.object({
  amount: v.pipe(
    v.string(),
    v.maxLength(20, 'is too long'),
    told(v.regex(AMOUNT)),
    v.description(
      "A decimal string with exactly the currency's decimals, above zero, at most 13 digits before the point.",
    ),
  ),
  currency: currencySchema,
});

// What nobody sees, or what turns the text around: control, format (bidirectional marks too), private and unassigned
// characters, lone surrogates, line ends, and what is drawn as nothing. Source: Unicode 16 sections 4.5, 5.21.
export const UNSHOWABLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** What was found wrong so far; each check adds to it. */
export type Faults = FieldError[];

/** Notes that a member is wrong. */
export function invalid(faults: Faults, field: string, message: string): void {
  faults.push({ field, code: 'invalid', message });
}

/** Refuses a body, naming each member that is wrong. */
export function refuseFaults(faults: Faults): Refused {
  const fields = [...new Set(faults.map(({ field }) => field))].join(', ');
  return refuse('invalid_request', 'payment', { message: `Check these members: ${fields}.`, errors: faults });
}

/** Text that a customer reads before saying yes: it must show all that it holds, and say something. */
export function checkShownText(faults: Faults, field: string, text: string): void {
  if (UNSHOWABLE.test(text)) {
    invalid(faults, field, 'has a control, invisible or direction-changing character');
  } else if (!LETTER_OR_DIGIT.test(text)) {
    invalid(faults, field, 'has no letter and no digit');
  }
}

/** The canonical form of an account, or a fault about it. */
export function parseWireAccount<S extends AccountScheme>(
  faults: Faults,
  field: string,
  { scheme, id }: { readonly scheme: S; readonly id: string },
): { readonly scheme: S; readonly id: string } | undefined {
  const account = parseIdentifier(scheme, id);
  if (account !== undefined) return { scheme, id: account.id };
  invalid(faults, `${field}.id`, `is not of the form of its scheme. ${SCHEME_FORMS[scheme]}`);
  return undefined;
}

/** The minor units of an amount, or a fault about it; a currency the bank does not know has no decimals to check. */
export function parseWireAmount(
  faults: Faults,
  field: string,
  { amount, currency }: { readonly amount: string; readonly currency: string },
): number | undefined {
  const parsed = parseAmount(amount, isTransferCurrency(currency) ? currency : 'GBP');
  if (parsed.ok) return parsed.value;
  const isTold = isTransferCurrency(currency) || parsed.refusal !== 'decimals';
  if (isTold)
    faults.push({ field: `${field}.amount`, code: parsed.refusal, message: AMOUNT_FAULTS[parsed.refusal] });
  return undefined;
}
