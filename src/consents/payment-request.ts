/** A payment consent's request: an international payment gets its quote, which then stands. Times are epoch seconds. */
import { quote } from '#bank/exchange.ts';
import { type PaymentRequest, paymentExpiryOf } from '#consents/consent.ts';
import type { PaymentInstruction } from '#consents/payment-instruction.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

/** Refuses with `invalid_request` an amount that has no exact equivalent in the currency of transfer. */
export function newPaymentRequest(payment: PaymentInstruction, now: number): Result<PaymentRequest> {
  if (payment.type === 'domestic') {
    return ok({ type: 'payment', payment, expiresAt: paymentExpiryOf(now, undefined) });
  }
  const { instructedAmount, currencyOfTransfer, chargeBearer } = payment;
  const quoted = quote({ ...instructedAmount, currencyOfTransfer, chargeBearer, now });
  if (quoted === undefined) {
    const field = 'payment.instructed_amount.amount';
    const message = 'is too small or too large to be exchanged into currency_of_transfer';
    return refuse('invalid_request', 'amount has no quote', {
      message: `Check these members: ${field}.`,
      errors: [{ field, code: 'out_of_range', message }],
    });
  }
  return ok({ type: 'payment', payment, quote: quoted, expiresAt: paymentExpiryOf(now, quoted) });
}
