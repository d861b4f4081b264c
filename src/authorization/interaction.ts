/**
 * One authorization request in one browser: its stages, its bounds and its single end, as pure moves. Times are epoch
 * seconds; a bound is over at its very second. Source: RFC 9126 sections 2.2 and 4, RFC 9700 section 4.
 */
import type { AuthorizationRequest } from '#authorization/authorization-request.ts';
import { HOUR_SECONDS } from '#kernel/time.ts';

/** How long a pushed request may wait for its first page. Source: RFC 9126 section 2.2 (5 to 600 s). */
export const REQUEST_URI_LIFETIME_SECONDS = 60;
/** From the first page to the decision. */
export const INTERACTION_SECONDS = 600;
/** From one post of a logged-in customer to the next. Source: RTS Article 4(3)(d). */
export const IDLE_SECONDS = 300;
/** How long a form may be posted at all. Past the bounds above, a post only returns the customer to the client. */
export const FORM_LIFETIME_SECONDS = HOUR_SECONDS;
/** Lifetime of a one-time code. */
export const CODE_SECONDS = 300;
/** Source: RTS Article 4(3)(b) (at most five failed attempts in a row). */
export const PASSWORD_TRIES = 5;
export const CODE_TRIES = 3;

/** Who logged in, and under which name: the count of failures is kept by its digest. */
export interface LoggedInCustomer {
  readonly tenantId: string;
  readonly customerId: string;
  readonly displayName: string;
  readonly nameDigest: string;
}

export interface SentCode {
  readonly digest: string;
  readonly expiresAt: number;
  /** Where it went, masked; absent where the sender does not say. */
  readonly sentTo?: string;
}

interface Running {
  readonly request: AuthorizationRequest;
  /** Absent for a plain request. */
  readonly pushedAt?: number;
  readonly passwordTries: number;
}

/** Nobody has logged in yet: any browser that opened the request may. */
interface Open extends Running {
  readonly stage: 'open';
}

/** Logged in by password, or by password and one-time code: bound to one browser and one customer. */
interface LoggedIn extends Running {
  readonly stage: 'code' | 'consent';
  readonly openedAt: number;
  readonly lastPostAt: number;
  /** Digest of the cookie the browser had while it logged in, and of the one it has since. */
  readonly opener: string;
  readonly browser: string;
  readonly customer: LoggedInCustomer;
  readonly code: SentCode;
  readonly codeTries: number;
  /** When the one-time code was right. */
  readonly authTime?: number;
}

/** Over. Kept without what it was about for as long as one of its forms can still be posted. */
interface Ended {
  readonly stage: 'ended';
  /** Who ended it: a repeated call finds that it was itself. */
  readonly by?: string;
}

export type Interaction = Open | LoggedIn | Ended;

/** What a sealed form says of its interaction. */
export interface Opening {
  readonly openedAt: number;
  /** Digest of the cookie that the browser was given with the first page. */
  readonly browser: string;
  /** The whole request, where nothing was stored at the first page. */
  readonly request?: AuthorizationRequest;
}

/** Ends without a decision, told to the client as access_denied. */
export type Ending = 'timed_out' | 'too_many_failures';

/** `next` absent: nothing to write. */
export interface Move<Answer> {
  readonly answer: Answer;
  readonly next?: Interaction;
}

/** What a page is made from. */
export type View =
  | { readonly outcome: 'unknown' | 'expired' | 'ended' | 'foreign' }
  | { readonly outcome: 'timed_out'; readonly request: AuthorizationRequest }
  | { readonly outcome: 'open'; readonly request: AuthorizationRequest }
  | {
      readonly outcome: 'code' | 'consent';
      readonly request: AuthorizationRequest;
      readonly customer: LoggedInCustomer;
      readonly openedAt: number;
      readonly sentTo?: string;
      readonly authTime?: number;
    };

/** A post that may not be acted on: `advanced` in the same browser (show where it stands), else a dead end. */
export type Stopped = 'unknown' | 'ended' | 'foreign' | 'advanced' | Ending;

const ENDED: Ended = { stage: 'ended' };

/** Whether this is a repetition of the call that ended it. */
function wasEndedBy(interaction: Interaction | undefined, by: string): boolean {
  return interaction?.stage === 'ended' && interaction.by === by;
}

export function pushInteraction(request: AuthorizationRequest, now: number): Interaction {
  return { stage: 'open', request, pushedAt: now, passwordTries: 0 };
}

function isOver({ openedAt, lastPostAt }: { openedAt: number; lastPostAt: number }, now: number): boolean {
  return now >= openedAt + INTERACTION_SECONDS || now >= lastPostAt + IDLE_SECONDS;
}

/** What the holder of `browser` (digest of its cookie, if it has one) may see. Changes nothing. */
export function viewInteraction(
  interaction: Interaction | undefined,
  browser: string | undefined,
  now: number,
): View {
  if (interaction === undefined) return { outcome: 'unknown' };
  if (interaction.stage === 'ended') return { outcome: 'ended' };
  const { request } = interaction;
  if (interaction.stage === 'open') {
    const { pushedAt } = interaction;
    const expired = pushedAt === undefined || now >= pushedAt + REQUEST_URI_LIFETIME_SECONDS;
    return expired ? { outcome: 'expired' } : { outcome: 'open', request };
  }
  if (browser !== interaction.browser) return { outcome: 'foreign' };
  if (isOver(interaction, now)) return { outcome: 'timed_out', request };
  return {
    outcome: interaction.stage,
    request,
    customer: interaction.customer,
    openedAt: interaction.openedAt,
    ...(interaction.code.sentTo === undefined ? {} : { sentTo: interaction.code.sentTo }),
    ...(interaction.authTime === undefined ? {} : { authTime: interaction.authTime }),
  };
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
      ...(pushedAt === undefined ? {} : { pushedAt }),
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
  if (current === 'timed_out') return { answer: current, next: ENDED };
  if (typeof current === 'string') return { answer: current };
  if (current.stage === 'consent') return { answer: 'advanced' };
  // Keyed digests: how long comparing them takes tells nothing about the code.
  if (digest === current.code.digest && now < current.code.expiresAt) {
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
  if (current === 'timed_out') return { answer: current, next: ENDED };
  if (typeof current === 'string') return { answer: current };
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
  if (current === 'timed_out') return { answer: current, next: ENDED };
  if (typeof current !== 'string' || current === 'advanced')
    return { answer: 'left', next: { ...ENDED, by } };
  return { answer: current };
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
