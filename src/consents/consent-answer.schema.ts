/** Consents as answers show them: for the documentation and the tests, not in the Worker. */
import * as v from 'valibot';
import { PERMISSIONS } from '#consents/consent.ts';
import { instantSchema } from '#consents/instant-answer.schema.ts';
import { paymentSchema } from '#consents/payment-instruction.schema.ts';
import { debtorAccountSchema } from '#consents/payment-parts.schema.ts';
import { quoteSchema } from '#consents/payment-quote-answer.schema.ts';

const STATUSES = [
  'awaiting_authorization',
  'authorized',
  'rejected',
  'expired',
  'revoked',
  'consumed',
] as const;

/** What a consent of every type shows. */
const anyConsent = {
  consent_id: v.pipe(v.string(), v.regex(/^consent_(ais|pis|cof)_[0-9a-f]{64}$/)),
  status: v.picklist(STATUSES),
  created_at: instantSchema,
  status_updated_at: instantSchema,
  revoked_by: v.optional(
    v.pipe(v.picklist(['tpp', 'customer', 'bank']), v.description('Only while status is revoked.')),
  ),
  authorization_url: v.optional(
    v.pipe(
      v.string(),
      v.url(),
      v.description(
        'Where to send the customer, once you have appended the parameters of your authorization request. Only while the consent awaits its customer.',
      ),
    ),
  ),
};

/** The accounts chosen are account information: GET /accounts lists them. */
const accountAccessConsentSchema = v.object({
  consent_type: v.literal('account-access'),
  ...anyConsent,
  permissions: v.array(v.picklist(PERMISSIONS)),
  expiration_date: instantSchema,
  transaction_from_date: v.optional(instantSchema),
  transaction_to_date: v.optional(instantSchema),
});

const paymentConsentSchema = v.object({
  consent_type: v.literal('payment'),
  ...anyConsent,
  payment: paymentSchema,
  ...v.partial(quoteSchema).entries,
  payment_id: v.optional(
    v.pipe(v.string(), v.description('The payment that was made. Only while status is consumed.')),
  ),
});

const fundsConfirmationConsentSchema = v.object({
  consent_type: v.literal('funds-confirmation'),
  ...anyConsent,
  debtor_account: debtorAccountSchema,
  expiration_date: instantSchema,
});

/** A consent as every answer shows it. */
export const consentSchema = v.variant('consent_type', [
  v.pipe(accountAccessConsentSchema, v.title('AccountAccessConsent')),
  v.pipe(paymentConsentSchema, v.title('PaymentConsent')),
  v.pipe(fundsConfirmationConsentSchema, v.title('FundsConfirmationConsent')),
]);

export type WireConsent = v.InferOutput<typeof consentSchema>;

/** A page of consents. */
export const consentListSchema = v.object({
  data: v.array(consentSchema),
  links: v.object({ self: v.string(), next: v.optional(v.string()), prev: v.optional(v.string()) }),
});
