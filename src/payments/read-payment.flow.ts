/** Reads one payment for its TPP. D1: one read. Objects: none (the guard has asked the client's). */
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import { selectPaymentOfClient } from '#payments/payment.store.ts';
import type { Payment } from '#payments/payment.ts';
import type { AccessToken } from '#tokens/access-token.ts';

/** A payment of the token's client, and of the token's consent where it has one; else refuses with `payment_not_found`. */
export async function readPayment(
  scope: Scope,
  { clientId, consentId }: AccessToken,
  paymentId: string,
): Promise<Result<Payment>> {
  const payment = await retryRead(scope, () => selectPaymentOfClient(scope.database, clientId, paymentId));
  const isReadable = consentId === undefined || payment?.consentId === consentId;
  return payment !== undefined && isReadable
    ? ok(payment)
    : refuse('payment_not_found', 'no such payment of this client or consent');
}
