/** Dates and money as people read them: British English, UK time. */
import { type Money, renderAmount, type TransferCurrency } from '#kernel/money.ts';

const UK = { dateStyle: 'long', timeZone: 'Europe/London' } as const;

// Made at their first use: making one takes 20 ms, which no start of an isolate should pay for.
let day: Intl.DateTimeFormat | undefined;
let second: Intl.DateTimeFormat | undefined;
let instantDay: Intl.DateTimeFormat | undefined;

/** Epoch seconds as a day in UK time: `15 March 2027`. */
export function dateWords(seconds: number): string {
  day ??= new Intl.DateTimeFormat('en-GB', UK);
  return day.format(new Date(seconds * 1000));
}

/** Epoch seconds in UK time to the second: `15 March 2027 at 14:05:00 GMT`. */
export function dateTimeWords(seconds: number): string {
  second ??= new Intl.DateTimeFormat('en-GB', { ...UK, timeStyle: 'long' });
  return second.format(new Date(seconds * 1000));
}

/** Epoch seconds in UTC, to the minute or the second: `15 March 2027, 14:05 UTC`. */
export function instantWords(seconds: number, withSeconds = false): string {
  instantDay ??= new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
  const at = new Date(seconds * 1000);
  return `${instantDay.format(at)}, ${at.toISOString().slice(11, withSeconds ? 19 : 16)} UTC`;
}

/** An amount with its currency: `£5,432.10`, `JP¥1,980`, and `-£250.00` with a true minus sign. */
export function moneyWords(money: Money<TransferCurrency>): string {
  const { amount, currency } = renderAmount(money);
  // As decimal text: a float would have to be rounded.
  return new Intl.NumberFormat('en-GB', { style: 'currency', currency })
    .format(amount as `${number}`)
    .replace('-', '\u2212');
}
