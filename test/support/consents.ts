/** Consents in the states that tests begin with, made through the flows alone. */
import { env } from 'cloudflare:workers';
import type { CodeBinding, Consent, ConsentRequest, Permission } from '#consents/consent.ts';
import { PERMISSIONS } from '#consents/consent.ts';
import { approveConsent, grantIdentity } from '#consents/decide-consent.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { parseConsentId, renderConsentId } from '#kernel/consent-id.ts';
import { newUuid } from '#kernel/ids.ts';

/** That of the clients of `makeClient`. */
export const REDIRECT_URI = 'https://client.example/callback';

export interface ConsentParts {
  readonly clientId?: string;
  readonly organisationId?: string;
  /** Of any type; in its place a request for access to accounts is made of the parts below. */
  readonly request?: ConsentRequest;
  readonly permissions?: readonly Permission[];
  readonly expiresAt?: number;
  readonly transactionFrom?: number;
  readonly transactionTo?: number;
  readonly codeChallenge?: string;
  readonly tenantId?: string;
  readonly customerId?: string;
  readonly accountIds?: readonly string[];
  readonly scopes?: readonly string[];
  readonly subject?: string;
}

export function consentStub(consentId: string) {
  const address = parseConsentId(consentId);
  if (address === undefined) throw new Error('no consent id');
  return env.CONSENTS.get(env.CONSENTS.idFromString(address.objectId));
}

/** What an authorization request fixed. */
export function codeBinding(scope: Scope, parts: ConsentParts = {}): CodeBinding {
  return {
    clientId: parts.clientId ?? newUuid(),
    redirectUri: REDIRECT_URI,
    scopes: parts.scopes ?? ['openid', 'accounts', 'transactions'],
    authTime: scope.now,
    subject: parts.subject ?? 'subject',
    ...(parts.codeChallenge === undefined ? {} : { codeChallenge: parts.codeChallenge }),
  };
}

/** A consent awaiting its customer. */
export async function awaitingConsent(scope: Scope, parts: ConsentParts = {}): Promise<Consent> {
  const objectId = env.CONSENTS.newUniqueId();
  const request: ConsentRequest = parts.request ?? {
    type: 'account-access',
    permissions: parts.permissions ?? PERMISSIONS,
    expiresAt: parts.expiresAt ?? scope.now + 90 * 86_400,
    ...(parts.transactionFrom === undefined ? {} : { transactionFrom: parts.transactionFrom }),
    ...(parts.transactionTo === undefined ? {} : { transactionTo: parts.transactionTo }),
  };
  const consentId = renderConsentId({ type: request.type, objectId: objectId.toString() });
  const reading = await env.CONSENTS.get(objectId).create({
    nowMs: scope.nowMs,
    consentId,
    clientId: parts.clientId ?? newUuid(),
    organisationId: parts.organisationId ?? newUuid(),
    request,
  });
  return reading.consent;
}

/** A consent the customer has approved, with its code. */
export async function authorizedConsent(scope: Scope, parts: ConsentParts = {}) {
  const { consentId, clientId } = await awaitingConsent(scope, parts);
  const approved = await approveConsent(scope, {
    consentId,
    tenantId: parts.tenantId ?? 'tenant',
    customerId: parts.customerId ?? 'customer',
    accountIds: parts.accountIds ?? ['account'],
    binding: codeBinding(scope, { ...parts, clientId }),
  });
  if (!approved.ok) throw new Error(approved.refusal.reason);
  return { consentId, clientId, code: approved.value.code };
}

/** An identity-only grant, with its code. */
export async function identityGrant(scope: Scope, scopes: readonly string[]) {
  const binding = codeBinding(scope, { scopes });
  const granted = await grantIdentity(scope, { tenantId: 'tenant', customerId: 'customer', binding });
  if (!granted.ok) throw new Error(granted.refusal.reason);
  return { clientId: binding.clientId, code: granted.value.code };
}
