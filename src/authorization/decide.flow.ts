/**
 * The customer's decision: checked against what was offered, then the interaction is spent, then carried out. D1: the
 * client, the accounts. Objects: the interaction's, twice; the consent's, twice.
 */
import { carryOut } from '#authorization/carry-out.flow.ts';
import { checkChoice, parseDecision } from '#authorization/decision.ts';
import { findAsked } from '#authorization/find-asked.flow.ts';
import type { CookieReader, JourneyStep } from '#authorization/journey.ts';
import { endJourney, reachLoggedIn, stopJourney } from '#authorization/leave-journey.flow.ts';
import type { SealedForm } from '#authorization/sealed-form.flow.ts';
import { showConsent } from '#authorization/show-journey.flow.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { newSecret } from '#kernel/ids.ts';
import { ok, type Refusal } from '#kernel/result.ts';

export interface DecisionPost {
  readonly form: SealedForm;
  /** Every `decision` and `account_id` that was sent. */
  readonly decisions: readonly string[];
  readonly accountIds: readonly string[];
}

/** Answers the consent form. A post that is no decision shows the page again and changes nothing. */
export async function decideJourney(
  scope: Scope,
  { form, decisions, accountIds }: DecisionPost,
  readCookie: CookieReader,
): Promise<JourneyStep> {
  const { interactionId } = form;
  const reached = await reachLoggedIn(scope, form, readCookie);
  if ('step' in reached) return reached.step;
  const { interaction, client, browser, view } = reached;
  if (view.outcome === 'code') return stopJourney('advanced', form);
  const decision = parseDecision(decisions);
  const { request, customer } = view;
  const showAgain = ({ message = '' }: Refusal) =>
    showConsent(scope, { ...reached, interactionId, failure: message }, new Set(accountIds));
  if (!decision.ok) return showAgain(decision.refusal);
  const found = await findAsked(scope, client, request, customer);
  if (!found.ok) return endJourney(scope, form, reached, found.refusal);
  const { asked, subject } = found.value;
  const choice = decision.value === 'approve' ? checkChoice(asked, accountIds) : ok([]);
  if (!choice.ok) return showAgain(choice.refusal);
  const by = newSecret();
  const finished = await callObject(scope, () => interaction().finish(scope.nowMs, browser, by));
  if (finished !== 'finished') return stopJourney(finished, form);
  const answer = await carryOut(scope, {
    request,
    customer,
    subject,
    authTime: view.authTime ?? scope.now,
    decision: decision.value,
    accountIds: choice.value,
  });
  return { go: 'client', address: form.address, interactionId, answer, reason: decision.value };
}
