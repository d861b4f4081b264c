/**
 * Answers whether the account of a consent holds enough, and keeps the question for the customer. D1: one batch.
 * Objects: none (the guard has asked the consent's).
 */
import { noteTenantUse } from '#bank/note-tenant-use.flow.ts';
import type { Consent } from '#consents/consent.ts';
import { retryKeyedWrite } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { checkStatements, readCheckFacts } from '#funds/funds-confirmation.statements.ts';
import {
  DAY_LIMIT,
  type FundsConfirmation,
  type FundsQuestion,
  MINUTE_LIMIT,
  secondsUntilRoom,
} from '#funds/funds-confirmation.ts';
import { newUuid } from '#kernel/ids.ts';
import { ok, type Result, refuse, refuseOpenly } from '#kernel/result.ts';

/**
 * Yes when what can be spent covers the amount, no when not and when the account is restricted or closed. Refuses with
 * `rate_limit_exceeded` when the consent has no check left, then `unsupported_currency`; neither counts as a check.
 */
export async function confirmFunds(
  scope: Scope,
  { consentId, tenantId, accountIds: [accountId] }: Consent,
  question: FundsQuestion,
): Promise<Result<FundsConfirmation>> {
  if (tenantId === undefined || accountId === undefined)
    throw new Error('an authorized consent without account');
  noteTenantUse(scope, tenantId);
  const fundsConfirmationId = `cof_${newUuid()}`;
  const { database, now } = scope;
  const check = { ...question, tenantId, consentId, accountId, fundsConfirmationId, now };
  const [, found] = await retryKeyedWrite(scope, () =>
    database.$client.batch(checkStatements(database, check)),
  );
  const facts = readCheckFacts(found);
  const answered = (fundsAvailable: boolean) =>
    ok({ ...question, fundsConfirmationId, consentId, createdAt: now, fundsAvailable });
  if (facts.fundsAvailable !== null) return answered(facts.fundsAvailable === 1);
  const retryAfterSeconds = secondsUntilRoom(facts, now);
  if (retryAfterSeconds !== undefined) {
    const message = `A consent allows ${MINUTE_LIMIT.checks} checks a minute and ${DAY_LIMIT.checks} a day.`;
    return refuseOpenly('rate_limit_exceeded', message, { retryAfterSeconds });
  }
  // An account that was removed is as good as closed, and there is nobody left to keep the check for.
  if (facts.accountCurrency === null) return answered(false);
  return refuse('unsupported_currency', `account in ${facts.accountCurrency}`);
}
