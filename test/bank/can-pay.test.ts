/** Why an account cannot pay. */
import { describe, expect, it } from 'vitest';
import type { Account } from '#bank/account.ts';
import { type CannotPay, whyCannotPay } from '#bank/can-pay.ts';

const ACCOUNT: Account = {
  tenantId: 'tenant',
  accountId: 'acc_1',
  status: 'enabled',
  currency: 'GBP',
  accountType: 'current',
  nickname: 'Main',
  sortCode: '608371',
  accountNumber: '12345678',
  iban: 'GB12HMBK60837112345678',
  bookedMinor: 10_000,
  heldMinor: 2_500,
  overdraftLimitMinor: 500,
  withdrawalsRestricted: false,
  joint: false,
};

const ELSEWHERE = { scheme: 'SortCodeAccountNumber', id: '200000-55779911' } as const;

describe('whyCannotPay', () => {
  it.each<[string, Partial<Account>, number, CannotPay | undefined]>([
    ['all that is available', {}, 8_000, undefined],
    ['a penny more', {}, 8_001, 'not_enough'],
    ['a penny', {}, 1, undefined],
    ['from a closed account', { status: 'closed' }, 1, 'closed'],
    ['from a restricted one', { withdrawalsRestricted: true }, 1, 'restricted'],
    ['in another currency', { currency: 'EUR' }, 1, 'other_currency'],
    ['restricted before currency', { withdrawalsRestricted: true, currency: 'EUR' }, 1, 'restricted'],
    ['currency before money', { currency: 'EUR' }, 1_000_000, 'other_currency'],
  ])('%s', (_name, changed, totalDebitMinor, reason) => {
    const account = { ...ACCOUNT, ...changed };
    const debit = { currency: 'GBP', creditorAccount: ELSEWHERE, totalDebitMinor } as const;
    expect(whyCannotPay(account, debit)).toBe(reason);
  });

  it.each([
    ['IBAN', ACCOUNT.iban, 'payee'],
    ['SortCodeAccountNumber', `${ACCOUNT.sortCode}-${ACCOUNT.accountNumber}`, 'payee'],
    // Another bank's, of the same digits.
    ['AccountNumber', `${ACCOUNT.sortCode}-${ACCOUNT.accountNumber}`, undefined],
  ] as const)('an account cannot pay itself, named by %s', (scheme, id, reason) => {
    const debit = { currency: 'GBP', creditorAccount: { scheme, id }, totalDebitMinor: 1 } as const;
    expect(whyCannotPay(ACCOUNT, debit)).toBe(reason);
  });
});
