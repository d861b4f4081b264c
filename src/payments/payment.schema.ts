/** Payments on the wire: the answers' form is in payment-answer.schema.ts. Source: interface section 6. */
import { renderPayment } from '#consents/payment-instruction.schema.ts';
import { renderQuote } from '#consents/payment-quote.schema.ts';
import { renderInstant } from '#kernel/time.ts';
import type { Payment } from '#payments/payment.ts';
import type { WirePaymentAnswer } from '#payments/payment-answer.schema.ts';

function renderCost(quote: Payment['quote']) {
  if (quote === undefined) return {};
  const { exchange_rate, charges, total_debit } = renderQuote(quote);
  return { exchange_rate, charges, total_debit };
}

/** A payment for its TPP, the same in the answer that makes it and in those that read it; what is undefined is left out there. */
export function renderPaymentAnswer(payment: Payment): WirePaymentAnswer {
  const { paymentId, consentId, status, statusReason, instruction, quote, uetr, createdAt } = payment;
  return {
    payment_id: paymentId,
    consent_id: consentId,
    status,
    status_reason: statusReason,
    payment: renderPayment(instruction),
    ...renderCost(quote),
    uetr,
    created_at: renderInstant(createdAt),
    status_updated_at: renderInstant(payment.statusUpdatedAt),
    status_history: payment.events.map((event) => ({
      status: event.status,
      reason: event.reason,
      at: renderInstant(event.at),
    })),
    links: { self: `/payments/${paymentId}` },
  };
}
