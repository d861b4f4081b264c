/** The customer's decision as it was posted, checked against what was offered. */
import type { Asked } from '#authorization/journey-props.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

export const DECISIONS = ['approve', 'deny', 'cancel'] as const;
export type Decision = (typeof DECISIONS)[number];

/** Exactly one of the three words. Refuses with `invalid_request`, its message for the customer. */
export function parseDecision(words: readonly string[]): Result<Decision> {
  const decision = DECISIONS.find((word) => word === words[0]);
  return words.length === 1 && decision !== undefined
    ? ok(decision)
    : refuse('invalid_request', 'not exactly one decision', {
        message: 'Choose one of Confirm, Refuse and Cancel.',
      });
}

/** The accounts to share: at least one, each offered. Refuses as `parseDecision` does. */
export function checkChoice(asked: Asked, accountIds: readonly string[]): Result<readonly string[]> {
  const offered = new Set(
    asked.type === 'identity' ? [] : asked.accounts.map((account) => account.accountId),
  );
  const chosen = [...new Set(accountIds)];
  if (!chosen.every((accountId) => offered.has(accountId))) {
    return refuse('invalid_request', 'account not offered', {
      message: 'Choose among the accounts shown here.',
    });
  }
  return asked.type === 'identity' || chosen.length > 0
    ? ok(chosen)
    : refuse('invalid_request', 'no account chosen', { message: 'Choose at least one account to share.' });
}
