/** Money as integer minor units with its currency; never a float. Source: ISO 4217. */

/** Currencies the bank keeps accounts in, with their number of decimals. */
export const CURRENCY_DECIMALS = { GBP: 2, EUR: 2, USD: 2 } as const;
export type Currency = keyof typeof CURRENCY_DECIMALS;

export interface Money {
  readonly amountMinor: number;
  readonly currency: Currency;
}

/** The wire form: a decimal string with exactly the currency's decimals, minus for money out. */
export interface WireAmount {
  readonly amount: string;
  readonly currency: Currency;
}

export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(CURRENCY_DECIMALS, text);
}

/** `{-25000, GBP}` to `{"-250.00", "GBP"}`. */
export function renderAmount({ amountMinor, currency }: Money): WireAmount {
  const decimals: number = CURRENCY_DECIMALS[currency];
  const digits = Math.abs(amountMinor)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return { amount: `${amountMinor < 0 ? '-' : ''}${whole}${fraction}`, currency };
}
