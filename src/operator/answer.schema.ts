/** What commands of the operator API answer. Instants are RFC 3339, in UTC; amounts as everywhere on the wire. */
import type { Customer } from '#bank/customer.ts';
import type { Client } from '#clients/client.ts';
import type { DirectoryStanding } from '#clients/directory-trust.flow.ts';
import { type Consent, permissionsOf } from '#consents/consent.ts';
import type { ConsentReading } from '#consents/grant-calls.ts';
import type { RingKeyState } from '#edge/ring-changes.ts';
import { renderInstant, toSeconds } from '#kernel/time.ts';
import type { ClientFound, RequestFound } from '#operator/find.flow.ts';
import type { OperatorAction } from '#operator/operator-action.ts';
import type { KeptOperatorKey } from '#operator/operator-key.ts';
import { renderPaymentAnswer } from '#payments/payment.schema.ts';
import type { Payment } from '#payments/payment.ts';
import { renderRequest } from '#traffic/traffic.schema.ts';

function instantOrNull(seconds: number | null | undefined): string | null {
  return typeof seconds === 'number' ? renderInstant(seconds) : null;
}

export function renderClient(client: Client) {
  return {
    client_id: client.clientId,
    status: client.status,
    version: client.version,
    organisation_id: client.organisationId,
    organisation_name: client.organisationName,
    software_name: client.softwareName,
    directory_issuer: client.software.directoryIssuer,
    org_id: client.software.orgId,
    software_id: client.software.softwareId,
    roles: client.roles,
    scopes: client.scopes,
    issued_at: renderInstant(client.issuedAt),
  };
}

/** `object_status` differs from `status` where an outbox row is still to be delivered, or a client lapsed just now. */
export function renderClientFound({ client, standing }: ClientFound) {
  const first = standing?.firstAuthenticatedAtMs;
  return {
    ...renderClient(client),
    object_status: standing?.status ?? null,
    requests_per_minute: standing?.limitOverride ?? null,
    requests_in_window: standing?.requestsInWindow ?? 0,
    consents_today: standing?.consentsToday ?? 0,
    first_authenticated_at: instantOrNull(first && toSeconds(first)),
  };
}

export function renderConsentState(consent: Consent) {
  return {
    consent_id: consent.consentId,
    consent_type: consent.type,
    status: consent.status,
    revoked_by: consent.revokedBy ?? null,
    client_id: consent.clientId,
    organisation_id: consent.organisationId,
    tenant_id: consent.tenantId ?? null,
    customer_id: consent.customerId ?? null,
    account_ids: consent.accountIds,
    permissions: permissionsOf(consent),
    payment_id: consent.paymentId ?? null,
    created_at: renderInstant(consent.createdAt),
    status_updated_at: renderInstant(consent.statusUpdatedAt),
    expires_at: renderInstant(consent.request.expiresAt),
  };
}

export function renderConsentFound({ consent, history }: ConsentReading) {
  return {
    ...renderConsentState(consent),
    history: history.map(({ at, event, by, note }) => ({
      at: renderInstant(at),
      event,
      by,
      note: note ?? null,
    })),
  };
}

export function renderPaymentFound(payment: Payment) {
  return {
    client_id: payment.clientId,
    organisation_id: payment.organisationId,
    tenant_id: payment.tenantId,
    customer_id: payment.customerId,
    debtor_account_id: payment.debtorAccountId,
    ...renderPaymentAnswer(payment),
  };
}

export function renderCustomer({ tenantId, customerId, locked }: Customer) {
  return { tenant_id: tenantId, customer_id: customerId, locked };
}

export function renderDirectories(standings: readonly DirectoryStanding[]) {
  return {
    directories: standings.map(({ directory, distrustedAt, liveClients }) => ({
      issuer: directory.issuer,
      trusted: distrustedAt === undefined,
      distrusted_at: instantOrNull(distrustedAt),
      live_clients: liveClients,
      algorithms: directory.algorithms,
    })),
  };
}

export function renderSigningKeys(keys: readonly RingKeyState[]) {
  return {
    signing_keys: keys.map(({ kid, use, state, createdAtMs, activeFromMs, retiredAtMs }) => ({
      kid,
      use,
      state,
      created_at: renderInstant(toSeconds(createdAtMs)),
      // The first key of a use has signed from the beginning.
      active_from: renderInstant(toSeconds(Math.max(activeFromMs, createdAtMs))),
      retires_at: instantOrNull(retiredAtMs && toSeconds(retiredAtMs)),
    })),
  };
}

function renderOperatorKey({ keyId, name, scope, ...key }: KeptOperatorKey) {
  return {
    key_id: keyId,
    name,
    scope,
    created_by: key.createdBy,
    created_at: renderInstant(key.createdAt),
    expires_at: instantOrNull(key.expiresAt),
    revoked_at: instantOrNull(key.revokedAt),
  };
}

export function renderOperatorKeys(keys: readonly KeptOperatorKey[]) {
  return { operator_keys: keys.map(renderOperatorKey) };
}

/** The key itself is told this once. */
export function renderNewKey({ key, kept }: { readonly key: string; readonly kept: KeptOperatorKey }) {
  return { operator_key: key, ...renderOperatorKey(kept) };
}

/** `detail` stays the text it is: the hash was made over it. */
export function renderAction({ requestId, previousHash, at, ...row }: OperatorAction) {
  return { ...row, at, at_utc: renderInstant(at), request_id: requestId, previous_hash: previousHash };
}

export function renderRequestFound({ calls, actions }: RequestFound) {
  return {
    calls: calls.map((call) => ({ organisation_id: call.organisationId, ...renderRequest(call) })),
    actions: actions.map(renderAction),
  };
}
