/** Confirmations of funds as answers show them: for the documentation and the tests, not in the Worker. */
import * as v from 'valibot';
import { instantSchema } from '#consents/instant-answer.schema.ts';
import { amountSchema } from '#consents/payment-quote-answer.schema.ts';

export const fundsConfirmationSchema = v.pipe(
  v.object({
    funds_confirmation_id: v.pipe(v.string(), v.regex(/^cof_[0-9a-f-]{36}$/)),
    consent_id: v.pipe(v.string(), v.regex(/^consent_cof_[0-9a-f]{64}$/)),
    funds_available: v.pipe(
      v.boolean(),
      v.description(
        'Whether what the customer can spend covers the amount. False too of a restricted or closed account.',
      ),
    ),
    reference: v.string(),
    instructed_amount: amountSchema,
    created_at: instantSchema,
  }),
  v.title('FundsConfirmation'),
);

export type WireFundsConfirmation = v.InferOutput<typeof fundsConfirmationSchema>;
