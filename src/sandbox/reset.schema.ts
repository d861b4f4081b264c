/** The wire form of a reset. */
import { renderInstant } from '#kernel/time.ts';
import type { Reset } from '#sandbox/reset.flow.ts';
import type { WireReset } from '#sandbox/sandbox-answer.schema.ts';
import { SEED_ACCOUNTS, SEED_CUSTOMERS } from '#sandbox/seed-accounts.ts';

export function renderReset(reset: Reset, now: number): WireReset {
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
