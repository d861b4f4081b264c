/** The moves of an interaction, each pure: what a post does to it, and what the one who posted is told. */
import type { AuthorizationRequest } from '#authorization/authorization-request.ts';
import {
  CODE_TRIES,
  ENDED,
  INTERACTION_SECONDS,
  type Interaction,
  isOver,
  type LoggedIn,
  type LoggedInCustomer,
  type Open,
  type Opening,
  PASSWORD_TRIES,
  type SentCode,
  type Stopped,
  viewInteraction,
} from '#authorization/interaction.ts';

/** `next` absent: nothing to write. */
export interface Move<Answer> {
  readonly answer: Answer;
  readonly next?: Interaction;
}

/** Whether this is a repetition of the call that ended it. */
function wasEndedBy(interaction: Interaction | undefined, by: string): boolean {
  return interaction?.stage === 'ended' && interaction.by === by;
}

/** The interaction a sealed form speaks of, opened from it if it is a plain request's and nothing is stored yet. */
function begun(interaction: Interaction | undefined, opening: Opening): Interaction | undefined {
  if (interaction !== undefined || opening.request === undefined) return interaction;
  return { stage: 'open', request: opening.request, passwordTries: 0 };
}

/**
 * Whether a log-in form may be acted on. Until someone logs in, by the browser that opened it; between password and
 * code the same browser may log in again (a second press of the button, or a step back).
 */
function standing(
  interaction: Interaction | undefined,
  opening: Opening,
  browser: string | undefined,
  now: number,
): Stopped | Open | LoggedIn {
  if (interaction === undefined) return 'unknown';
  if (interaction.stage === 'ended') return 'ended';
  if (interaction.stage === 'open') {
    if (browser !== opening.browser) return 'foreign';
    return now >= opening.openedAt + INTERACTION_SECONDS ? 'timed_out' : interaction;
  }
  const isOpener = browser === opening.browser && browser === interaction.opener;
  if (browser !== interaction.browser && !(isOpener && interaction.stage === 'code')) return 'foreign';
  if (isOver(interaction, now)) return 'timed_out';
  return interaction.stage === 'consent' ? 'advanced' : interaction;
}

/** Nothing is done for a post that may not be acted on, but who comes too late ends the interaction. */
function stop<S extends Stopped>(answer: S): Move<S> {
  return answer === 'timed_out' ? { answer, next: ENDED } : { answer };
}

/** A try of the password, counted before the password is looked at. `try` carries what it is tried for. */
export type PasswordTry =
  | { readonly outcome: Stopped }
  | { readonly outcome: 'try'; readonly request: AuthorizationRequest };

export function tryPassword(
  interaction: Interaction | undefined,
  opening: Opening,
  browser: string | undefined,
  now: number,
): Move<PasswordTry> {
  const current = standing(begun(interaction, opening), opening, browser, now);
  if (current === 'timed_out') return { answer: { outcome: current }, next: ENDED };
  if (typeof current === 'string') return { answer: { outcome: current } };
  // All tries are used or in the air: whoever posts beside them is guessing.
  if (current.passwordTries >= PASSWORD_TRIES) {
    return { answer: { outcome: 'too_many_failures' }, next: ENDED };
  }
  return {
    answer: { outcome: 'try', request: current.request },
    next: { ...current, passwordTries: current.passwordTries + 1 },
  };
}

/** A counted try was wrong: the fifth ends the interaction. */
export function refusePassword(
  interaction: Interaction | undefined,
): Move<'again' | 'ended' | 'too_many_failures'> {
  if (interaction === undefined || interaction.stage === 'ended') return { answer: 'ended' };
  return interaction.passwordTries >= PASSWORD_TRIES
    ? { answer: 'too_many_failures', next: ENDED }
    : { answer: 'again' };
}

/** A counted try was not looked at after all: it is given back. */
export function returnPassword(interaction: Interaction | undefined): Move<void> {
  if (interaction === undefined || interaction.stage === 'ended') return { answer: undefined };
  const passwordTries = Math.max(0, interaction.passwordTries - 1);
  return { answer: undefined, next: { ...interaction, passwordTries } };
}

export interface LogIn {
  readonly opening: Opening;
  /** Digest of the cookie the post came with. */
  readonly presented: string;
  /** Digest of the cookie the browser gets now. */
  readonly browser: string;
  readonly customer: LoggedInCustomer;
  readonly code: SentCode;
}

