/** Whose account a payment goes to: the tenant's own that the identifier names, or none here. */
import { expect, it } from 'vitest';
import type { AccountIdentifier } from '#bank/iban.ts';
import { paymentAccountsStatement, readPaymentAccounts } from '#bank/payment-accounts.statements.ts';
import { sandboxTenants } from '#sandbox/tenants.flow.ts';
import { insertTestOrganisation } from '../support/organisation.ts';
import { testScope } from '../support/scope.ts';

it('finds the payee in the tenant by number or IBAN, and in no other tenant', async () => {
  const scope = testScope();
  const ready = async () => sandboxTenants.ready(scope, await insertTestOrganisation());
  // The same accounts are in both.
  const [tenantId] = [await ready(), await ready()];
  const find = async (scheme: AccountIdentifier['scheme'], id: string, tenant = tenantId) => {
    const question = { tenantId: tenant, customerId: '', debtorAccountId: '', creditor: { scheme, id } };
    const rows = await paymentAccountsStatement(scope.database, question);
    expect(rows.length).toBeLessThanOrEqual(1);
    const { payer, payee } = readPaymentAccounts(rows, question);
    expect(payer).toBeUndefined();
    return payee && [payee.tenantId === tenantId, payee.nickname];
  };
  expect(await find('SortCodeAccountNumber', '608371-12345678')).toEqual([true, 'Main Account']);
  expect(await find('IBAN', 'GB51HMBK60837187654321')).toEqual([true, 'Joint Account']);
  expect(await find('SortCodeAccountNumber', '608371-99999999')).toBeUndefined();
  expect(await find('SortCodeAccountNumber', '608372-12345678')).toBeUndefined();
  expect(await find('IBAN', 'DE89370400440532013000')).toBeUndefined();
  expect(await find('AccountNumber', '12345678')).toBeUndefined();
  expect(await find('SortCodeAccountNumber', '608371-12345678', 'elsewhere')).toBeUndefined();
});
