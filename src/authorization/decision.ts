/** The customer's decision as it was posted, checked against what was offered. */
import { type Asked, isNamedAlone } from '#authorization/journey-props.ts';
import { ok, type Refused, type Result, refuseOpenly } from '#kernel/result.ts';

export const DECISIONS = ['approve', 'deny', 'cancel'] as const;
export type Decision = (typeof DECISIONS)[number];

function refuseChoice(message: string): Refused {
  return refuseOpenly('invalid_request', message);
}

/** Exactly one of the two words that are left when Cancel was heard. Refuses with `invalid_request`, its message for the customer. */
export function parseDecision([word, ...others]: readonly string[]): Result<Exclude<Decision, 'cancel'>> {
  return others.length === 0 && (word === 'approve' || word === 'deny')
    ? ok(word)
    : refuseChoice('Choose one of Confirm, Refuse and Cancel.');
}

/**
 * The accounts to share, at least one, or the one to pay from; each offered. The account a TPP named needs no choosing.
 * Refuses as `parseDecision` does.
 */
export function checkChoice(asked: Asked, accountIds: readonly string[]): Result<readonly string[]> {
  const accounts = asked.type === 'identity' ? [] : asked.accounts;
  const offered = accounts
    .filter(({ cannotPay }) => cannotPay === undefined)
    .map(({ accountId }) => accountId);
  const chosen = [...new Set(accountIds)];
  if (!chosen.every((accountId) => offered.includes(accountId))) {
    return refuseChoice('Choose among the accounts shown here.');
  }
  if (asked.type === 'identity') return ok(chosen);
  if (asked.type === 'account-access') {
    return chosen.length > 0 ? ok(chosen) : refuseChoice('Choose at least one account to share.');
  }
  // One named account is shown without anything to choose.
  const one = chosen.length === 0 && isNamedAlone(asked) ? offered : chosen;
  return one.length === 1 ? ok(one) : refuseChoice('Choose the account to pay from.');
}
