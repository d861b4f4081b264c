/**
 * One authorization request in one browser: its stages, its bounds, and what may be seen of it. Times are epoch
 * seconds; a bound is over at its very second. Source: RFC 9126 sections 2.2 and 4, RFC 9700 section 4.
 */
import type { AuthorizationRequest } from '#authorization/authorization-request.ts';
import { HOUR_SECONDS } from '#kernel/time.ts';

/** How long a pushed request may wait for its first page. Source: RFC 9126 section 2.2 (5 to 600 s). */
export const REQUEST_URI_LIFETIME_SECONDS = 60;
/** From the first page to the decision. */
export const INTERACTION_SECONDS = 600;
/** From one post of a logged-in customer to the next. Source: RTS Article 4(3)(d). */
const IDLE_SECONDS = 300;
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
  readonly sentTo?: string | undefined;
}

interface Running {
  readonly request: AuthorizationRequest;
  /** Absent for a plain request. */
  readonly pushedAt?: number | undefined;
  readonly passwordTries: number;
}

/** Nobody has logged in yet: any browser that opened the request may. */
export interface Open extends Running {
  readonly stage: 'open';
}

/** Logged in by password, or by password and one-time code: bound to one browser and one customer. */
export interface LoggedIn extends Running {
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
  readonly authTime?: number | undefined;
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
  readonly request?: AuthorizationRequest | undefined;
}

/** Ends without a decision, told to the client as access_denied. */
export type Ending = 'timed_out' | 'too_many_failures';

/** What a page of a logged-in customer is made from. */
export interface LoggedInView {
  readonly outcome: 'code' | 'consent';
  readonly request: AuthorizationRequest;
  readonly customer: LoggedInCustomer;
  readonly openedAt: number;
  readonly sentTo: string | undefined;
  readonly authTime: number | undefined;
}

/** What a page is made from. */
export type View =
  | { readonly outcome: 'unknown' | 'expired' | 'ended' | 'foreign' }
  | { readonly outcome: 'timed_out'; readonly request: AuthorizationRequest }
  | { readonly outcome: 'open'; readonly request: AuthorizationRequest }
  | LoggedInView;

/** A post that may not be acted on: `advanced` in the same browser (show where it stands), else a dead end. */
export type Stopped = 'unknown' | 'ended' | 'foreign' | 'advanced' | Ending;

export const ENDED: Ended = { stage: 'ended' };

export function pushInteraction(request: AuthorizationRequest, now: number): Interaction {
  return { stage: 'open', request, pushedAt: now, passwordTries: 0 };
}

export function isOver(
  { openedAt, lastPostAt }: { openedAt: number; lastPostAt: number },
  now: number,
): boolean {
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
    sentTo: interaction.code.sentTo,
    authTime: interaction.authTime,
  };
}
