/**
 * Carries out what a customer decided, once their interaction is spent: what the client is told in every case. D1: none.
 * Objects: one (the consent's, or a new identity-only grant's).
 */
import type { AuthorizationRequest } from '#authorization/authorization-request.ts';
import type { AuthorizationAnswer } from '#authorization/return-address.ts';
import type { CodeBinding } from '#consents/consent.ts';
import { approveConsent, denyConsent, grantIdentity } from '#consents/decide-consent.flow.ts';
import { describeError } from '#edge/log.ts';
import { isOutage } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result } from '#kernel/result.ts';

export interface Decided {
  readonly request: AuthorizationRequest;
  readonly customer: { readonly tenantId: string; readonly customerId: string };
  readonly subject: string;
  /** Epoch seconds at which the customer proved themself. */
  readonly authTime: number;
  readonly decision: 'approve' | 'deny';
  /** Empty unless a consent to accounts is approved. */
  readonly accountIds: readonly string[];
  /** For the consent's history. */
  readonly note?: string | undefined;
}

/** What the code will be bound to. */
function bindingOf({ request, subject, authTime }: Decided): CodeBinding {
  return {
    clientId: request.clientId,
    redirectUri: request.redirectUri,
    codeChallenge: request.codeChallenge,
    nonce: request.nonce,
    scopes: request.scopes,
    authTime,
    subject,
  };
}

async function decide(scope: Scope, decided: Decided): Promise<Result<AuthorizationAnswer>> {
  const { request, customer, decision, accountIds, note } = decided;
  const { clientId, consentId } = request;
  const { tenantId, customerId } = customer;
  if (decision === 'deny') {
    if (consentId === undefined) return ok({ error: 'access_denied' });
    const denied = await denyConsent(scope, { consentId, clientId, tenantId, customerId, note });
    return denied.ok ? ok({ error: 'access_denied' }) : denied;
  }
  const binding = bindingOf(decided);
  return consentId === undefined
    ? grantIdentity(scope, { tenantId, customerId, binding })
    : approveConsent(scope, { consentId, tenantId, customerId, accountIds, binding, note });
}

/**
 * A code, or the error in its place: `access_denied` (denied), `invalid_request` (the consent no longer awaits its
 * customer: another browser was first), `temporarily_unavailable`, `server_error`. Never throws, as the customer must
 * return to the client whatever happens here.
 */
export async function carryOut(scope: Scope, decided: Decided): Promise<AuthorizationAnswer> {
  try {
    const done = await decide(scope, decided);
    if (done.ok) return done.value;
    scope.log('info', {
      event: 'decision_refused',
      request_id: scope.requestId,
      client_id: decided.request.clientId,
      code: done.refusal.code,
      reason: done.refusal.reason,
    });
    return refusalAnswer(done.refusal.code);
  } catch (error) {
    const code = isOutage(error) ? 'temporarily_unavailable' : 'server_error';
    scope.log('error', { event: 'fault', request_id: scope.requestId, code, reason: describeError(error) });
    return { error: code };
  }
}

/** The consents room speaks the API's words; the client is told in those of RFC 6749 section 4.1.2.1. */
function refusalAnswer(code: string): AuthorizationAnswer {
  return { error: code === 'service_unavailable' ? 'temporarily_unavailable' : 'invalid_request' };
}
