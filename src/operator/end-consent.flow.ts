/**
 * Ends a consent for the bank. D1: one read of the audit's end and one batch; a payment consent: its end in one more.
 * Objects: the consent's, twice or three times.
 */
import { type Consent, isFinal } from '#consents/consent.ts';
import { endConsent } from '#consents/end-consent.flow.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse, refuseOpenly } from '#kernel/result.ts';
import type { Operator } from '#operator/operator-key.ts';
import { recordAction } from '#operator/record-action.flow.ts';

/** One that is over already is left as it is, and nothing is written. Refuses with `not_found` and `consent_consumed`. */
export async function endConsentForBank(
  scope: Scope,
  operator: Operator,
  { consentId, reason }: { readonly consentId: string; readonly reason: string },
): Promise<Result<Consent>> {
  const consent = await readConsent(scope, consentId);
  if (consent === undefined) {
    return refuseOpenly('not_found', 'There is no such consent.');
  }
  if (consent.status === 'consumed') return refuse('consent_consumed', 'consent was consumed');
  if (isFinal(consent.status)) return ok(consent);
  await recordAction(scope, operator, {
    action: 'consent.end',
    subject: consentId,
    detail: { reason, from: consent.status },
  });
  return endConsent(scope, consentId, { by: 'bank', note: reason });
}
