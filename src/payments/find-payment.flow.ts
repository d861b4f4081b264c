/** Finds a payment for the bank's own staff, whosever it is. D1: one read. Objects: none. */
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { selectPaymentOfAnyone } from '#payments/payment.store.ts';
import type { Payment } from '#payments/payment.ts';

export function findPaymentForBank(scope: Scope, paymentId: string): Promise<Payment | undefined> {
  return retryRead(scope, () => selectPaymentOfAnyone(scope.database, paymentId));
}
