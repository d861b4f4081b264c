/** Finds a customer of a tenant. D1: one read. Objects: none. */
import { selectCustomer, selectCustomerByUsername } from '#bank/customer.store.ts';
import type { Customer } from '#bank/customer.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** The customer with this log-in name, as kept (lower case); undefined when the tenant has none. */
export function findCustomerByUsername(
  scope: Scope,
  tenantId: string,
  username: string,
): Promise<Customer | undefined> {
  return retryRead(scope, () => selectCustomerByUsername(scope.database, tenantId, username));
}

/** The customer with this id; undefined when the tenant has none. */
export function findCustomer(
  scope: Scope,
  tenantId: string,
  customerId: string,
): Promise<Customer | undefined> {
  return retryRead(scope, () => selectCustomer(scope.database, tenantId, customerId));
}
