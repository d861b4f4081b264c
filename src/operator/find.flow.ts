/**
 * Finds one client, consent, payment or request for an operator, and writes down that it was looked at. D1: one read of the
 * thing (two of a request, together), one of the audit's end, one batch. Objects: one for a client, one for a consent.
 */
import type { ClientStanding } from '#clients/admission.ts';
import type { Client } from '#clients/client.ts';
import { readStanding } from '#clients/client-standing.flow.ts';
import { findClient } from '#clients/find-client.flow.ts';
import type { ConsentReading } from '#consents/grant-calls.ts';
import { readConsentWithHistory } from '#consents/read-consent.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';
import type { ActionName, OperatorAction } from '#operator/operator-action.ts';
import type { Operator } from '#operator/operator-key.ts';
import { readAudit } from '#operator/read-audit.flow.ts';
import { recordAction } from '#operator/record-action.flow.ts';
import { findPaymentForBank } from '#payments/find-payment.flow.ts';
import type { Payment } from '#payments/payment.ts';
import { findCallsForBank } from '#traffic/find-requests.flow.ts';
import type { OwnedRequest } from '#traffic/logged-request.ts';

/** Longest id written into the audit. */
const SUBJECT_MAXIMUM = 100;

export interface ClientFound {
  readonly client: Client;
  /** Undefined where the client's object was told of no client. */
  readonly standing: ClientStanding | undefined;
}

/** Commands of one request in the answer: there is one, or a few where their sender chose the id. */
const ACTIONS_MAXIMUM = 20;

export interface RequestFound {
  /** In the request log. */
  readonly calls: readonly OwnedRequest[];
  /** In this audit. */
  readonly actions: readonly OperatorAction[];
}

async function look<T>(
  scope: Scope,
  operator: Operator,
  action: ActionName,
  subject: string,
  found: T | undefined,
): Promise<Result<T>> {
  const detail = { found: found !== undefined };
  await recordAction(scope, operator, { action, subject: subject.slice(0, SUBJECT_MAXIMUM), detail });
  return found === undefined ? refuseOpenly('not_found', 'There is none.') : ok(found);
}

/** Refuses with `not_found`. */
export async function findClientFor(
  scope: Scope,
  operator: Operator,
  clientId: string,
): Promise<Result<ClientFound>> {
  const client = await findClient(scope, clientId, { fresh: true });
  const found = client && { client, standing: await readStanding(scope, clientId) };
  return look(scope, operator, 'client.find', clientId, found);
}

/** Refuses with `not_found`. */
export async function findConsentFor(
  scope: Scope,
  operator: Operator,
  consentId: string,
): Promise<Result<ConsentReading>> {
  const reading = await readConsentWithHistory(scope, consentId);
  return look(scope, operator, 'consent.find', consentId, reading);
}

/** Refuses with `not_found`. */
export async function findPaymentFor(
  scope: Scope,
  operator: Operator,
  paymentId: string,
): Promise<Result<Payment>> {
  return look(scope, operator, 'payment.find', paymentId, await findPaymentForBank(scope, paymentId));
}

/** What became of a request: the call of a client or an operator's command. Refuses with `not_found`. */
export async function findRequestFor(
  scope: Scope,
  operator: Operator,
  requestId: string,
): Promise<Result<RequestFound>> {
  const [calls, actions] = await Promise.all([
    findCallsForBank(scope, requestId),
    readAudit(scope, { after: 0, limit: ACTIONS_MAXIMUM, requestId }),
  ]);
  const isFound = calls.length + actions.length > 0;
  return look(scope, operator, 'request.find', requestId, isFound ? { calls, actions } : undefined);
}
