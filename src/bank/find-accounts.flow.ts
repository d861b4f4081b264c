/** Finds accounts of a tenant, in the order of their ids. D1: one read. Objects: none. */
import { selectAccounts, selectAccountsOfCustomer } from '#bank/account.store.ts';
import type { Account } from '#bank/account.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** Every account the customer holds, alone or jointly, closed ones too. */
export function accountsOfCustomer(
  scope: Scope,
  tenantId: string,
  customerId: string,
): Promise<readonly Account[]> {
  return retryRead(scope, () => selectAccountsOfCustomer(scope.database, tenantId, customerId));
}

/** The accounts of these ids; those that the tenant does not have are left out. */
export function accountsByIds(
  scope: Scope,
  tenantId: string,
  accountIds: readonly string[],
): Promise<readonly Account[]> {
  return retryRead(scope, () => selectAccounts(scope.database, tenantId, accountIds));
}
