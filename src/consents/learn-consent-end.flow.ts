/** Tells a payment consent's object how D1 says it ended. D1: none but the object's own row. Objects: one. */
import type { Consent, RevokedBy } from '#consents/consent.ts';
import type { ConsentEnd } from '#consents/consent-end.ts';
import { reachConsent } from '#consents/reach-consent.flow.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** Who ended it, where the object did not know yet. */
export interface EndDoer {
  readonly by: RevokedBy;
  readonly note?: string | undefined;
}

/** The consent as its end left it, or undefined where there is none with this id. May be run again. */
export async function learnConsentEnd(
  scope: Scope,
  consentId: string,
  end: ConsentEnd,
  { by, note }: EndDoer,
): Promise<Consent | undefined> {
  const reach = reachConsent(scope, consentId);
  if (reach === undefined) return undefined;
  return await callObject<Promise<Consent | undefined>>(scope, () =>
    reach().learnEnd({ nowMs: scope.nowMs, consentId, end, by, note }),
  );
}

/** After the batch that posted its payment: the consent is consumed. May be run again; D1 has decided already. */
export async function noteConsumed(
  scope: Scope,
  consentId: string,
  { paymentId, at }: { readonly paymentId: string; readonly at: number },
): Promise<void> {
  await learnConsentEnd(scope, consentId, { outcome: 'consumed', at, paymentId }, { by: 'tpp' });
}
