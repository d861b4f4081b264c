/** What a step of a customer's journey comes to: a page, a dead end, a redirect to our own next page, or the way back. */
import type { DeadEnd } from '#authorization/dead-ends.ts';
import type { CodeProps, ConsentProps, LoginProps } from '#authorization/journey-props.ts';
import { type AuthorizationAnswer, answerOf, type ReturnAddress } from '#authorization/return-address.ts';
import type { Refusal } from '#kernel/result.ts';

/** The cookie a browser gets: one an interaction, so that tabs never disturb each other. */
export interface JourneyCookie {
  readonly interactionId: string;
  readonly value: string;
}

interface Shown {
  /** Where the page's buttons may lead in the end. */
  readonly address: ReturnAddress;
  readonly cookie?: JourneyCookie;
}

export type JourneyStep =
  | ({ readonly show: 'login'; readonly props: LoginProps } & Shown)
  | ({ readonly show: 'code'; readonly props: CodeProps } & Shown)
  | ({ readonly show: 'consent'; readonly props: ConsentProps } & Shown)
  | {
      readonly show: 'dead_end';
      readonly end: DeadEnd;
      /** For the log. */
      readonly reason: string;
      /** For the client's developers: what was wrong with the request. */
      readonly detail?: string | undefined;
      readonly retryAfterSeconds?: number | undefined;
    }
  | { readonly go: 'onward'; readonly interactionId: string; readonly cookie?: JourneyCookie }
  | {
      readonly go: 'client';
      readonly address: ReturnAddress;
      readonly answer: AuthorizationAnswer;
      /** For the log. */
      readonly reason: string;
      /** Whose cookie is no longer needed. */
      readonly interactionId?: string;
    };

export function deadEnd(end: DeadEnd, reason: string, detail?: string): JourneyStep {
  return { show: 'dead_end', end, reason, detail };
}

/** Back to the client with a refusal. */
export function returned(address: ReturnAddress, refusal: Refusal) {
  return { go: 'client', address, answer: answerOf(refusal), reason: refusal.reason } as const;
}

/** The half of an id that is random; the other half is a digest of it. */
const ID_DIGITS = 32;

/** The name of an interaction's cookie. */
export function cookieName(interactionId: string): string {
  return `ix-${interactionId.slice(0, ID_DIGITS)}`;
}

/** What the request says of the browser: its cookie for an interaction, if it has one of our form. */
export type CookieReader = (interactionId: string) => string | undefined;
