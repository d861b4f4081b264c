/**
 * Whether a name and a password are a customer's. The attempt is counted before anything is compared, and refused,
 * locked and unknown names are hashed like any other. D1: one conditional write, the customer. Objects: none.
 */
import { proveCounted } from '#authorization/count-attempt.flow.ts';
import { normaliseName } from '#authorization/login-attempt.ts';
import { digestOfName } from '#authorization/login-name.flow.ts';
import type { Customer } from '#bank/customer.ts';
import { findCustomerByUsername } from '#bank/find-customer.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { ok, type Result } from '#kernel/result.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface CheckedPassword {
  /** Present only when name and password are right. The attempt stays counted until the caller gives it back. */
  readonly customer: Customer | undefined;
  readonly nameDigest: string;
}

/** Refuses with `service_unavailable` when too many passwords wait; nothing was compared, and nothing counts then. */
export async function checkPassword(
  scope: Scope,
  tenantId: string,
  { username, password }: Credentials,
): Promise<Result<CheckedPassword>> {
  const name = normaliseName(username);
  const keys = await signingKeys(scope);
  const nameDigest = await digestOfName(keys, tenantId, name);
  const proved = await proveCounted(scope, { tenantId, nameDigest }, password, async () => {
    const found = await findCustomerByUsername(scope, tenantId, name);
    return found?.locked === false ? found : undefined;
  });
  return proved.ok ? ok({ customer: proved.value, nameDigest }) : proved;
}
