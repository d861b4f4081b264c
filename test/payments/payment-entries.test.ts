/** What payments post comes to zero in each currency, whatever is paid; the payer is charged what was quoted. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { CHARGE_BEARERS, quote } from '#bank/exchange.ts';
import { isInternalAccount, settlementAccount } from '#bank/transfer.ts';
import type { InternationalPayment } from '#consents/payment-instruction.ts';
import {
  CURRENCY_DECIMALS,
  type Currency,
  TRANSFER_CURRENCY_DECIMALS,
  type TransferCurrency,
} from '#kernel/money.ts';
import { differingMembers } from '#payments/payment.ts';
import { internationalEntries, returnedEntries, schemeOf } from '#payments/payment-entries.ts';
import { DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT, instructionOf } from '../support/payments.ts';

const ABROAD = instructionOf(INTERNATIONAL_PAYMENT) as InternationalPayment;
const payments: fc.Arbitrary<InternationalPayment> = fc
  .record({
    amountMinor: fc.integer({ min: 1, max: 999_999_999_999_999 }),
    currency: fc.constantFrom(...(Object.keys(CURRENCY_DECIMALS) as Currency[])),
    currencyOfTransfer: fc.constantFrom(...(Object.keys(TRANSFER_CURRENCY_DECIMALS) as TransferCurrency[])),
    chargeBearer: fc.constantFrom(...CHARGE_BEARERS),
  })
  .map(({ amountMinor, currency, currencyOfTransfer, chargeBearer }): InternationalPayment => {
    const { creditor, endToEndId } = ABROAD;
    const instructedAmount = { amountMinor, currency };
    return {
      type: 'international',
      instructedAmount,
      creditor,
      endToEndId,
      currencyOfTransfer,
      chargeBearer,
    };
  });

it('an international payment takes from its payer what was quoted, and gives it all back', () => {
  fc.assert(
    fc.property(payments, (payment) => {
      const quoted = quote({ ...payment.instructedAmount, ...payment, now: 0 });
      if (quoted === undefined) return;
      const entries = internationalEntries(payment, quoted, 'acc_1');
      const sum = (rows: typeof entries) =>
        rows
          .filter(({ accountId }) => !isInternalAccount(accountId))
          .reduce((total, { amountMinor }) => total + amountMinor, 0);
      expect(sum(entries)).toBe(-quoted.totalDebitMinor);
      expect(sum(returnedEntries(entries))).toBe(quoted.totalDebitMinor);
    }),
  );
});

it('what is given back names the payee and the reference that it was for', () => {
  const payment = { ...ABROAD, reference: 'INV 7' };
  const quoted = quote({ ...payment.instructedAmount, ...payment, now: 0 });
  if (quoted === undefined) throw new Error('no quote');
  const [first] = returnedEntries(internationalEntries(payment, quoted, 'acc_1'));
  expect(first).toEqual({
    accountId: 'acc_1',
    amountMinor: payment.instructedAmount.amountMinor,
    currency: payment.instructedAmount.currency,
    type: 'refund',
    description: 'International payment returned',
    reference: 'INV 7',
    counterpartyName: payment.creditor.name,
    counterpartyAccount: payment.creditor.account.id,
  });
});

it.each([
  ['euros to an IBAN', ABROAD, 'sepa'],
  ['dollars to an IBAN', { ...ABROAD, currencyOfTransfer: 'USD' } as const, 'swift'],
  [
    'euros to an IBAN beyond SEPA',
    {
      ...ABROAD,
      creditor: { ...ABROAD.creditor, account: { scheme: 'IBAN', id: 'SA0380000000608010167519' } },
    } as const,
    'swift',
  ],
  [
    'euros to a bare number',
    {
      ...ABROAD,
      creditor: { ...ABROAD.creditor, account: { scheme: 'AccountNumber', id: '1' } },
    } as const,
    'swift',
  ],
  ['pounds at home', instructionOf(DOMESTIC_PAYMENT), 'fps'],
] as const)('%s leave the bank by their scheme', (_what, payment, scheme) => {
  expect(schemeOf(payment)).toBe(scheme);
});

it('no euro scheme is owed another currency: charges of other banks in pounds are settled by SWIFT', () => {
  const quoted = quote({ ...ABROAD.instructedAmount, ...ABROAD, chargeBearer: 'debtor', now: 0 });
  if (quoted === undefined) throw new Error('no quote');
  const accounts = internationalEntries(ABROAD, quoted, 'acc_1').map(({ accountId }) => accountId);
  expect(accounts).toContain(settlementAccount('EUR', 'sepa'));
  expect(accounts).toContain(settlementAccount('GBP', 'swift'));
  expect(accounts).not.toContain(settlementAccount('GBP', 'sepa'));
});

it('what was sent by the scheme noted with a payment comes back from there', () => {
  const quoted = quote({ ...ABROAD.instructedAmount, ...ABROAD, now: 0 });
  if (quoted === undefined) throw new Error('no quote');
  const accounts = internationalEntries(ABROAD, quoted, 'acc_1', 'swift').map(({ accountId }) => accountId);
  expect(accounts).toContain(settlementAccount('EUR', 'swift'));
  expect(accounts).not.toContain(settlementAccount('EUR', 'sepa'));
});

it('two payments that are the same differ in no member, and others in those that differ', () => {
  expect(differingMembers(ABROAD, { ...ABROAD })).toEqual([]);
  expect(differingMembers(ABROAD, { ...ABROAD, chargeBearer: 'debtor' })).toEqual(['charge_bearer']);
  expect(differingMembers(ABROAD, { ...ABROAD, currencyOfTransfer: 'USD' })).toEqual([
    'currency_of_transfer',
  ]);
});
