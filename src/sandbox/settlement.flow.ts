/**
 * What stands in the sandbox for the networks between banks: every payment arrives at once, but for amounts that a TPP
 * asks for to see something else. D1, objects: none.
 */

import { MINUTE_SECONDS } from '#kernel/time.ts';
import type { Settlement, SettlementOutcome } from '#payments/settlement.ts';

/** How long the payee's bank is waited for, seconds from the payment. */
const TIMEOUT_SECONDS = 15 * MINUTE_SECONDS;

/** Instructed amounts, in minor units of whichever currency, and what becomes of such a payment. */
const MAGIC_AMOUNTS: Readonly<Record<number, (ageSeconds: number) => SettlementOutcome>> = {
  40401: () => ({ status: 'failed', reason: 'rejected_by_payee_bank' }),
  40402: () => ({ status: 'pending', askAgain: false }),
  40403: (ageSeconds) =>
    ageSeconds < TIMEOUT_SECONDS
      ? { status: 'pending', askAgain: true }
      : { status: 'failed', reason: 'payee_bank_timeout' },
};

export const sandboxSettlement: Settlement = {
  send: () => Promise.resolve(),
  outcomeOf: ({ now }, { instruction, createdAt }) => {
    const magic = MAGIC_AMOUNTS[instruction.instructedAmount.amountMinor];
    return Promise.resolve(magic?.(now - createdAt) ?? { status: 'completed' });
  },
};
