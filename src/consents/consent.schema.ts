/** Consents on the wire: what a TPP sends and gets. Source: interface section 4. */
import * as v from 'valibot';
import { accountAccessSchema, parseAccountAccess } from '#consents/account-access.schema.ts';
import type { Consent, ConsentRequest, FundsConfirmationRequest, PaymentRequest } from '#consents/consent.ts';
import type { WireConsent } from '#consents/consent-answer.schema.ts';
import { endAsked, expirationDateSchema, parseDates, refuseFields } from '#consents/consent-dates.schema.ts';
import { parsePayment, paymentSchema, renderPayment } from '#consents/payment-instruction.schema.ts';
import {
  debtorAccountSchema,
  type Faults,
  parseWireAccount,
  refuseFaults,
} from '#consents/payment-parts.schema.ts';
import { renderQuote } from '#consents/payment-quote.schema.ts';
import { newPaymentRequest } from '#consents/payment-request.ts';
import { parseBy } from '#edge/body.ts';
import { wholeNumberSchema } from '#edge/whole-number.schema.ts';
import type { ConsentType } from '#kernel/consent-id.ts';
import { ok, type Result } from '#kernel/result.ts';
import { renderInstant } from '#kernel/time.ts';

const paymentConsentSchema = v.object({ consent_type: v.literal('payment'), payment: paymentSchema });

const fundsConfirmationSchema = v.object({
  consent_type: v.literal('funds-confirmation'),
  debtor_account: v.pipe(debtorAccountSchema, v.description('The account you will ask about.')),
  expiration_date: expirationDateSchema,
});

/** The body of POST /consents. */
export const createConsentSchema = v.variant('consent_type', [
  v.pipe(accountAccessSchema, v.title('AccountAccessRequest')),
  v.pipe(paymentConsentSchema, v.title('PaymentConsentRequest')),
  v.pipe(fundsConfirmationSchema, v.title('FundsConfirmationConsentRequest')),
]);

/** The query of GET /consents. */
export const listConsentsQuerySchema = v.object({
  limit: v.optional(wholeNumberSchema(1, 100)),
  cursor: v.optional(v.pipe(v.string(), v.description('From links.next or links.prev of this list.'))),
});

const consentTypeSchema = v.object({
  consent_type: v.picklist(['account-access', 'payment', 'funds-confirmation']),
});

/** What kind of consent a body asks for. Refuses with `invalid_request`. */
export function parseConsentType(body: Readonly<Record<string, unknown>>): Result<ConsentType> {
  // Named by the bank's documentation, so that who asks for it is told more than that it is unknown.
  if (body['consent_type'] === 'enduring-payment') {
    return refuseFields('Consents of this type are not available yet.', [
      { field: 'consent_type', code: 'unavailable', message: 'is not available yet' },
    ]);
  }
  const parsed = parseBy(consentTypeSchema, body);
  return parsed.ok ? ok(parsed.value.consent_type) : parsed;
}

function parsePaymentConsent(body: Readonly<Record<string, unknown>>, now: number): Result<PaymentRequest> {
  const payment = parsePayment(body);
  return payment.ok ? newPaymentRequest(payment.value, now) : payment;
}

function parseFundsConfirmation(
  body: Readonly<Record<string, unknown>>,
  now: number,
): Result<FundsConfirmationRequest> {
  const parsed = parseBy(fundsConfirmationSchema, body);
  if (!parsed.ok) return parsed;
  const faults: Faults = [];
  const debtorAccount = parseWireAccount(faults, 'debtor_account', parsed.value.debtor_account);
  if (debtorAccount === undefined) return refuseFaults(faults);
  const dates = parseDates(parsed.value, ['expiration_date']);
  if (!dates.ok) return dates;
  const expiresAt = endAsked(now, dates.value.expiration_date);
  return expiresAt.ok
    ? ok({ type: 'funds-confirmation', debtorAccount, expiresAt: expiresAt.value })
    : expiresAt;
}

const PARSERS: Readonly<
  Record<ConsentType, (body: Readonly<Record<string, unknown>>, now: number) => Result<ConsentRequest>>
> = {
  'account-access': parseAccountAccess,
  payment: parsePaymentConsent,
  'funds-confirmation': parseFundsConfirmation,
};

/**
 * The body of POST /consents for a consent of this type as a request; `now` in epoch seconds. Refuses with `invalid_request` naming each member,
 * and `unsupported_currency`.
 */
export function parseCreateConsent(
  type: ConsentType,
  body: Readonly<Record<string, unknown>>,
  now: number,
): Result<ConsentRequest> {
  return PARSERS[type](body, now);
}

function renderOptionalInstant(at: number | undefined): string | undefined {
  return at === undefined ? undefined : renderInstant(at);
}

/** What is undefined is left out on the wire. */
function renderAsked(request: ConsentRequest, paymentId: string | undefined) {
  if (request.type === 'payment') {
    const { payment, quote } = request;
    return {
      consent_type: request.type,
      payment: renderPayment(payment),
      ...(quote === undefined ? {} : renderQuote(quote)),
      payment_id: paymentId,
    };
  }
  const expiration_date = renderInstant(request.expiresAt);
  if (request.type === 'funds-confirmation') {
    return { consent_type: request.type, debtor_account: { ...request.debtorAccount }, expiration_date };
  }
  const { permissions, transactionFrom, transactionTo } = request;
  return {
    consent_type: request.type,
    permissions: [...permissions],
    expiration_date,
    transaction_from_date: renderOptionalInstant(transactionFrom),
    transaction_to_date: renderOptionalInstant(transactionTo),
  };
}

/** A consent for its TPP. `issuer` makes the authorization URL. */
export function renderConsent(consent: Consent, issuer: string): WireConsent {
  const { consentId, status, revokedBy } = consent;
  return {
    consent_id: consentId,
    ...renderAsked(consent.request, consent.paymentId),
    status,
    created_at: renderInstant(consent.createdAt),
    status_updated_at: renderInstant(consent.statusUpdatedAt),
    revoked_by: revokedBy,
    authorization_url:
      status === 'awaiting_authorization' ? `${issuer}/oauth/authorize?consent_id=${consentId}` : undefined,
  };
}
