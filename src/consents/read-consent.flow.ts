/**
 * Reads one consent from its object, and a payment consent's end beside it. D1: none; a payment consent: one read; one whose
 * object knows it not: one more. Objects: one; none where the id is none of ours. Writes nothing.
 */
import { readConsentRow } from '#consents/consent.store.ts';
import { type Consent, isFinal } from '#consents/consent.ts';
import { readConsentEnd } from '#consents/consent-end.flow.ts';
import { endedAs } from '#consents/consent-end.ts';
import type { ConsentReading } from '#consents/grant-calls.ts';
import { reachConsent } from '#consents/reach-consent.flow.ts';
import { callObject, retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { parseConsentId } from '#kernel/consent-id.ts';

/**
 * A consent that was over for so long that its object has forgotten it, as its row has it. For an id whose object answered
 * that it knows none; undefined for any other.
 */
export async function readForgottenConsent(scope: Scope, consentId: string): Promise<Consent | undefined> {
  const row = await retryRead(scope, () => readConsentRow(scope.database, consentId));
  if (row === undefined) return undefined;
  const consent = endedAs(row.consent, row.end);
  // Rows never decide: one that says otherwise is a row without its object.
  return isFinal(consent.status) ? consent : undefined;
}

/** The consent with its history (none once its object has forgotten it) as it stands now, or undefined where there is none with this id. */
export async function readConsentWithHistory(
  scope: Scope,
  consentId: string,
): Promise<ConsentReading | undefined> {
  const reach = reachConsent(scope, consentId);
  if (reach === undefined) return undefined;
  const isPayment = parseConsentId(consentId)?.type === 'payment';
  const [reading, end] = await Promise.all([
    callObject<Promise<ConsentReading | undefined>>(scope, () => reach().read(scope.nowMs)),
    isPayment ? readConsentEnd(scope, consentId) : undefined,
  ]);
  if (reading === undefined) {
    const forgotten = await readForgottenConsent(scope, consentId);
    return forgotten && { consent: forgotten, history: [] };
  }
  // The same object under another type's prefix is another, unknown id.
  if (reading.consent.consentId !== consentId) return undefined;
  return { ...reading, consent: endedAs(reading.consent, end) };
}

/** The consent as it stands now, in whatever state, or undefined where there is none with this id. */
export async function readConsent(scope: Scope, consentId: string): Promise<Consent | undefined> {
  return (await readConsentWithHistory(scope, consentId))?.consent;
}
