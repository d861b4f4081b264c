/**
 * The one-time code: counted under the name that logged in before it is compared, then compared inside the
 * interaction's object. A right one completes the log-in, and posted again clears the count again, should the first post
 * not have come to it. D1: the client, one conditional write, one delete; a payment: one read. Objects: the
 * interaction's, twice; a payment's consent, once.
 */
import { findPayment } from '#authorization/find-payment.flow.ts';
import type { CookieReader, JourneyStep } from '#authorization/journey.ts';
import { reachLoggedIn, stopJourney } from '#authorization/leave-journey.flow.ts';
import { clearAttempts, reserveAttempt } from '#authorization/login-attempt.store.ts';
import { CODE_FAILURE } from '#authorization/login-attempt.ts';
import { digestOfCode } from '#authorization/one-time-code.flow.ts';
import type { SealedForm } from '#authorization/sealed-form.flow.ts';
import type { JourneyPorts } from '#authorization/second-factor.ts';
import { showCode } from '#authorization/show-journey.flow.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';

export interface CodePost {
  readonly form: SealedForm;
  readonly code: string;
}

/** Answers the one-time-code form. Spaces in the code are ignored: people copy it as it was written to them. */
export async function checkCode(
  scope: Scope,
  ports: JourneyPorts,
  { form, code }: CodePost,
  readCookie: CookieReader,
): Promise<JourneyStep> {
  const { interactionId } = form;
  const reached = await reachLoggedIn(scope, form, readCookie);
  if ('step' in reached) return reached.step;
  const { interaction, client, browser, view } = reached;
  const { request, customer } = view;
  // A refused name's code is not looked at, but it counts in the interaction as any wrong one.
  const mayTry = await reserveAttempt(scope.database, customer, scope.now);
  const payment = await findPayment(scope, request);
  const bound = { interactionId, request, client, customer, payment };
  const typed = code.replace(/\s/g, '');
  const digest = mayTry ? await digestOfCode(await signingKeys(scope), typed, bound) : undefined;
  const tried = await callObject(scope, () => interaction().tryCode(scope.nowMs, browser, digest));
  if (tried === 'again') return showCode(scope, ports, { ...reached, interactionId, failure: CODE_FAILURE });
  if (tried !== 'right') return stopJourney(tried, form);
  await clearAttempts(scope.database, customer);
  return { go: 'onward', interactionId };
}
