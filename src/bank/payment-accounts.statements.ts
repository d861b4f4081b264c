/** The read that a payment begins with: the account it comes from, who pays, and the payee's account where it is here. */
import { and, eq, getTableColumns, or, sql } from 'drizzle-orm';
import { type AccountRow, toAccount } from '#bank/account.store.ts';
import { accountsTable } from '#bank/account.table.ts';
import { type Account, isNamedBy } from '#bank/account.ts';
import { customersTable } from '#bank/customer.table.ts';
import { type AccountIdentifier, splitSortCodeAccountNumber } from '#bank/iban.ts';
import type { Database } from '#edge/database.ts';

export interface PaymentAccountsQuestion {
  readonly tenantId: string;
  readonly customerId: string;
  readonly debtorAccountId: string;
  /** Canonical. Absent where the money leaves the bank in any case. */
  readonly creditor: AccountIdentifier | undefined;
}

export interface PaymentAccounts {
  /** Closed and restricted accounts too; undefined when there is no such account any more. */
  readonly payer: { readonly account: Account; readonly name: string } | undefined;
  /** The tenant's account that the identifier names; undefined when the money goes elsewhere. */
  readonly payee: Account | undefined;
}

function isPayee({ tenantId, creditor }: PaymentAccountsQuestion) {
  const isOfTenant = eq(accountsTable.tenantId, tenantId);
  if (creditor?.scheme === 'IBAN') return and(isOfTenant, eq(accountsTable.iban, creditor.id));
  const parts =
    creditor?.scheme === 'SortCodeAccountNumber' ? splitSortCodeAccountNumber(creditor.id) : undefined;
  if (parts === undefined) return undefined;
  const { sortCode, accountNumber } = parts;
  return and(
    isOfTenant,
    eq(accountsTable.sortCode, sortCode),
    eq(accountsTable.accountNumber, accountNumber),
  );
}

/** At most two rows, for `readPaymentAccounts`. */
export function paymentAccountsStatement(database: Database, question: PaymentAccountsQuestion) {
  const { tenantId, customerId, debtorAccountId } = question;
  const payer = database
    .select({ name: customersTable.displayName })
    .from(customersTable)
    .where(and(eq(customersTable.tenantId, tenantId), eq(customersTable.customerId, customerId)));
  // Each side names its tenant, so that each is found through an index of its own.
  const isPayer = and(eq(accountsTable.tenantId, tenantId), eq(accountsTable.accountId, debtorAccountId));
  return database
    .select({ ...getTableColumns(accountsTable), payerName: sql<string | null>`(${payer})` })
    .from(accountsTable)
    .where(or(isPayer, isPayee(question)));
}

/** What `paymentAccountsStatement` found. */
export function readPaymentAccounts(
  rows: readonly (AccountRow & { readonly payerName: string | null })[],
  { debtorAccountId, creditor }: PaymentAccountsQuestion,
): PaymentAccounts {
  const debtor = rows.find(({ accountId }) => accountId === debtorAccountId);
  const named = rows.find((row) => creditor !== undefined && isNamedBy(row, creditor));
  return {
    payer: debtor && { account: toAccount(debtor), name: debtor.payerName ?? '' },
    payee: named && toAccount(named),
  };
}
