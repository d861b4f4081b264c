/** Money: minor units and their decimal text are the same amount, on the wire and in words. */
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCY_DECIMALS, type Currency, isCurrency, renderAmount } from '#kernel/money.ts';
import { dateTimeWords, dateWords, moneyWords } from '#kernel/words.ts';

const numRuns = env.TEST_LENGTH === 'long' ? 20_000 : 500;
const currency = fc.constantFrom<Currency>('GBP', 'EUR', 'USD');
const minor = fc.maxSafeInteger();

describe('renderAmount', () => {
  it.each([
    [0, '0.00'],
    [-0, '0.00'],
    [1, '0.01'],
    [-1, '-0.01'],
    [99, '0.99'],
    [100, '1.00'],
    [-25_000, '-250.00'],
    [543_210, '5432.10'],
    [Number.MAX_SAFE_INTEGER, '90071992547409.91'],
    [Number.MIN_SAFE_INTEGER, '-90071992547409.91'],
  ])('%d is %s', (amountMinor, amount) => {
    expect(renderAmount({ amountMinor, currency: 'GBP' })).toEqual({ amount, currency: 'GBP' });
  });

  it('writes exactly the decimals, and the digits are the minor units', () => {
    fc.assert(
      fc.property(minor, currency, (amountMinor, code) => {
        const { amount } = renderAmount({ amountMinor, currency: code });
        expect(amount).toMatch(new RegExp(`^-?(0|[1-9]\\d*)\\.\\d{${CURRENCY_DECIMALS[code]}}$`));
        expect(BigInt(amount.replace('.', ''))).toBe(BigInt(amountMinor));
      }),
      { numRuns },
    );
  });
});

describe('isCurrency', () => {
  it.each(['GBP', 'EUR', 'USD'])('knows %s', (text) => {
    expect(isCurrency(text)).toBe(true);
  });

  it.each(['', 'gbp', 'GBP ', 'JPY', 'toString', '__proto__', 'constructor'])('does not know %j', (text) => {
    expect(isCurrency(text)).toBe(false);
  });
});

describe('in words', () => {
  it.each<[number, Currency, string]>([
    [543_210, 'GBP', '£5,432.10'],
    [-25_000, 'GBP', '\u2212£250.00'],
    [250_000, 'EUR', '€2,500.00'],
    [800_000, 'USD', 'US$8,000.00'],
    [Number.MAX_SAFE_INTEGER, 'GBP', '£90,071,992,547,409.91'],
  ])('%d %s is %s', (amountMinor, code, words) => {
    expect(moneyWords({ amountMinor, currency: code })).toBe(words);
  });

  it.each([
    [Date.UTC(2027, 2, 15, 14, 5), '15 March 2027', '15 March 2027 at 14:05:00 GMT'],
    // Summer time: the day begins an hour earlier in UTC.
    [Date.UTC(2027, 5, 30, 23, 30), '1 July 2027', '1 July 2027 at 00:30:00 BST'],
  ])('%d is %s, %s', (ms, day, instant) => {
    expect(dateWords(ms / 1000)).toBe(day);
    expect(dateTimeWords(ms / 1000)).toBe(instant);
  });
});
