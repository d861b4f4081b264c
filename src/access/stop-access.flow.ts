/**
 * The customer stops what they let an app do. D1: none but the object's own row; a payment's consent: one read and one
 * batch more; who the customer is: one write. Objects: the consent's, twice; a payment's, three times; who the customer is: none.
 */
import { findOwnConsent } from '#access/read-access.flow.ts';
import type { SessionCustomer } from '#access/session.ts';
import type { Consent } from '#consents/consent.ts';
import { endConsent } from '#consents/end-consent.flow.ts';
import { stopIdentityGrants } from '#consents/identity-grants.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { isUuid } from '#kernel/ids.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

/**
 * Its tokens open nothing from the answer on. One that is over already stays as it is. Refuses with `not_found` another
 * customer's and none, and with `consent_consumed` where the payment was made.
 */
export async function stopAccess(
  scope: Scope,
  session: SessionCustomer,
  consentId: string,
): Promise<Result<Consent>> {
  const own = await findOwnConsent(scope, session, consentId);
  if (own === undefined) return refuse('not_found', 'no consent of this customer');
  return endConsent(scope, consentId, { by: 'customer' });
}

/** The app is no longer told who the customer is. Refuses with `not_found` where they never let it know. */
export async function stopIdentity(
  scope: Scope,
  { tenantId, customerId }: SessionCustomer,
  clientId: string,
): Promise<Result<void>> {
  const isTheirs = isUuid(clientId) && (await stopIdentityGrants(scope, { tenantId, customerId, clientId }));
  return isTheirs ? ok(undefined) : refuse('not_found', 'no grant of this customer');
}
