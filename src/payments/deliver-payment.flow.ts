/** Delivers what payments leave in the outbox: to the consent's object, and to settlement. D1: as settling needs. Objects: one. */
import { noteConsumed } from '#consents/learn-consent-end.flow.ts';
import { outage } from '#edge/outage.ts';
import { LATER, type OutboxHandlers } from '#edge/outbox.flow.ts';
import { POSTED_TOPIC, SETTLE_TOPIC } from '#payments/payment-topics.ts';
import { settlePayment } from '#payments/settle-payment.flow.ts';
import type { SettlementOf } from '#payments/settlement.ts';

/** The handlers of both topics; each may be delivered again. */
export function paymentHandlers(settlementOf: SettlementOf): OutboxHandlers {
  return {
    [POSTED_TOPIC]: async (scope, { subject: paymentId, payload }) => {
      const { consentId, at } = payload as { readonly consentId: string; readonly at: number };
      await noteConsumed(scope, consentId, { paymentId, at });
    },
    [SETTLE_TOPIC]: async (scope, { subject: paymentId, payload }) => {
      const { tenantId } = payload as { readonly tenantId: string };
      const settlement = settlementOf(scope);
      if (!settlement.ok) throw outage(settlement.refusal.reason);
      const outcome = await settlePayment(scope, settlement.value, { tenantId, paymentId });
      return outcome === 'later' ? LATER : undefined;
    },
  };
}
