/** Which account an identifier names, and why an account cannot pay. */
import { describe, expect, it } from 'vitest';
import type { Account } from '#bank/account.ts';
import { type CannotPay, whyCannotPay } from '#bank/can-pay.ts';
import { findAccountByIdentifier } from '#bank/find-debtor.flow.ts';
import type { AccountIdentifier } from '#bank/iban.ts';
import { sandboxTenants } from '#sandbox/tenants.flow.ts';
import { countingEnv } from '../support/counting-env.ts';
import { insertTestOrganisation } from '../support/organisation.ts';
import { testScope } from '../support/scope.ts';

it('finds an account of the tenant by number or IBAN, and of no other tenant, in one read', async () => {
  const tenantId = await sandboxTenants.ready(testScope(), await insertTestOrganisation());
  const find = async (scheme: AccountIdentifier['scheme'], id: string, tenant = tenantId) => {
    const counted = countingEnv();
    const scope = testScope({ bindings: { ...counted.env } });
    const found = await findAccountByIdentifier(scope, tenant, { scheme, id });
    expect(counted.hops.d1).toBe(scheme === 'AccountNumber' ? 0 : 1);
    expect(counted.hops.rowsRead).toBeLessThanOrEqual(2);
    return found?.nickname;
  };
  expect(await find('SortCodeAccountNumber', '608371-12345678')).toBe('Main Account');
  expect(await find('IBAN', 'GB51HMBK60837187654321')).toBe('Joint Account');
  expect(await find('SortCodeAccountNumber', '608371-99999999')).toBeUndefined();
  expect(await find('SortCodeAccountNumber', '608372-12345678')).toBeUndefined();
  expect(await find('IBAN', 'DE89370400440532013000')).toBeUndefined();
  expect(await find('AccountNumber', '12345678')).toBeUndefined();
  expect(await find('SortCodeAccountNumber', '608371-12345678', 'elsewhere')).toBeUndefined();
});

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
