/** Dates and money as people read them. */
import { expect, it } from 'vitest';
import type { Money } from '#kernel/money.ts';
import { dateTimeWords, dateWords, moneyWords } from '#kernel/words.ts';

it.each([
  ['2027-03-15T12:00:00Z', '15 March 2027'],
  // British Summer Time: the day begins an hour earlier in UTC.
  ['2027-06-30T22:59:59Z', '30 June 2027'],
  ['2027-06-30T23:00:00Z', '1 July 2027'],
  ['2027-12-31T23:59:59Z', '31 December 2027'],
])('%s is %s in the UK', (instant, words) => {
  expect(dateWords(Date.parse(instant) / 1000)).toBe(words);
});

it('says the time with its zone', () => {
  expect(dateTimeWords(Date.parse('2027-03-15T14:05:00Z') / 1000)).toMatch(
    /^15 March 2027 at 14:05:00 (GMT|UTC)$/,
  );
});

it.each<[Money, string]>([
  [{ amountMinor: 543_210, currency: 'GBP' }, '£5,432.10'],
  [{ amountMinor: -25_000, currency: 'GBP' }, '\u2212£250.00'],
  [{ amountMinor: 0, currency: 'GBP' }, '£0.00'],
  [{ amountMinor: 5, currency: 'EUR' }, '€0.05'],
  [{ amountMinor: 800_000, currency: 'USD' }, 'US$8,000.00'],
  // More digits than a float keeps.
  [{ amountMinor: 9_007_199_254_740_991, currency: 'GBP' }, '£90,071,992,547,409.91'],
])('%o reads %s', (money, words) => {
  expect(moneyWords(money)).toBe(words);
});
