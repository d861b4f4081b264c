/** Ways back to the client without a decision: cancel, time-out, too many failures. D1: one read. Objects: one call. */
import type { Ending, LoggedInView, Stopped, View } from '#authorization/interaction.ts';
import { type CookieReader, type JourneyStep, returned } from '#authorization/journey.ts';
import { clientGone, type Reached, reachJourney, stoppedEnd } from '#authorization/journey-client.flow.ts';
import type { SealedForm } from '#authorization/sealed-form.flow.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { newSecret } from '#kernel/ids.ts';
import type { Refusal } from '#kernel/result.ts';

type Leaving = Pick<SealedForm, 'interactionId' | 'address'>;

/**
 * Back to the client with access_denied, for an interaction that has ended already. The client gets one text for all
 * of them: how a customer fared at log-in, or what accounts they have, is not for it to know.
 */
function endedWithout(
  why: Ending | 'cancelled' | 'denied' | 'no_account',
  { interactionId, address }: Leaving,
): JourneyStep {
  return { go: 'client', address, interactionId, answer: { error: 'access_denied' }, reason: why };
}

/** The step after a post that may not be acted on. */
export function stopJourney(outcome: Stopped | 'expired', form: Leaving): JourneyStep {
  if (outcome === 'advanced') return { go: 'onward', interactionId: form.interactionId };
  return outcome === 'timed_out' || outcome === 'too_many_failures'
    ? endedWithout(outcome, form)
    : stoppedEnd(outcome);
}

/** Cancel, on whichever page of the journey: the consent stays as it is. */
export async function leaveJourney(
  scope: Scope,
  form: SealedForm,
  readCookie: CookieReader,
): Promise<JourneyStep> {
  const reached = await reachJourney(scope, form, readCookie);
  if (reached === undefined) return clientGone();
  const { interaction, browser } = reached;
  const by = newSecret();
  const left = await callObject(scope, () => interaction().leave(scope.nowMs, form, browser, by));
  return left === 'left' ? endedWithout('cancelled', form) : stopJourney(left, form);
}

/**
 * Spends an interaction that can come to no decision any more, and tells the client why; without a `refusal` its time is
 * over, which whoever notices ends, so that the client is told once.
 */
export async function endJourney(
  scope: Scope,
  form: Leaving,
  { interaction, browser }: Pick<Reached, 'interaction' | 'browser'>,
  refusal?: Refusal,
): Promise<JourneyStep> {
  const by = newSecret();
  const ended = await callObject(scope, () => interaction().finish(scope.nowMs, browser, by));
  return ended === 'finished' && refusal !== undefined
    ? { ...returned(form.address, refusal), interactionId: form.interactionId }
    : stopJourney(ended === 'timed_out' ? ended : 'ended', form);
}

/** A journey that somebody has logged in to, or the step that a post to any other comes to. D1: one read. Objects: one call. */
export async function reachLoggedIn(
  scope: Scope,
  form: SealedForm,
  readCookie: CookieReader,
): Promise<(Reached & { readonly view: LoggedInView }) | { readonly step: JourneyStep }> {
  const reached = await reachJourney(scope, form, readCookie);
  if (reached === undefined) return { step: clientGone() };
  const { interaction, browser } = reached;
  const view: View = await callObject(scope, () => interaction().view(scope.nowMs, browser));
  const { outcome } = view;
  if (outcome === 'code' || outcome === 'consent') return { ...reached, view };
  if (outcome === 'timed_out') return { step: await endJourney(scope, form, reached) };
  return { step: stopJourney(outcome === 'open' ? 'foreign' : outcome, form) };
}
