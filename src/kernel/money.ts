/** Money as integer minor units with its currency; never a float. Source: ISO 4217. */
import type { Result } from '#kernel/result.ts';

/** Currencies the bank keeps accounts in, with their number of decimals. */
export const CURRENCY_DECIMALS = { GBP: 2, EUR: 2, USD: 2 } as const;
export type Currency = keyof typeof CURRENCY_DECIMALS;

/**
 * Currencies a payee may be paid in, with their number of decimals: those of accounts and more. None has three decimals,
 * for thirteen digits and three decimals no longer fit the integers that a double holds.
 */
export const TRANSFER_CURRENCY_DECIMALS = {
  ...CURRENCY_DECIMALS,
  AUD: 2,
  CAD: 2,
  CHF: 2,
  DKK: 2,
  JPY: 0,
  NOK: 2,
  PLN: 2,
  SEK: 2,
} as const;
export type TransferCurrency = keyof typeof TRANSFER_CURRENCY_DECIMALS;

export interface Money<C extends TransferCurrency = Currency> {
  readonly amountMinor: number;
  readonly currency: C;
}

/** The wire form: a decimal string with exactly the currency's decimals, minus for money out. */
export interface WireAmount<C extends TransferCurrency = Currency> {
  readonly amount: string;
  readonly currency: C;
}

export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(CURRENCY_DECIMALS, text);
}

export function isTransferCurrency(text: string): text is TransferCurrency {
  return Object.hasOwn(TRANSFER_CURRENCY_DECIMALS, text);
}

/** `{-25000, GBP}` to `{"-250.00", "GBP"}`, `{1980, JPY}` to `{"1980", "JPY"}`. */
export function renderAmount<C extends TransferCurrency>({ amountMinor, currency }: Money<C>): WireAmount<C> {
  const decimals: number = TRANSFER_CURRENCY_DECIMALS[currency];
  const digits = Math.abs(amountMinor)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return { amount: `${amountMinor < 0 ? '-' : ''}${whole}${fraction}`, currency };
}

/** Most digits before the decimal point. Source: the UK's Open Banking Read/Write API, Amount. */
const INTEGER_DIGITS = 13;

/** What can be wrong with an amount on the wire, and how to say it. */
export const AMOUNT_FAULTS = {
  malformed: 'Send a decimal number as a string, without sign, exponent or spaces.',
  decimals: 'Send exactly as many decimals as the currency has.',
  too_large: `Send at most ${INTEGER_DIGITS} digits before the decimal point.`,
  not_positive: 'Send an amount above zero.',
} as const;
export type AmountFault = keyof typeof AMOUNT_FAULTS;

// Digits alone, so that what is counted and converted is what was sent.
const AMOUNT = /^([0-9]+)(?:\.([0-9]+))?$/;

/**
 * A wire amount to minor units, exactly: the currency's own number of decimals, at most 13 digits before them, above
 * zero. Refuses with what is wrong; the first of malformed, decimals, too_large, not_positive.
 */
export function parseAmount(text: unknown, currency: TransferCurrency): Result<number, AmountFault> {
  const fault = (refusal: AmountFault) => ({ ok: false, refusal }) as const;
  const match = typeof text === 'string' ? AMOUNT.exec(text) : null;
  if (match === null) return fault('malformed');
  const [, whole = '', fraction = ''] = match;
  if (fraction.length !== TRANSFER_CURRENCY_DECIMALS[currency]) return fault('decimals');
  if (whole.length > INTEGER_DIGITS) return fault('too_large');
  // Fifteen digits at most: exact as a double.
  const amountMinor = Number(`${whole}${fraction}`);
  return amountMinor > 0 ? { ok: true, value: amountMinor } : fault('not_positive');
}
