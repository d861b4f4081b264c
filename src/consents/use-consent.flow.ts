/** The consent an access token belongs to, as it stands now. D1: none. Objects: one, which notes the use at most hourly. */
import type { Consent } from '#consents/consent.ts';
import { reachConsent } from '#consents/reach-consent.flow.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import type { AccessToken } from '#tokens/access-token.ts';

/** The consent in whatever state, or undefined: the token has none, or it is not one of the token's client. */
export async function useConsent(scope: Scope, token: AccessToken): Promise<Consent | undefined> {
  const { consentId, clientId } = token;
  const reach = consentId === undefined ? undefined : reachConsent(scope, consentId);
  if (reach === undefined) return undefined;
  const use = await callObject(scope, () => reach().use(scope.nowMs));
  if (!use.found || use.consent.consentId !== consentId || use.consent.clientId !== clientId)
    return undefined;
  return use.consent;
}
