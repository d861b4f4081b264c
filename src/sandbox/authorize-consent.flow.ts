/**
 * Authorizes a consent in the place of one of the sandbox's customers. D1: the client, the tenant, the customer, the
 * accounts. Objects: the consent's, four times; a pushed request's, twice.
 */
import { decideInPlace, type InPlace } from '#authorization/decide-in-place.flow.ts';
import { findClient } from '#clients/find-client.flow.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { type Result, refuse } from '#kernel/result.ts';
import { sandboxTenants } from '#sandbox/tenants.flow.ts';

const NOTE = 'The sandbox stood in for log-in and one-time code.';

export interface StandIn
  extends Pick<InPlace, 'consentId' | 'search' | 'username' | 'accountIds' | 'decision'> {
  /** Whose API key it is. */
  readonly organisationId: string;
}

/**
 * The URL the customer's browser would have been sent to. `client_id` and `consent_id` may be left out: the consent
 * says both. Refuses with `not_found` what the organisation does not own, `invalid_request` (an ended client, a request
 * the pages would not take) and `invalid_request_uri`.
 */
export async function authorizeConsent(
  scope: Scope,
  { organisationId, ...standIn }: StandIn,
): Promise<Result<string>> {
  const { consentId, search } = standIn;
  const consent = await readConsent(scope, consentId);
  if (consent?.organisationId !== organisationId) {
    return refuse('not_found', 'consent unknown or of another organisation');
  }
  const client = await findClient(scope, consent.clientId, { fresh: true });
  if (client?.status !== 'active') {
    return refuse('invalid_request', 'client not active', {
      message: 'The client of this consent is not active.',
    });
  }
  const named = search.get('client_id');
  if (named !== null && named !== client.clientId) {
    return refuse('invalid_request', 'client_id of another client', {
      message: 'The consent is not of this client_id.',
    });
  }
  search.set('client_id', client.clientId);
  if (!search.has('consent_id') && !search.has('claims')) search.set('consent_id', consentId);
  const tenantId = await sandboxTenants.ready(scope, organisationId);
  return decideInPlace(scope, { ...standIn, client, tenantId, note: NOTE });
}
