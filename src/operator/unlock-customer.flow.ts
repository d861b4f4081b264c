/**
 * Lets a customer's name log in again after too many failures. D1: one read of the customer, one of the audit's end, one
 * batch. Objects: none.
 */
import { clearAttemptsStatement } from '#authorization/login-attempt.statements.ts';
import { normaliseName } from '#authorization/login-attempt.ts';
import { digestOfName } from '#authorization/login-name.flow.ts';
import { liftLockStatement } from '#bank/customer.statements.ts';
import type { Customer } from '#bank/customer.ts';
import { findCustomerByUsername } from '#bank/find-customer.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';
import type { Operator } from '#operator/operator-key.ts';
import { recordAction } from '#operator/record-action.flow.ts';

export interface Unlocking {
  readonly tenantId: string;
  readonly username: string;
  /** Lifts the bank's own lock too, which failed log-ins never set. */
  readonly liftsLock: boolean;
  readonly reason: string;
}

/** Refuses with `not_found`. Whether the name was refused at all is not asked: forgetting nothing does no harm. */
export async function unlockCustomer(
  scope: Scope,
  operator: Operator,
  { tenantId, username, liftsLock, reason }: Unlocking,
): Promise<Result<Customer>> {
  const { database } = scope;
  const name = normaliseName(username);
  const customer = await findCustomerByUsername(scope, tenantId, name);
  if (customer === undefined) {
    return refuseOpenly('not_found', 'This tenant has no customer of that name.');
  }
  const { customerId } = customer;
  const nameDigest = await digestOfName(await signingKeys(scope), tenantId, name);
  await recordAction(
    scope,
    operator,
    {
      action: 'customer.unlock',
      subject: customerId,
      detail: { reason, tenant_id: tenantId, lifts_lock: liftsLock },
    },
    {
      changes: [
        clearAttemptsStatement(database, { tenantId, nameDigest }),
        ...(liftsLock ? [liftLockStatement(database, tenantId, customerId)] : []),
      ],
    },
  );
  return ok({ ...customer, locked: customer.locked && !liftsLock });
}
