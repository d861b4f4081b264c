/** The wire form of a reset. */
import * as v from 'valibot';
import { renderInstant } from '#kernel/time.ts';
import type { Reset } from '#sandbox/reset.flow.ts';
import { SEED_ACCOUNTS, SEED_CUSTOMERS } from '#sandbox/seed-accounts.ts';

export const resetResponseSchema = v.object({
  reset_at: v.pipe(v.string(), v.description('RFC 3339, in UTC.')),
  consents_ended: v.pipe(
    v.number(),
    v.integer(),
    v.description(
      'Consents this call ended; if there were too many for one call, the rest end within minutes.',
    ),
  ),
  customers: v.pipe(
    v.array(v.object({ username: v.string(), account_ids: v.array(v.string()) })),
    v.description('The customers there are now, who can log in, with their accounts.'),
  ),
});

export function renderReset(reset: Reset, now: number): v.InferOutput<typeof resetResponseSchema> {
  return {
    reset_at: renderInstant(now),
    consents_ended: reset.consentsEnded,
    customers: SEED_CUSTOMERS.filter(({ locked }) => !locked).map(({ customerId, username }) => ({
      username,
      account_ids: SEED_ACCOUNTS.filter(({ holders }) => holders.includes(customerId)).map(
        ({ accountId }) => accountId,
      ),
    })),
  };
}
