/**
 * How payment consents end in D1, and what that makes of what their objects say: D1 alone orders payment against
 * revocation, so where the two disagree its row is right. Times are epoch seconds.
 */
import type { Consent } from '#consents/consent.ts';

export type ConsentEndOutcome = 'consumed' | 'revoked';

/** The end of a payment consent. */
export interface ConsentEnd {
  readonly outcome: ConsentEndOutcome;
  readonly at: number;
  /** The payment that consumed it. */
  readonly paymentId?: string;
}

/** The consent as its object knows it, corrected by its end in D1: an object may refuse early, never permit. */
export function endedAs(consent: Consent, end: ConsentEnd | undefined): Consent {
  if (end === undefined || consent.status === end.outcome) return consent;
  const { outcome: status, at: statusUpdatedAt, paymentId } = end;
  return { ...consent, status, statusUpdatedAt, ...(paymentId === undefined ? {} : { paymentId }) };
}
