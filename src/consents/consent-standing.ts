/** What a consent's state means to who calls under it. */
import { type Consent, type ConsentStatus, permissionsOf } from '#consents/consent.ts';
import type { ConsentFacts, ConsentStanding } from '#tokens/access.ts';

const STANDINGS: Readonly<Record<ConsentStatus, ConsentStanding>> = {
  awaiting_authorization: 'not_authorized',
  authorized: 'authorized',
  rejected: 'not_authorized',
  expired: 'expired',
  revoked: 'revoked',
  consumed: 'consumed',
};

/** Whether it was the end of its quote that ended the consent; a payment refused for that needs a new quote. */
function isEndedByQuote({ status, statusUpdatedAt, request }: Consent): boolean {
  return (
    status === 'expired' &&
    request.type === 'payment' &&
    request.quote !== undefined &&
    statusUpdatedAt >= request.quote.quoteExpiresAt
  );
}

export function standingOf(consent: Consent): ConsentStanding {
  return isEndedByQuote(consent) ? 'quote_expired' : STANDINGS[consent.status];
}

/** What a call under the consent is judged by. */
export function factsOf(consent: Consent): ConsentFacts {
  return { standing: standingOf(consent), permissions: permissionsOf(consent) };
}
