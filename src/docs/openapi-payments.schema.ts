/** Payments in the OpenAPI document. */
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { bodyOf, type Operation, pathParameter } from '#docs/openapi-operation.schema.ts';
import {
  idempotencyKeySchema,
  makePaymentSchema,
  paymentAnswerSchema,
} from '#payments/payment-answer.schema.ts';

const tag = 'Payments';
const PAYMENT_ID = 'pay_0f8fad5b-d9cb-469f-a165-70867728950e';

const PAYMENT = {
  type: 'domestic',
  instructed_amount: { amount: '165.88', currency: 'GBP' },
  creditor: {
    name: 'Acorn Stores Ltd',
    account: { scheme: 'SortCodeAccountNumber', id: '200000-55779911' },
  },
  reference: 'INV 2026/117',
  end_to_end_id: 'ACORN-2026-117',
};

const PAYMENT_EXAMPLE = {
  payment_id: PAYMENT_ID,
  consent_id: `consent_pis_${'0123456789abcdef'.repeat(4)}`,
  status: 'completed',
  payment: PAYMENT,
  created_at: '2026-11-22T15:35:00Z',
  status_updated_at: '2026-11-22T15:35:00Z',
  status_history: [{ status: 'completed', at: '2026-11-22T15:35:00Z' }],
  links: { self: `/payments/${PAYMENT_ID}` },
};

const payment = v.pipe(paymentAnswerSchema, v.title('PaymentResponse'));

/** Without the dialect it names, which is another than the document's. */
const {
  description = '',
  $schema: _dialect,
  ...keySchema
} = toJsonSchema(idempotencyKeySchema) as {
  description?: string;
  $schema?: string;
};
const KEY_PARAMETER = { name: 'Idempotency-Key', in: 'header', description, schema: keySchema } as const;

export const PAYMENT_OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/open-banking/v1/payments',
    operationId: 'makePayment',
    tag,
    summary: 'Make the payment of a consent',
    description:
      'Once a consent and once an idempotency key. A domestic payment is completed at once, an international one is pending until settled. When the outcome is unknown, send the same request with the same key: it cannot pay twice. What is refused posts nothing; after `insufficient_funds` the consent can still be used. Needs the scope `payments`.',
    callers: ['consentToken'],
    parameters: [KEY_PARAMETER],
    body: bodyOf(makePaymentSchema, { payment: PAYMENT }),
    answers: {
      201: {
        description: 'The payment; or the first answer again.',
        schema: payment,
        example: PAYMENT_EXAMPLE,
        headers: {
          'Idempotency-Replayed': {
            description: '`true` on an answer that was given before.',
            schema: { type: 'string', enum: ['true'] },
          },
        },
      },
    },
    errors: [
      'idempotency_key_reused',
      'consent_consumed',
      'quote_expired',
      'payment_mismatch',
      'unsupported_currency',
      'account_restricted',
      'insufficient_funds',
    ],
  },
  {
    method: 'get',
    path: '/open-banking/v1/payments/:payment_id',
    operationId: 'readPayment',
    tag,
    summary: 'Read a payment',
    description:
      'With its status and each step so far, also after its consent ended. A token of the client (scope `consents`, without X-Consent-ID) reads each of its payments; a token of the consent (scope `payments`) reads that one.',
    callers: ['clientToken', 'consentToken'],
    parameters: [
      {
        name: 'X-Consent-ID',
        in: 'header',
        description: 'Needed with a token of the consent.',
        schema: { type: 'string' },
      },
      pathParameter('payment_id', 'A payment of yours.', PAYMENT_ID),
    ],
    answers: { 200: { description: 'The payment.', schema: payment, example: PAYMENT_EXAMPLE } },
    errors: ['missing_consent', 'invalid_consent', 'wrong_consent_type', 'payment_not_found'],
    readsConsentAnyway: true,
  },
];
