/** The count of failed log-ins, for whoever else lets customers log in. D1: one write each. Objects: none. */
import type { AttemptKey } from '#authorization/login-attempt.statements.ts';
import { clearAttempts, releaseAttempt, reserveAttempt } from '#authorization/login-attempt.store.ts';
import type { Scope } from '#edge/scope.ts';

/** Counts an attempt as failed before it is looked at. False while the name is refused: then nothing may be compared. */
export function countAttempt(scope: Scope, key: AttemptKey): Promise<boolean> {
  return reserveAttempt(scope.database, key, scope.now);
}

/** The password was right, and the log-in goes on: gives the attempt back. */
export function returnAttempt(scope: Scope, key: AttemptKey): Promise<void> {
  return releaseAttempt(scope.database, key);
}

/** A complete log-in: the name begins anew. */
export function forgetFailures(scope: Scope, key: AttemptKey): Promise<void> {
  return clearAttempts(scope.database, key);
}
