/** Scheduled: forgets failed log-ins of names nobody tried for long. D1: one write. Objects: none. */
import { deleteAttemptsBefore } from '#authorization/login-attempt.store.ts';
import { ATTEMPTS_KEPT_SECONDS } from '#authorization/login-attempt.ts';
import type { Scope } from '#edge/scope.ts';

/** Harmless to repeat. */
export async function forgetAttempts(scope: Scope): Promise<void> {
  await deleteAttemptsBefore(scope.database, scope.now - ATTEMPTS_KEPT_SECONDS);
}
