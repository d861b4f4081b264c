/** What is counted of an interface's answers: how many, how quick, how many that failed by a fault of ours. */

/** Account information, payments, funds confirmations, and what leads to them: registration, consents, tokens. */
export const FIGURE_KINDS = ['ais', 'pis', 'cof', 'other'] as const;
export type FigureKind = (typeof FIGURE_KINDS)[number];

/** Counts of requests, and the milliseconds the answered ones took together. */
export interface Tally {
  readonly requests: number;
  /** Answered with what was asked for. */
  readonly answered: number;
  /** Failed by a fault of ours. */
  readonly faults: number;
  readonly totalMs: number;
}

export const NO_TALLY: Tally = { requests: 0, answered: 0, faults: 0, totalMs: 0 };

const KIND_OF_PATH: readonly (readonly [RegExp, FigureKind])[] = [
  [/ \/open-banking\/v1\/(accounts|balances|transactions)/, 'ais'],
  [/ \/open-banking\/v1\/payments/, 'pis'],
  [/ \/open-banking\/v1\/funds-confirmations/, 'cof'],
  [/ \/(open-banking|oauth|register|\.well-known)/, 'other'],
];

/** The kind of a route (`GET /open-banking/v1/accounts`); pages about the bank and paths nobody serves have none. */
export function kindOf(route: string): FigureKind | undefined {
  return KIND_OF_PATH.find(([pattern]) => pattern.test(route))?.[1];
}

/** What one answer counts for. */
export function tallyOf({ status, ms }: { readonly status: number; readonly ms: number }): Tally {
  const isAnswered = status < 400;
  return {
    requests: 1,
    answered: isAnswered ? 1 : 0,
    faults: status >= 500 ? 1 : 0,
    // A refusal is quick: it would flatter the mean.
    totalMs: isAnswered ? Math.max(0, Math.round(ms)) : 0,
  };
}

export function sumOf(one: Tally, other: Tally): Tally {
  return {
    requests: one.requests + other.requests,
    answered: one.answered + other.answered,
    faults: one.faults + other.faults,
    totalMs: one.totalMs + other.totalMs,
  };
}
