/** Confirmation of funds in the OpenAPI document. */
import { bodyOf, type Operation } from '#docs/openapi-operation.schema.ts';
import { fundsQuestionSchema } from '#funds/funds-confirmation.schema.ts';
import { DAY_LIMIT, MINUTE_LIMIT } from '#funds/funds-confirmation.ts';
import { fundsConfirmationSchema } from '#funds/funds-confirmation-answer.schema.ts';

const QUESTION_EXAMPLE = {
  reference: 'TILL 4 RECEIPT 1187',
  instructed_amount: { amount: '120.00', currency: 'GBP' },
};

export const FUNDS_OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/open-banking/v1/funds-confirmations',
    operationId: 'confirmFunds',
    tag: 'Confirmation of funds',
    summary: 'Ask whether an account holds enough',
    description: `Yes or no, never how much: whether what the customer can spend from the account of the consent covers the amount. Of a restricted or closed account the answer is no. A consent allows ${MINUTE_LIMIT.checks} checks a minute and ${DAY_LIMIT.checks} a day; each is kept for the customer. Needs the scope \`fundsconfirmations\`.`,
    callers: ['consentToken'],
    body: bodyOf(fundsQuestionSchema, QUESTION_EXAMPLE),
    answers: {
      201: {
        description: 'The answer.',
        schema: fundsConfirmationSchema,
        example: {
          funds_confirmation_id: 'cof_0f8fad5b-d9cb-469f-a165-70867728950e',
          consent_id: `consent_cof_${'0123456789abcdef'.repeat(4)}`,
          funds_available: true,
          ...QUESTION_EXAMPLE,
          created_at: '2026-11-22T15:35:00Z',
        },
      },
    },
    errors: ['unsupported_currency'],
  },
];
