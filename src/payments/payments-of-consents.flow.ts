/** Finds the payments that were made under consents. D1: one read. Objects: none. */
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { selectPaymentsOfConsents } from '#payments/payment.store.ts';
import type { PaymentStanding } from '#payments/payment.ts';

/** By consent id; consents under which nothing was paid are left out. */
export async function paymentsOfConsents(
  scope: Scope,
  tenantId: string,
  consentIds: readonly string[],
): Promise<ReadonlyMap<string, PaymentStanding>> {
  if (consentIds.length === 0) return new Map();
  const payments = await retryRead(scope, () =>
    selectPaymentsOfConsents(scope.database, tenantId, consentIds),
  );
  return new Map(payments.map((payment) => [payment.consentId, payment]));
}
