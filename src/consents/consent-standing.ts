/** What a consent's state means to who calls under it. */
import type { Consent, ConsentStatus } from '#consents/consent.ts';
import type { ConsentFacts, ConsentStanding } from '#tokens/access.ts';

const STANDINGS: Readonly<Record<ConsentStatus, ConsentStanding>> = {
  awaiting_authorization: 'not_authorized',
  authorized: 'authorized',
  rejected: 'not_authorized',
  expired: 'expired',
  revoked: 'revoked',
  consumed: 'consumed',
};

export function standingOf(consent: Consent): ConsentStanding {
  return STANDINGS[consent.status];
}

/** What a call under the consent is judged by. */
export function factsOf(consent: Consent): ConsentFacts {
  const { request } = consent;
  return {
    standing: standingOf(consent),
    permissions: 'permissions' in request ? request.permissions : [],
  };
}
