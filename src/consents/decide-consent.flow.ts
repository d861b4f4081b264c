/** What the customer decides: yes or no to a consent, or to saying who they are. D1: none but the object's own row. Objects: one. */
import type { CodeBinding } from '#consents/consent.ts';
import { reachConsent } from '#consents/reach-consent.flow.ts';
import { settleObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { parseConsentId } from '#kernel/consent-id.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret, newUuid, renderGrantSecret } from '#kernel/ids.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';

export interface Approval {
  readonly consentId: string;
  readonly tenantId: string;
  readonly customerId: string;
  /** The accounts chosen, as the caller has made sure: at least one, each the customer's own; one alone but for account access. */
  readonly accountIds: readonly string[];
  readonly binding: CodeBinding;
  /** Kept in the history. */
  readonly note?: string | undefined;
}

export interface Denial {
  readonly consentId: string;
  /** The client of the authorization request. */
  readonly clientId: string;
  readonly tenantId: string;
  readonly customerId: string;
  readonly note?: string | undefined;
}

export interface IdentityApproval {
  readonly tenantId: string;
  readonly customerId: string;
  readonly binding: CodeBinding;
}

function notTheirs() {
  return refuseOpenly('invalid_request', 'The consent does not exist for this client.');
}

function notAwaiting() {
  return refuseOpenly('invalid_request', 'The consent is not awaiting authorization.');
}

/**
 * The customer's yes: the consent is authorized and has its one code. Refuses with `invalid_request` where the consent
 * is not this client's or not awaiting authorization: of two decisions the first counts.
 */
export async function approveConsent(scope: Scope, approval: Approval): Promise<Result<{ code: string }>> {
  const { consentId, tenantId, customerId, accountIds, binding, note } = approval;
  if (tenantId === '' || customerId === '' || accountIds.length === 0) {
    throw new Error('an approval names its tenant, customer and accounts');
  }
  const address = parseConsentId(consentId);
  const reach = reachConsent(scope, consentId);
  if (address === undefined || reach === undefined) return notTheirs();
  if (address.type !== 'account-access' && accountIds.length > 1) {
    throw new Error('an approval of this type names one account');
  }
  const secret = newSecret();
  const codeDigest = await digestOf(secret);
  const { nowMs } = scope;
  // An approval that happened unheard would leave an authorized consent whose one code nobody has.
  const answer = await settleObject(scope, () =>
    reach().approve({ nowMs, consentId, tenantId, customerId, accountIds, binding, codeDigest, note }),
  );
  if (answer.outcome === 'not_found') return notTheirs();
  if (answer.outcome === 'not_awaiting') return notAwaiting();
  return ok({ code: renderGrantSecret({ kind: 'consent', objectId: address.objectId, secret }) });
}

/** The customer's no: the consent is rejected. Refuses like `approveConsent`. */
export async function denyConsent(scope: Scope, denial: Denial): Promise<Result<void>> {
  const { consentId, clientId, tenantId, customerId, note } = denial;
  const reach = reachConsent(scope, consentId);
  if (reach === undefined) return notTheirs();
  const attempt = newUuid();
  const answer = await settleObject(scope, () =>
    reach().deny({ nowMs: scope.nowMs, attempt, consentId, clientId, tenantId, customerId, note }),
  );
  if (answer.outcome === 'not_found') return notTheirs();
  return answer.outcome === 'not_awaiting' ? notAwaiting() : ok(undefined);
}

/** The customer says who they are, and no more: an identity-only grant with its one code. Refuses nothing. */
export async function grantIdentity(
  scope: Scope,
  { tenantId, customerId, binding }: IdentityApproval,
): Promise<Result<{ code: string }>> {
  const namespace = scope.bindings.IDENTITY_GRANTS;
  const id = namespace.newUniqueId();
  const secret = newSecret();
  const codeDigest = await digestOf(secret);
  await settleObject(scope, () =>
    namespace.get(id).open({ nowMs: scope.nowMs, tenantId, customerId, binding, codeDigest }),
  );
  return ok({ code: renderGrantSecret({ kind: 'identity', objectId: id.toString(), secret }) });
}
