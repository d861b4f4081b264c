/** Where a journey ends without a way back to the client: what the customer is told, and the status of the page. */
import type { Refusal } from '#kernel/result.ts';

export interface DeadEndWords {
  readonly status: 400 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 500 | 503;
  readonly heading: string;
  readonly explanation: string;
  readonly nextStep: string;
}

const START_AGAIN = 'Go back to the app you came from and start again there.';

/** From another site, larger than any form of ours, or no form: our pages send none of these. */
const NOT_OURS = {
  heading: 'We did not accept that',
  explanation: 'What was sent did not come from a page of ours. Nothing was changed.',
  nextStep: START_AGAIN,
} as const;

export const DEAD_ENDS = {
  bad_request: {
    status: 400,
    heading: 'This link does not work',
    explanation: 'The app that sent you here did so in a way we cannot answer.',
    nextStep: 'Go back to the app you came from. If it happens again, tell them the request id below.',
  },
  spent_link: {
    status: 400,
    heading: 'This link has expired',
    explanation: 'It works once, within a minute.',
    nextStep: START_AGAIN,
  },
  answered: {
    status: 400,
    heading: 'This request has already been answered',
    explanation: 'Your answer was sent when you first gave it. Nothing was changed now.',
    nextStep: 'Go back to the app you came from.',
  },
  elsewhere: {
    status: 400,
    heading: 'This page is not open here any more',
    // Going back after an answer ends here too: the cookie went with the answer.
    explanation:
      'If you have answered, your answer was sent. If not, the request was opened in another browser, or yours keeps no cookies for this site. Nothing was changed now.',
    nextStep:
      'Go back to the app you came from: it knows whether we sent your answer. If not, allow cookies for this site and start again there.',
  },
  lost_form: {
    status: 400,
    heading: 'This page is too old',
    explanation: 'Nothing was changed.',
    nextStep: START_AGAIN,
  },
  forged: { status: 403, ...NOT_OURS },
  too_large: { status: 413, ...NOT_OURS },
  not_a_form: { status: 415, ...NOT_OURS },
  reloaded: {
    status: 405,
    heading: 'This page cannot be opened by its address',
    explanation: 'It is a step between two pages.',
    nextStep: START_AGAIN,
  },
  unknown_page: {
    status: 404,
    heading: 'There is nothing here',
    explanation: 'The address is wrong, or what was here is over.',
    nextStep: START_AGAIN,
  },
  too_many: {
    status: 429,
    heading: 'Too many attempts',
    explanation: 'There were too many requests from your network in a short time.',
    nextStep: 'Wait a minute, then load the page again.',
  },
  fault: {
    status: 500,
    heading: 'Something went wrong on our side',
    explanation: 'We could not do what you asked. Nothing was shared.',
    nextStep: START_AGAIN,
  },
  unavailable: {
    status: 503,
    heading: 'We cannot answer right now',
    explanation: 'A part of our service did not respond. Nothing was shared.',
    nextStep: 'Wait a few seconds, then load the page again.',
  },
} as const satisfies Record<string, DeadEndWords>;

export type DeadEnd = keyof typeof DEAD_ENDS;

const END_OF_REFUSAL: Partial<
  Record<Refusal['code'], 'too_large' | 'not_a_form' | 'too_many' | 'unavailable'>
> = {
  payload_too_large: 'too_large',
  unsupported_media_type: 'not_a_form',
  rate_limit_exceeded: 'too_many',
  service_unavailable: 'unavailable',
};

/** Which dead end tells of a refusal that was met before any flow. */
export function endOf({ code }: Refusal) {
  return END_OF_REFUSAL[code] ?? 'bad_request';
}
