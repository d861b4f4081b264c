/** What is put into a tenant at once: customers, accounts and what they began with. */
import type { Account } from '#bank/account.ts';
import type { Customer } from '#bank/customer.ts';
import type { LedgerRow } from '#bank/transaction.ts';
import type { JournalRow } from '#bank/transfer.ts';

/** Balances and holds of the accounts agree with their transactions. */
export interface TenantContent {
  readonly customers: readonly Omit<Customer, 'tenantId'>[];
  readonly accounts: readonly Omit<Account, 'tenantId'>[];
  readonly holders: readonly { readonly customerId: string; readonly accountId: string }[];
  readonly journals: readonly JournalRow[];
  readonly transactions: readonly LedgerRow[];
}
