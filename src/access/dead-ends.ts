/** Where the customer's pages cannot go on: what the customer is told, and the status of the page. */

export interface DeadEndWords {
  readonly status: 400 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503;
  readonly heading: string;
  readonly explanation: string;
  readonly nextStep: string;
  /** There is no page of ours to go on to. */
  readonly isLast?: true;
}

export const DEAD_ENDS = {
  unknown_bank: {
    status: 404,
    heading: 'This link does not work',
    explanation: 'It names a sandbox bank that we do not know.',
    nextStep: 'Copy it once more, whole, from the overview of your developer dashboard.',
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
  forged: {
    status: 403,
    heading: 'We did not accept that',
    explanation: 'It did not come from a page of ours. Nothing was changed.',
    nextStep: 'Do it once more on your access page.',
  },
  bad_request: {
    status: 400,
    heading: 'We did not understand that',
    explanation: 'It is not what our page sends. Nothing was changed.',
    nextStep: 'Do it once more on your access page.',
  },
  too_large: {
    status: 413,
    heading: 'That was too long',
    explanation: 'It is larger than any form of ours. Nothing was changed.',
    nextStep: 'Do it once more on your access page.',
  },
  not_a_form: {
    status: 415,
    heading: 'We did not accept that',
    explanation: 'It is not a form. Nothing was changed.',
    nextStep: 'Do it once more on your access page.',
  },
  too_many: {
    status: 429,
    heading: 'Too many attempts',
    explanation: 'Too many requests came from your network.',
    nextStep: 'Wait a minute, then load the page again.',
  },
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
} as const satisfies Record<string, DeadEndWords>;

export type DeadEnd = keyof typeof DEAD_ENDS;
