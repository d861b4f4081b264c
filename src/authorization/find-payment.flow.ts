/**
 * The payment an authorization request is about, in whatever state its consent is: what a one-time code is bound to. D1:
 * one read. Objects: one, the consent's. None of both for any other request.
 */
import type { AuthorizationRequest } from '#authorization/authorization-request.ts';
import { purposeOf } from '#authorization/journey-client.flow.ts';
import { type PaymentRequest, requestOf } from '#consents/consent.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import type { Scope } from '#edge/scope.ts';

export async function findPayment(
  scope: Scope,
  request: AuthorizationRequest,
): Promise<PaymentRequest | undefined> {
  const { consentId } = request;
  if (consentId === undefined || purposeOf(request) !== 'payment') return undefined;
  const consent = await readConsent(scope, consentId);
  return consent && requestOf(consent, 'payment');
}
