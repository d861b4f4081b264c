/** What a consent's state means to who calls under it. */
import type { Consent } from '#consents/consent.ts';
import type { ConsentStanding } from '#tokens/access.ts';

/** Its state, or that it was the end of its quote that ended it: a payment refused for that needs a new quote. */
export function standingOf({ status, statusUpdatedAt, request }: Consent): ConsentStanding {
  const isEndedByQuote =
    status === 'expired' &&
    request.type === 'payment' &&
    request.quote !== undefined &&
    statusUpdatedAt >= request.quote.quoteExpiresAt;
  return isEndedByQuote ? 'quote_expired' : status;
}
