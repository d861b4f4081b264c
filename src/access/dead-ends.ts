/** Where the customer's pages cannot go on: what the customer is told, and the status of the page. */
import { type DeadEndWords, DEAD_ENDS as JOURNEY_ENDS } from '#authorization/dead-ends.ts';

export interface AccessEnd extends DeadEndWords {
  /** There is no page of ours to go on to. */
  readonly isLast?: true;
}

const NOT_OURS = { ...JOURNEY_ENDS.forged, nextStep: 'Do it once more on your access page.' };

export const DEAD_ENDS = {
  unknown_bank: {
    status: 404,
    heading: 'This link does not work',
    explanation: 'It names a sandbox bank that we do not know.',
    nextStep: 'Open the link on the overview of your developer dashboard.',
    isLast: true,
  },
  unnamed_bank: {
    status: 404,
    heading: 'Which bank is yours?',
    explanation: 'In the sandbox each organisation has a bank of its own. This address does not say which.',
    nextStep: 'Open the link on the overview of your developer dashboard.',
    isLast: true,
  },
  not_yours: {
    status: 404,
    heading: 'There is nothing here',
    explanation: 'The address is wrong, or what was here is not yours to see.',
    nextStep: 'See what you gave access to.',
  },
  paid: {
    status: 409,
    heading: 'The payment has been made',
    explanation: 'It was made before you could stop it.',
    nextStep: 'If you did not want it, call us.',
  },
  forged: { ...NOT_OURS, status: 403 },
  bad_request: { ...NOT_OURS, status: 400 },
  too_large: { ...NOT_OURS, status: 413 },
  not_a_form: { ...NOT_OURS, status: 415 },
  too_many: JOURNEY_ENDS.too_many,
  fault: {
    status: 500,
    heading: 'Something went wrong on our side',
    explanation: 'We could not do what you asked.',
    nextStep: 'See whether it was done after all, else do it once more. If it happens again, call us.',
  },
  unavailable: {
    status: 503,
    heading: 'We cannot answer right now',
    explanation: 'A part of our service did not respond.',
    nextStep: 'Wait a few seconds, load the page again, and see whether it was done after all.',
  },
  elsewhere: {
    status: 404,
    heading: 'There is nothing here',
    explanation: 'This host is for developers.',
    nextStep: 'Go to the bank to see what you gave access to.',
  },
} as const satisfies Record<string, AccessEnd>;

export type DeadEnd = keyof typeof DEAD_ENDS;
