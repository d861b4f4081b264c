/** Quotes: published rates, charges by bearer, and rounding that is exact and stated. */
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHARGE_BEARERS,
  type ChargeBearer,
  QUOTE_SECONDS,
  quote,
  rateOf,
  SANDBOX_CHARGES,
  SANDBOX_RATES,
} from '#bank/exchange.ts';
import {
  CURRENCY_DECIMALS,
  type Currency,
  TRANSFER_CURRENCY_DECIMALS,
  type TransferCurrency,
} from '#kernel/money.ts';

const NOW = 1_795_000_000;
const from = fc.constantFrom(...(Object.keys(CURRENCY_DECIMALS) as Currency[]));
const to = fc.constantFrom(...(Object.keys(TRANSFER_CURRENCY_DECIMALS) as TransferCurrency[]));

function ask(
  amountMinor: number,
  currency: Currency,
  currencyOfTransfer: TransferCurrency,
  bearer: ChargeBearer,
) {
  return quote({ amountMinor, currency, currencyOfTransfer, chargeBearer: bearer, now: NOW });
}

describe('a rate', () => {
  it.each<[TransferCurrency, TransferCurrency, string]>([
    ['GBP', 'EUR', '1.165200'],
    ['GBP', 'JPY', '203.940000'],
    ['EUR', 'GBP', '0.858222'],
    ['USD', 'EUR', '0.883799'],
    ['EUR', 'JPY', '175.025747'],
    ['EUR', 'EUR', '1.000000'],
  ])('from %s to %s is %s', (one, other, rate) => {
    expect(rateOf(one, other)).toBe(rate);
  });

  it('has six decimals in the table as well', () => {
    for (const rate of Object.values(SANDBOX_RATES)) expect(rate).toMatch(/^[1-9]\d*\.\d{6}$/);
  });
});

it('charges whole minor units, nothing where the payee bears the charges', () => {
  for (const charges of Object.values(SANDBOX_CHARGES)) {
    expect(charges.creditor).toEqual([]);
    expect(charges.shared.length).toBeLessThan(charges.debtor.length);
    for (const { amountMinor } of charges.debtor)
      expect(amountMinor > 0 && Number.isInteger(amountMinor)).toBe(true);
  }
});

describe('a quote', () => {
  it('has rate, charges, total debit, what the payee gets and when it ends', () => {
    expect(ask(50_000, 'GBP', 'EUR', 'shared')).toEqual({
      exchangeRate: { from: 'GBP', to: 'EUR', rate: '1.165200' },
      charges: [{ type: 'outgoing_payment', amountMinor: 500 }],
      totalDebitMinor: 50_500,
      transferMinor: 58_260,
      quoteExpiresAt: NOW + QUOTE_SECONDS,
    });
    expect(QUOTE_SECONDS).toBe(900);
  });

  it.each<[ChargeBearer, number]>([
    ['shared', 500],
    ['debtor', 1_700],
    ['creditor', 0],
  ])('with charges for %s takes %d besides the amount', (bearer, chargesMinor) => {
    const made = ask(10_000, 'GBP', 'GBP', bearer);
    expect(made).toMatchObject({ totalDebitMinor: 10_000 + chargesMinor, transferMinor: 10_000 });
    expect(made?.exchangeRate.rate).toBe('1.000000');
  });

  it.each<[number, Currency, TransferCurrency, number]>([
    [1, 'GBP', 'EUR', 1],
    [3, 'GBP', 'EUR', 3],
    [4, 'GBP', 'EUR', 5],
    [1, 'GBP', 'JPY', 2],
    [1, 'EUR', 'GBP', 1],
    [100, 'USD', 'JPY', 155],
    [12_345, 'EUR', 'GBP', 10_595],
  ])('turns %d %s into %s minor units %d', (amountMinor, currency, other, transferMinor) => {
    expect(ask(amountMinor, currency, other, 'shared')?.transferMinor).toBe(transferMinor);
  });

  it('is not made where the amount cannot be counted exactly any more', () => {
    expect(ask(999_999_999_999_999, 'GBP', 'SEK', 'shared')).toBeUndefined();
    expect(ask(999_999_999_999_999, 'GBP', 'EUR', 'debtor')?.transferMinor).toBe(1_165_199_999_999_999);
  });

  it('is off by at most half a minor unit, in whole minor units', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000_000_000 }),
        from,
        to,
        fc.constantFrom(...CHARGE_BEARERS),
        (amountMinor, one, other, bearer) => {
          const made = ask(amountMinor, one, other, bearer);
          if (made === undefined) throw new Error('no quote');
          expect(Number.isSafeInteger(made.transferMinor)).toBe(true);
          const rate = BigInt(made.exchangeRate.rate.replace('.', ''));
          // Both sides as minor units times a million times a hundred: exact.
          const scale = 1_000_000n * 10n ** BigInt(TRANSFER_CURRENCY_DECIMALS[one]);
          const exact = BigInt(amountMinor) * rate * 10n ** BigInt(TRANSFER_CURRENCY_DECIMALS[other]);
          const off = BigInt(made.transferMinor) * scale - exact;
          expect(off * 2n <= scale && off * 2n > -scale).toBe(true);
          const charged = made.charges.reduce((sum, charge) => sum + charge.amountMinor, 0);
          expect(made.totalDebitMinor).toBe(amountMinor + charged);
        },
      ),
      { numRuns: env.TEST_LENGTH === 'long' ? 20_000 : 300 },
    );
  });
});
