/**
 * The count of failed log-ins, and passwords compared under it, for whoever lets people log in. D1: one write each; a password:
 * one conditional write and what reads the account. Objects: none.
 */
import type { AttemptKey } from '#authorization/login-attempt.statements.ts';
import { clearAttempts, releaseAttempt, reserveAttempt } from '#authorization/login-attempt.store.ts';
import { verifyPassword } from '#bank/password.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result } from '#kernel/result.ts';

/** Counts an attempt as failed before it is looked at. False while the name is refused: then nothing may be compared. */
export function countAttempt(scope: Scope, key: AttemptKey): Promise<boolean> {
  return reserveAttempt(scope.database, key, scope.now);
}

/**
 * The account that `readAccount` finds, if the password is its own; undefined for all else. Counted as failed before anything
 * is compared; unknown, refused and passwordless names are hashed like any other, exactly once. Refuses with
 * `service_unavailable` when too many passwords wait: nothing was compared then, and nothing counts.
 */
export async function proveCounted<A extends { readonly passwordDigest: string | null }>(
  scope: Scope,
  key: AttemptKey,
  password: string,
  readAccount: () => Promise<A | undefined>,
): Promise<Result<(A & { readonly passwordDigest: string }) | undefined>> {
  const mayTry = await countAttempt(scope, key);
  const found = await readAccount();
  const account = mayTry ? found : undefined;
  const right = await verifyPassword(account?.passwordDigest ?? undefined, password);
  // No digest, no right password.
  if (right.ok) return ok(right.value ? (account as A & { readonly passwordDigest: string }) : undefined);
  if (mayTry) await returnAttempt(scope, key);
  return right;
}

/** The password was right, and the log-in goes on: gives the attempt back. */
export function returnAttempt(scope: Scope, key: AttemptKey): Promise<void> {
  return releaseAttempt(scope.database, key);
}

/** A complete log-in: the name begins anew. */
export function forgetFailures(scope: Scope, key: AttemptKey): Promise<void> {
  return clearAttempts(scope.database, key);
}
