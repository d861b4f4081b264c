/** Payments as requests and answers show them: for the documentation and the tests, not in the Worker. */
import * as v from 'valibot';
import { instantSchema } from '#consents/instant-answer.schema.ts';
import { paymentSchema } from '#consents/payment-instruction.schema.ts';
import { quoteSchema } from '#consents/payment-quote-answer.schema.ts';
import { FAILURE_REASONS } from '#payments/payment.ts';

const statusSchema = v.picklist(['pending', 'completed', 'failed']);
const { exchange_rate, charges, total_debit } = quoteSchema.entries;

/** The body of POST /payments. */
export const makePaymentSchema = v.object({
  payment: v.pipe(
    paymentSchema,
    v.description(
      'The payment of the consent, member by member: what the customer approved is what is paid.',
    ),
  ),
});

/** The header that names one payment of a client for 24 hours. */
export const idempotencyKeySchema = v.pipe(
  v.string(),
  v.regex(/^[\x20-\x7e]{1,40}$/),
  v.description(
    'Your own name for this one payment, 1 to 40 printable ASCII characters. Required, here or as x-idempotency-key. The same key, consent and body within 24 hours get the first answer again and never pay twice.',
  ),
);

/** A payment as every answer shows it. */
export const paymentAnswerSchema = v.object({
  payment_id: v.pipe(v.string(), v.regex(/^pay_[0-9a-f-]{36}$/)),
  consent_id: v.pipe(v.string(), v.regex(/^consent_pis_[0-9a-f]{64}$/)),
  status: v.pipe(
    statusSchema,
    v.description('Domestic payments are completed at once; international ones are pending until settled.'),
  ),
  status_reason: v.optional(
    v.pipe(v.picklist(FAILURE_REASONS), v.description('Why it failed; all that was debited was given back.')),
  ),
  payment: paymentSchema,
  exchange_rate: v.optional(v.pipe(exchange_rate, v.description('International: the rate of the quote.'))),
  charges: v.optional(v.pipe(charges, v.description('International: what was charged besides the amount.'))),
  total_debit: v.optional(total_debit),
  uetr: v.optional(
    v.pipe(
      v.string(),
      v.uuid(),
      v.description('International: the reference by which banks on the way know the payment.'),
    ),
  ),
  created_at: instantSchema,
  status_updated_at: instantSchema,
  status_history: v.pipe(
    v.array(
      v.object({
        status: statusSchema,
        reason: v.optional(v.picklist([...FAILURE_REASONS, 'sent'])),
        at: instantSchema,
      }),
    ),
    v.description('Each step so far, the oldest first; `sent` is when a pending payment left the bank.'),
  ),
  links: v.object({ self: v.string() }),
});

export type WirePaymentAnswer = v.InferOutput<typeof paymentAnswerSchema>;
