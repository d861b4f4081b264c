/** Money: minor units and their decimal text are the same amount, on the wire and in words. */
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AmountFault,
  CURRENCY_DECIMALS,
  type Currency,
  isCurrency,
  isTransferCurrency,
  parseAmount,
  renderAmount,
  TRANSFER_CURRENCY_DECIMALS,
  type TransferCurrency,
} from '#kernel/money.ts';
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

describe('isTransferCurrency', () => {
  it.each(Object.keys(CURRENCY_DECIMALS))(
    'takes %s, a currency of accounts, with the same decimals',
    (code) => {
      expect(isTransferCurrency(code)).toBe(true);
      expect(TRANSFER_CURRENCY_DECIMALS).toMatchObject(CURRENCY_DECIMALS);
    },
  );

  it.each(['JPY', 'CHF', 'AUD', 'CAD', 'SEK', 'NOK', 'DKK', 'PLN'])('takes %s', (code) => {
    expect(isTransferCurrency(code)).toBe(true);
  });

  it.each(['', 'jpy', 'XAU', 'BHD', 'toString', '__proto__'])('does not take %j', (text) => {
    expect(isTransferCurrency(text)).toBe(false);
  });
});

describe('parseAmount', () => {
  it.each<[string, TransferCurrency, number]>([
    ['0.01', 'GBP', 1],
    ['165.88', 'GBP', 16_588],
    ['1.00', 'GBP', 100],
    ['007.50', 'GBP', 750],
    ['9999999999999.99', 'GBP', 999_999_999_999_999],
    ['0000000000000.01', 'EUR', 1],
    ['1', 'JPY', 1],
    ['9999999999999', 'JPY', 9_999_999_999_999],
  ])('%s %s is %d', (text, code, value) => {
    expect(parseAmount(text, code)).toEqual({ ok: true, value });
  });

  it.each<[unknown, TransferCurrency, AmountFault]>([
    ['0.00', 'GBP', 'not_positive'],
    ['0', 'JPY', 'not_positive'],
    ['10000000000000.00', 'GBP', 'too_large'],
    ['00000000000001.00', 'GBP', 'too_large'],
    ['10000000000000', 'JPY', 'too_large'],
    ['1', 'GBP', 'decimals'],
    ['1.0', 'GBP', 'decimals'],
    ['0.001', 'GBP', 'decimals'],
    ['1.000', 'GBP', 'decimals'],
    ['1.0', 'JPY', 'decimals'],
    ['1.00', 'JPY', 'decimals'],
    ['-1.00', 'GBP', 'malformed'],
    ['+1.00', 'GBP', 'malformed'],
    ['1e3', 'GBP', 'malformed'],
    ['1e3', 'JPY', 'malformed'],
    ['0x10', 'JPY', 'malformed'],
    ['1.', 'JPY', 'malformed'],
    ['.50', 'GBP', 'malformed'],
    ['1,000.00', 'GBP', 'malformed'],
    ['1 000.00', 'GBP', 'malformed'],
    [' 1.00', 'GBP', 'malformed'],
    ['1.00 ', 'GBP', 'malformed'],
    ['1.00\n', 'GBP', 'malformed'],
    ['\u0661.\u0660\u0660', 'GBP', 'malformed'],
    ['1.00\u200f', 'GBP', 'malformed'],
    ['', 'GBP', 'malformed'],
    ['NaN', 'GBP', 'malformed'],
    ['Infinity', 'JPY', 'malformed'],
    [1, 'JPY', 'malformed'],
    [null, 'GBP', 'malformed'],
    [{}, 'GBP', 'malformed'],
    [['1.00'], 'GBP', 'malformed'],
  ])('refuses %j %s: %s', (text, code, refusal) => {
    expect(parseAmount(text, code)).toEqual({ ok: false, refusal });
  });

  it('reads what is written, in every currency', () => {
    const code = fc.constantFrom(...(Object.keys(TRANSFER_CURRENCY_DECIMALS) as TransferCurrency[]));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999_999_999 }), code, (amountMinor, one) => {
        const { amount } = renderAmount({ amountMinor, currency: one });
        expect(parseAmount(amount, one)).toEqual({ ok: true, value: amountMinor });
      }),
      { numRuns },
    );
  });
});

describe('in words', () => {
  it.each<[number, TransferCurrency, string]>([
    [1_980, 'JPY', 'JP¥1,980'],
    [4_942_80, 'PLN', 'PLN\u00a04,942.80'],
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
