/** Consents in the OpenAPI document. */
import { resolver } from 'hono-openapi';
import * as v from 'valibot';
import { createConsentSchema, listConsentsQuerySchema } from '#consents/consent.schema.ts';
import { consentListSchema, consentSchema } from '#consents/consent-answer.schema.ts';
import { type Operation, pathParameter, queryParameters } from '#docs/openapi-operation.schema.ts';

const tag = 'Consents';

export const CONSENT_ID = `consent_ais_${'0123456789abcdef'.repeat(4)}`;

const REQUEST_EXAMPLE = {
  consent_type: 'account-access',
  permissions: ['ReadAccounts', 'ReadBalances', 'ReadTransactions'],
  expiration_date: '2027-02-20T00:00:00Z',
  transaction_from_date: '2026-01-01T00:00:00Z',
  transaction_to_date: '2027-02-20T23:59:59Z',
};

const CONSENT_EXAMPLE = {
  consent_id: CONSENT_ID,
  ...REQUEST_EXAMPLE,
  status: 'awaiting_authorization',
  created_at: '2026-11-22T15:35:00Z',
  status_updated_at: '2026-11-22T15:35:00Z',
  authorization_url: `http://localhost:8787/oauth/authorize?consent_id=${CONSENT_ID}`,
};

/** A request of each type, as it may be sent. */
const REQUEST_EXAMPLES = {
  'account-access': { summary: 'Read accounts', value: REQUEST_EXAMPLE },
  domestic: {
    summary: 'Pay in the United Kingdom',
    value: {
      consent_type: 'payment',
      payment: {
        type: 'domestic',
        instructed_amount: { amount: '165.88', currency: 'GBP' },
        creditor: {
          name: 'Acorn Stores Ltd',
          account: { scheme: 'SortCodeAccountNumber', id: '200000-55779911' },
        },
        reference: 'INV 2026/117',
        end_to_end_id: 'ACORN-2026-117',
      },
    },
  },
  international: {
    summary: 'Pay abroad',
    value: {
      consent_type: 'payment',
      payment: {
        type: 'international',
        instructed_amount: { amount: '100.00', currency: 'GBP' },
        creditor: {
          name: 'Bäckerei Eichhorn',
          account: { scheme: 'IBAN', id: 'DE89370400440532013000' },
        },
        end_to_end_id: 'EICHHORN-42',
        charge_bearer: 'shared',
        currency_of_transfer: 'EUR',
      },
    },
  },
  'funds-confirmation': {
    summary: 'Ask whether an amount is available',
    value: {
      consent_type: 'funds-confirmation',
      debtor_account: { scheme: 'SortCodeAccountNumber', id: '608371-12345678' },
    },
  },
};

/** A number, though what comes in a query is text. */
const LIMIT_PARAMETER = {
  name: 'limit',
  in: 'query',
  description: 'Most consents a page has.',
  schema: { type: 'integer', minimum: 1, maximum: 100, default: 25 },
} as const;

const consent = v.pipe(consentSchema, v.title('Consent'));
const consentIdParameter = pathParameter('consent_id', 'A consent of yours.', CONSENT_ID);

export const CONSENT_OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/open-banking/v1/consents',
    operationId: 'createConsent',
    tag,
    summary: 'Create a consent',
    description:
      'Asks the customer for access to accounts, for one payment, or for asking whether an account holds enough. They have 24 hours to authorize it (an international payment: while its quote holds): send them to `authorization_url` with the parameters of your authorization request appended.',
    callers: ['clientToken'],
    body: {
      content: {
        'application/json': { schema: resolver(createConsentSchema), examples: REQUEST_EXAMPLES },
      },
    },
    answers: { 201: { description: 'The consent.', schema: consent, example: CONSENT_EXAMPLE } },
    errors: ['unauthorized_client', 'unsupported_currency'],
  },
  {
    method: 'get',
    path: '/open-banking/v1/consents',
    operationId: 'listConsents',
    tag,
    summary: 'List your consents',
    description: 'Every consent of this client, newest first. Follow `links.next` while there is one.',
    callers: ['clientToken'],
    parameters: [LIMIT_PARAMETER, ...queryParameters(v.omit(listConsentsQuerySchema, ['limit']))],
    answers: {
      200: {
        description: 'A page of consents.',
        schema: v.pipe(
          v.object({ ...consentListSchema.entries, data: v.array(consent) }),
          v.title('ConsentList'),
        ),
        example: { data: [CONSENT_EXAMPLE], links: { self: '/consents' } },
      },
    },
    errors: ['invalid_request'],
  },
  {
    method: 'get',
    path: '/open-banking/v1/consents/:consent_id',
    operationId: 'readConsent',
    tag,
    summary: 'Read a consent',
    description:
      'The consent in whatever state it is. A token of the client reads each of its consents; a token of a consent reads that one.',
    callers: ['clientToken', 'consentToken'],
    parameters: [consentIdParameter],
    answers: { 200: { description: 'The consent.', schema: consent, example: CONSENT_EXAMPLE } },
    errors: ['not_found'],
    readsConsentAnyway: true,
  },
  {
    method: 'delete',
    path: '/open-banking/v1/consents/:consent_id',
    operationId: 'endConsent',
    tag,
    summary: 'End a consent',
    description:
      'Ends the consent for good: its tokens are refused from the next call on. Safe to repeat. Once its payment was made it cannot be ended.',
    callers: ['clientToken'],
    parameters: [consentIdParameter],
    answers: { 204: { description: 'The consent is over.' } },
    errors: ['not_found', 'consent_consumed'],
  },
];
