/**
 * After the right password: a one-time code is sent, and the interaction becomes this browser's and this customer's.
 * D1: one write; a payment: one read more. Objects: the interaction's, once; a payment: the consent's, once.
 */
import type { AuthorizationRequest } from '#authorization/authorization-request.ts';
import { findPayment } from '#authorization/find-payment.flow.ts';
import { CODE_SECONDS } from '#authorization/interaction.ts';
import { deadEnd, type JourneyStep } from '#authorization/journey.ts';
import { purposeOf, type Reached } from '#authorization/journey-client.flow.ts';
import { stopJourney } from '#authorization/leave-journey.flow.ts';
import { releaseAttempt } from '#authorization/login-attempt.store.ts';
import { digestOfCode, shownOf } from '#authorization/one-time-code.flow.ts';
import type { SealedForm } from '#authorization/sealed-form.flow.ts';
import type { JourneyPorts } from '#authorization/second-factor.ts';
import type { Customer } from '#bank/customer.ts';
import type { Client } from '#clients/client.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';

export interface RightPassword {
  readonly form: SealedForm;
  readonly interaction: Reached['interaction'];
  readonly client: Client;
  /** Digest of the cookie the post came with. */
  readonly presented: string;
  readonly request: AuthorizationRequest;
  readonly customer: Customer;
  readonly nameDigest: string;
}

export async function acceptLogin(
  scope: Scope,
  ports: JourneyPorts,
  { form, interaction, presented, client, request, customer, nameDigest }: RightPassword,
): Promise<JourneyStep> {
  const { interactionId } = form;
  const { tenantId, customerId, displayName } = customer;
  const payment = await findPayment(scope, request);
  const code = ports.secondFactor.newCode();
  const sent = await ports.codeSender.send(scope, {
    tenantId,
    customerId,
    code,
    softwareName: client.softwareName,
    organisationName: client.organisationName,
    purpose: purposeOf(request),
    payment: payment && shownOf(payment),
  });
  // The password was right, whatever became of the code.
  await releaseAttempt(scope.database, { tenantId, nameDigest });
  if (!sent.ok) {
    await callObject(scope, () => interaction().returnPassword());
    return deadEnd('unavailable', sent.refusal.reason);
  }
  const bound = { interactionId, request, client, customer, payment };
  const value = newSecret();
  const login = {
    opening: form,
    presented,
    browser: await digestOf(value),
    customer: { tenantId, customerId, displayName, nameDigest },
    code: {
      digest: await digestOfCode(await signingKeys(scope), code, bound),
      expiresAt: scope.now + CODE_SECONDS,
      ...sent.value,
    },
  };
  const accepted = await callObject(scope, () => interaction().acceptPassword(scope.nowMs, login));
  return accepted === 'logged_in'
    ? { go: 'onward', interactionId, cookie: { interactionId, value } }
    : stopJourney(accepted, form);
}
