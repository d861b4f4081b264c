/**
 * Whether a password is an account's. Counted before it is compared; unknown, refused and passkey-only names are hashed
 * like any other, exactly once. D1: one conditional write, what reads the account, one write after. Objects: none.
 */
import { forgetFailures, proveCounted } from '#authorization/count-attempt.flow.ts';
import type { AttemptKey } from '#authorization/login-attempt.statements.ts';
import { digestOfName } from '#authorization/login-name.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import type { Result } from '#kernel/result.ts';

/** Where developers' names are counted: beside the tenants of customers, and the id of none. */
const REALM = 'developers';
/** Longest submitted address looked at; a longer one is nobody's. */
const ADDRESS_LENGTH_MAXIMUM = 254;

/** An address as its failed sign-ins are counted; or a mailed link, by its digest, as its wrong passwords are. */
export async function attemptsOf(scope: Scope, name: string): Promise<AttemptKey> {
  const looked = name.slice(0, ADDRESS_LENGTH_MAXIMUM);
  return { tenantId: REALM, nameDigest: await digestOfName(await signingKeys(scope), REALM, looked) };
}

/** As `proveCounted` under `name`, which is forgotten once the password was right. */
export async function provePassword<A extends { readonly passwordDigest: string | null }>(
  scope: Scope,
  name: string,
  password: string,
  readAccount: () => Promise<A | undefined>,
): Promise<Result<(A & { readonly passwordDigest: string }) | undefined>> {
  const key = await attemptsOf(scope, name);
  const proved = await proveCounted(scope, key, password, readAccount);
  if (proved.ok && proved.value !== undefined) await forgetFailures(scope, key);
  return proved;
}
