/** Reads one consent from its object. D1: none. Objects: one; none where the id is none of ours. Writes nothing. */
import type { Consent } from '#consents/consent.ts';
import type { ConsentReading } from '#consents/grant-calls.ts';
import { reachConsent } from '#consents/grant-stubs.store.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** The consent with its history as it stands now, or undefined where there is none with this id. */
export async function readConsentWithHistory(
  scope: Scope,
  consentId: string,
): Promise<ConsentReading | undefined> {
  const reach = reachConsent(scope, consentId);
  if (reach === undefined) return undefined;
  const reading = await callObject(scope, () => reach().read(scope.nowMs));
  // The same object under another type's prefix is another, unknown id.
  return reading?.consent.consentId === consentId ? reading : undefined;
}

/** The consent as it stands now, in whatever state, or undefined where there is none with this id. */
export async function readConsent(scope: Scope, consentId: string): Promise<Consent | undefined> {
  return (await readConsentWithHistory(scope, consentId))?.consent;
}
