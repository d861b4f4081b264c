/**
 * Finds one client, consent or payment for an operator, and writes down that it was looked at. D1: one read of the thing,
 * one of the audit's end, one batch. Objects: one for a client, one for a consent.
 */
import type { ClientStanding } from '#clients/admission.ts';
import type { Client } from '#clients/client.ts';
import { readStanding } from '#clients/client-standing.flow.ts';
import { findClient } from '#clients/find-client.flow.ts';
import type { ConsentReading } from '#consents/grant-calls.ts';
import { readConsentWithHistory } from '#consents/read-consent.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import type { ActionName } from '#operator/operator-action.ts';
import type { Operator } from '#operator/operator-key.ts';
import { recordAction } from '#operator/record-action.flow.ts';
import { findPaymentForBank } from '#payments/find-payment.flow.ts';
import type { Payment } from '#payments/payment.ts';

/** Longest id written into the audit. */
const SUBJECT_MAXIMUM = 100;

export interface ClientFound {
  readonly client: Client;
  /** Undefined where the client's object was told of no client. */
  readonly standing: ClientStanding | undefined;
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
  return found === undefined
    ? refuse('not_found', `${action}: none`, { message: 'There is none.' })
    : ok(found);
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
