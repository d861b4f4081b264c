/** What a tenant is filled with arrives member by member: rows are handed over by the names of their members. */
import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { accountHoldersTable, accountsTable } from '#bank/account.table.ts';
import { customersTable } from '#bank/customer.table.ts';
import { journalsTable } from '#bank/journal.table.ts';
import { fillTenantStatements } from '#bank/open-tenant.statements.ts';
import { tenantsTable } from '#bank/tenant.table.ts';
import type { TenantContent } from '#bank/tenant-content.ts';
import { transactionsTable } from '#bank/transaction.table.ts';
import { openDatabase } from '#edge/database.ts';
import { newTenantId } from '../support/bank-rows.ts';

const CONTENT: TenantContent = {
  customers: [
    { customerId: 'cus_1', username: 'fern', displayName: 'Fern', passwordDigest: 'digest', locked: true },
  ],
  accounts: [
    {
      accountId: 'acc_1',
      status: 'enabled',
      currency: 'GBP',
      accountType: 'current',
      nickname: 'Main',
      sortCode: '608371',
      accountNumber: '12345678',
      iban: 'GB12HMBK60837112345678',
      bookedMinor: 900,
      heldMinor: 200,
      overdraftLimitMinor: 50,
      withdrawalsRestricted: true,
      joint: false,
    },
  ],
  holders: [{ customerId: 'cus_1', accountId: 'acc_1' }],
  journals: [{ journalId: 'jrn_1', kind: 'history', createdAt: 1 }],
  transactions: [
    {
      accountId: 'acc_1',
      createdAt: 2,
      transactionId: 'txn_1',
      status: 'booked',
      amountMinor: 900,
      currency: 'GBP',
      bookedAt: 3,
      valueDate: '2026-11-22',
      type: 'transfer',
      description: 'Transfer',
      reference: 'reference',
      counterpartyName: 'Nutkin',
      counterpartyAccount: '608371-87654321',
      merchantName: 'The Crumb Bakery',
      merchantCategoryCode: '5462',
      balanceAfterMinor: 900,
      journalId: 'jrn_1',
    },
  ],
};

it('keeps each member of each row', async () => {
  const database = openDatabase(env.DB);
  const tenantId = newTenantId();
  const tenant = { tenantId, organisationId: 'organisation', createdAt: 1, lastUsedAt: 1 };
  await database.batch([
    database.insert(tenantsTable).values(tenant),
    ...fillTenantStatements(database, tenantId, CONTENT),
  ]);
  const tables = [
    [customersTable, CONTENT.customers.map((row) => ({ ...row, locked: 1 }))],
    [accountsTable, CONTENT.accounts.map((row) => ({ ...row, withdrawalsRestricted: 1, joint: 0 }))],
    [accountHoldersTable, CONTENT.holders],
    [journalsTable, CONTENT.journals.map((row) => ({ ...row, paymentId: null }))],
    [transactionsTable, CONTENT.transactions],
  ] as const;
  for (const [table, rows] of tables) {
    const found = await database.select().from(table).where(eq(table.tenantId, tenantId));
    expect(found.map(({ tenantId: _same, ...row }) => row)).toEqual(rows);
  }
});
