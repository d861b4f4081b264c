/** Forgets idempotency keys after their 24 hours. D1: one write for 5,000 of them. Objects: none. */
import type { Scope } from '#edge/scope.ts';
import { deleteKeys } from '#payments/idempotency.store.ts';
import { KEY_LIFETIME_SECONDS } from '#payments/idempotency.ts';

const KEYS_A_WRITE = 5_000;
/** What is left waits for the next day: keys that are over count for nothing meanwhile. */
const WRITES_A_RUN = 100;

/** For the daily schedule. */
export async function forgetKeys(scope: Scope): Promise<void> {
  for (let write = 0; write < WRITES_A_RUN; write += 1) {
    const deleted = await deleteKeys(scope.database, scope.now - KEY_LIFETIME_SECONDS, KEYS_A_WRITE);
    if (deleted < KEYS_A_WRITE) return;
  }
}
