/** Where the object of a consent is, for the flows of this room. D1: none. Objects: none. */
import { reachObject } from '#edge/reach-object.ts';
import type { Scope } from '#edge/scope.ts';
import { parseConsentId } from '#kernel/consent-id.ts';

/** The object of a consent id, or undefined where that is none. The object may still not know the consent. */
export function reachConsent({ bindings }: Scope, consentId: string) {
  const address = parseConsentId(consentId);
  return address && reachObject(bindings.CONSENTS, address.objectId);
}
