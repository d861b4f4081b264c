/** The digest of a one-time code, bound to its interaction and to what the customer is asked. D1, objects: none. */
import type { AuthorizationRequest } from '#authorization/authorization-request.ts';
import type { LoggedInCustomer } from '#authorization/interaction.ts';
import type { PaymentShown } from '#authorization/journey-props.ts';
import type { Client } from '#clients/client.ts';
import type { PaymentRequest } from '#consents/consent.ts';
import { canonicalPayment } from '#consents/payment-instruction.ts';
import { oneTimeCodeDigest } from '#edge/secrets.ts';
import type { KeySet } from '#edge/signing-keys.ts';

export interface CodeBound {
  readonly interactionId: string;
  readonly request: AuthorizationRequest;
  /** Who asks, by the names shown: were they changed meanwhile, the code would confirm something else. */
  readonly client: Client;
  readonly customer: Pick<LoggedInCustomer, 'tenantId' | 'customerId'>;
  /** What the customer pays: the code confirms this amount to this payee, and what it costs, alone. */
  readonly payment: PaymentRequest | undefined;
}

/** How much, and to whom, for the page and the message that carry the code. */
export function shownOf({ payment }: PaymentRequest): PaymentShown {
  return { amount: payment.instructedAmount, payee: payment.creditor.name };
}

/** All of a payment that the customer is shown. */
function paymentText({ payment, quote }: PaymentRequest): string {
  return JSON.stringify([
    canonicalPayment(payment),
    quote?.exchangeRate.rate ?? null,
    quote?.totalDebitMinor ?? null,
    quote?.transferMinor ?? null,
    quote?.quoteExpiresAt ?? null,
  ]);
}

/** Source: RTS Article 5 (a code is specific to the amount and the payee; a change of either invalidates the code). */
export async function digestOfCode(keys: KeySet, code: string, bound: CodeBound): Promise<string> {
  const { interactionId, request, client, customer, payment } = bound;
  return oneTimeCodeDigest(keys, [
    'one-time-code',
    code,
    interactionId,
    request.clientId,
    client.softwareName,
    client.organisationName,
    // Its request never changes, so that the id stands for all the customer will read of it; a payment is bound itself.
    request.consentId ?? '',
    payment === undefined ? '' : paymentText(payment),
    request.scopes.join(' '),
    customer.tenantId,
    customer.customerId,
  ]);
}