/** A counted try was right: the interaction becomes this browser's and this customer's, and the try is given back. */
export function acceptPassword(
  interaction: Interaction | undefined,
  { opening, presented, browser, customer, code }: LogIn,
  now: number,
): Move<'logged_in' | Stopped> {
  const current = standing(interaction, opening, presented, now);
  if (typeof current === 'string') return { answer: current };
  const { request, pushedAt, passwordTries } = current;
  const openedAt = current.stage === 'open' ? opening.openedAt : current.openedAt;
  return {
    answer: 'logged_in',
    next: {
      stage: 'code',
      request,
      pushedAt,
      passwordTries: Math.max(0, passwordTries - 1),
      openedAt,
      lastPostAt: now,
      opener: opening.browser,
      browser,
      customer,
      code,
      codeTries: current.stage === 'open' ? 0 : current.codeTries,
    },
  };
}

/** The interaction, if it is logged in and this browser's and its time is not over. */
function boundTo(
  interaction: Interaction | undefined,
  browser: string | undefined,
  now: number,
): Exclude<Stopped, 'advanced' | 'too_many_failures'> | LoggedIn {
  if (interaction === undefined) return 'unknown';
  if (interaction.stage === 'ended') return 'ended';
  if (interaction.stage === 'open' || browser !== interaction.browser) return 'foreign';
  return isOver(interaction, now) ? 'timed_out' : interaction;
}

/** A try of the one-time code by its digest; undefined where the name is refused, which is always wrong. */
export function tryCode(
  interaction: Interaction | undefined,
  browser: string | undefined,
  digest: string | undefined,
  now: number,
): Move<'right' | 'again' | Stopped> {
  const current = boundTo(interaction, browser, now);
  if (typeof current === 'string') return stop(current);
  // Keyed digests: how long comparing them takes tells nothing about the code.
  const isRight = digest === current.code.digest && now < current.code.expiresAt;
  // The right one again: its answer was lost, or what its caller does next. It is still no other log-in.
  if (current.stage === 'consent') return { answer: isRight ? 'right' : 'advanced' };
  if (isRight) {
    return { answer: 'right', next: { ...current, stage: 'consent', lastPostAt: now, authTime: now } };
  }
  const codeTries = current.codeTries + 1;
  return codeTries >= CODE_TRIES
    ? { answer: 'too_many_failures', next: ENDED }
    : { answer: 'again', next: { ...current, codeTries, lastPostAt: now } };
}

/**
 * Spends the interaction for a decision of its logged-in customer: once. `by` names this call, so that a call whose
 * answer was lost can be repeated.
 */
export function finishInteraction(
  interaction: Interaction | undefined,
  browser: string | undefined,
  by: string,
  now: number,
): Move<'finished' | Stopped> {
  if (wasEndedBy(interaction, by)) return { answer: 'finished' };
  const current = boundTo(interaction, browser, now);
  if (typeof current === 'string') return stop(current);
  // The one-time code is still to come: its page is where the post should have come from.
  if (current.stage === 'code') return { answer: 'advanced' };
  return { answer: 'finished', next: { ...ENDED, by } };
}

/** Cancel, on whichever page: ends the interaction for the browser that has it. `by` as in `finishInteraction`. */
export function leaveInteraction(
  interaction: Interaction | undefined,
  opening: Opening,
  browser: string | undefined,
  by: string,
  now: number,
): Move<'left' | Exclude<Stopped, 'advanced'>> {
  if (wasEndedBy(interaction, by)) return { answer: 'left' };
  const current = standing(begun(interaction, opening), opening, browser, now);
  return typeof current !== 'string' || current === 'advanced'
    ? { answer: 'left', next: { ...ENDED, by } }
    : stop(current);
}

/** Spends a pushed request that nobody logged in to: where the sandbox decides in the customer's place. */
export function takeInteraction(
  interaction: Interaction | undefined,
  by: string,
  now: number,
): Move<'taken' | 'unknown' | 'expired' | 'ended' | 'foreign'> {
  if (wasEndedBy(interaction, by)) return { answer: 'taken' };
  const { outcome } = viewInteraction(interaction, undefined, now);
  if (outcome === 'open') return { answer: 'taken', next: { ...ENDED, by } };
  // Without a browser a logged-in interaction is always somebody else's.
  return {
    answer: outcome === 'unknown' || outcome === 'expired' || outcome === 'ended' ? outcome : 'foreign',
  };
}
