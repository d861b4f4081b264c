/** Creates a consent. D1: none but the object's own row. Objects: two, the client's count, then the consent's. */
import { type Client, ROLE_OF_CONSENT_TYPE } from '#clients/client.ts';
import type { Consent, ConsentRequest } from '#consents/consent.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { type ConsentType, renderConsentId } from '#kernel/consent-id.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';

/** Whether the software may ask for consents of this type at all. Refuses with `unauthorized_client`. */
export function checkRole(client: Client, type: ConsentType): Result<void> {
  const role = ROLE_OF_CONSENT_TYPE[type];
  if (client.roles.includes(role)) return ok(undefined);
  return refuseOpenly(
    'unauthorized_client',
    `Consents of type ${type} need the role ${role}, which this software does not have.`,
  );
}

/**
 * A new consent of this client, whose role was checked, awaiting its customer. Refuses with `rate_limit_exceeded` (the
 * client's consents of the day).
 */
export async function createConsent(
  scope: Scope,
  client: Client,
  request: ConsentRequest,
): Promise<Result<Consent>> {
  const { bindings, settings, nowMs } = scope;
  const clientObject = bindings.CLIENTS.idFromName(client.clientId);
  // Run twice after a lost answer it may count one too many; the cap is no promise of an exact number.
  const counted = await callObject(scope, () =>
    bindings.CLIENTS.get(clientObject).countConsent(nowMs, settings.consentsPerClientAndDay),
  );
  if (counted.outcome === 'capped') {
    const message = 'This client has created as many consents today as it may.';
    return refuseOpenly('rate_limit_exceeded', message, { retryAfterSeconds: counted.resetSeconds });
  }
  const { clientId, organisationId } = client;
  const id = bindings.CONSENTS.newUniqueId();
  const consentId = renderConsentId({ type: request.type, objectId: id.toString() });
  const { consent } = await callObject(scope, () =>
    bindings.CONSENTS.get(id).create({ nowMs, consentId, clientId, organisationId, request }),
  );
  return ok(consent);
}
