/** The sandbox's own calls in the OpenAPI document. */
import * as v from 'valibot';
import { CONSENT_ID } from '#docs/openapi-consents.schema.ts';
import { bodyOf, type Operation, pathParameter } from '#docs/openapi-operation.schema.ts';
import { authorizeConsentRequestSchema } from '#sandbox/authorize-consent.schema.ts';
import {
  authorizeConsentResponseSchema,
  directoryKeysResponseSchema,
  resetResponseSchema,
  softwareStatementResponseSchema,
} from '#sandbox/sandbox-answer.schema.ts';
import { softwareStatementRequestSchema } from '#sandbox/software-statement.schema.ts';

const tag = 'Sandbox';

export const SANDBOX_OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/sandbox/software-statements',
    operationId: 'createSoftwareStatement',
    tag,
    summary: 'Get a software statement',
    description:
      'The sandbox directory signs a software statement for your organisation. Register with it at `POST /register`; a statement registers one client. With `defect` it is wrong in the way you name, for your negative tests.',
    callers: ['apiKey'],
    body: bodyOf(softwareStatementRequestSchema, {
      software_client_name: 'Acorn Finance',
      software_redirect_uris: ['https://your-app.com/callback'],
      software_roles: ['AISP'],
      software_jwks: {
        keys: [
          {
            kty: 'EC',
            crv: 'P-256',
            kid: 'key-1',
            use: 'sig',
            x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
            y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
          },
        ],
      },
    }),
    answers: {
      201: {
        description: 'The software statement, a JWT signed with ES256.',
        schema: softwareStatementResponseSchema,
        example: { software_statement: 'eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9...' },
      },
    },
    errors: [],
    sandboxOnly: true,
  },
  {
    method: 'get',
    path: '/sandbox/directory/jwks',
    operationId: 'getDirectoryKeys',
    tag,
    summary: 'The keys of the sandbox directory',
    description: 'What the signatures of software statements are verified with.',
    callers: ['anybody'],
    answers: {
      200: {
        description: 'A JWK set.',
        schema: v.pipe(directoryKeysResponseSchema, v.title('DirectoryKeySet')),
      },
    },
    errors: [],
    sandboxOnly: true,
  },
  {
    method: 'post',
    path: '/sandbox/reset',
    operationId: 'resetSandbox',
    tag,
    summary: 'Begin again',
    description:
      'Gives your organisation new customers and accounts, as at first, and ends all its consents. At most ten times an hour.',
    callers: ['apiKey'],
    answers: {
      200: {
        description: 'What there is now.',
        schema: resetResponseSchema,
        example: {
          reset_at: '2026-11-22T15:35:00Z',
          consents_ended: 2,
          customers: [{ username: 'basil', account_ids: ['acc_2345678901', 'acc_3456789012'] }],
        },
      },
    },
    errors: [],
    sandboxOnly: true,
  },
  {
    method: 'post',
    path: '/sandbox/consents/:consent_id/authorize',
    operationId: 'authorizeConsentInSandbox',
    tag,
    summary: 'Decide a consent without a browser',
    description:
      'Stands in for the pages: one of the sandbox’s customers decides, with log-in and one-time code left out and everything else as it is there. Beside the members below send the parameters of your authorization request, or `request_uri`. The history of the consent says what happened.',
    callers: ['apiKey'],
    parameters: [pathParameter('consent_id', 'A consent of a client of your organisation.', CONSENT_ID)],
    body: bodyOf(authorizeConsentRequestSchema, {
      customer: 'hazel',
      accounts: ['acc_1234567890'],
      decision: 'approve',
      redirect_uri: 'https://your-app.com/callback',
      response_type: 'code',
      scope: 'openid accounts transactions',
      state: 'af0ifjsldkj',
    }),
    answers: {
      200: {
        description: 'Where the customer’s browser would have been sent.',
        schema: authorizeConsentResponseSchema,
        example: { redirect_uri: 'https://your-app.com/callback?code=c.0123...&state=af0ifjsldkj' },
      },
    },
    errors: ['not_found', 'invalid_request_uri'],
    sandboxOnly: true,
  },
];
