/** Payments as TPPs send them, and the requests of consents they become. */
import type { FundsConfirmationRequest, PaymentRequest } from '#consents/consent.ts';
import { parsePayment, type WirePayment } from '#consents/payment-instruction.schema.ts';
import type { PaymentInstruction } from '#consents/payment-instruction.ts';
import { newPaymentRequest } from '#consents/payment-request.ts';
import type { Scope } from '#edge/scope.ts';

/** A payment to an account of another British bank. */
export const DOMESTIC_PAYMENT = {
  type: 'domestic',
  instructed_amount: { amount: '165.88', currency: 'GBP' },
  creditor: {
    name: 'Acorn Stores Ltd',
    account: { scheme: 'SortCodeAccountNumber', id: '200000-55779911' },
  },
  reference: 'INV 2026/117',
  end_to_end_id: 'ACORN-2026-117',
} as const satisfies WirePayment;

/** A payment abroad, in another currency. */
export const INTERNATIONAL_PAYMENT = {
  type: 'international',
  instructed_amount: { amount: '100.00', currency: 'GBP' },
  creditor: {
    name: 'Bäckerei Eichhorn',
    account: { scheme: 'IBAN', id: 'DE89370400440532013000' },
    agent_bic: 'COBADEFFXXX',
    address: { lines: ['Nussallee 1', '50667 Köln'], country: 'DE' },
  },
  reference: 'Rechnung 42',
  end_to_end_id: 'EICHHORN-42',
  charge_bearer: 'shared',
  currency_of_transfer: 'EUR',
} as const satisfies WirePayment;

/** The canonical form of a payment that is well-formed. */
export function instructionOf(payment: object): PaymentInstruction {
  const parsed = parsePayment({ payment });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusal));
  return parsed.value;
}

/** What a consent to this payment asks for, an international one with its quote of `now`. */
export function paymentRequestOf(
  { now }: Pick<Scope, 'now'>,
  payment: object = DOMESTIC_PAYMENT,
): PaymentRequest {
  const request = newPaymentRequest(instructionOf(payment), now);
  if (!request.ok) throw new Error(JSON.stringify(request.refusal));
  return request.value;
}

/** What a consent to ask about hazel's main account asks for. */
export function fundsRequestOf({ now }: Pick<Scope, 'now'>): FundsConfirmationRequest {
  return {
    type: 'funds-confirmation',
    debtorAccount: { scheme: 'SortCodeAccountNumber', id: '608371-12345678' },
    expiresAt: now + 90 * 86_400,
  };
}
