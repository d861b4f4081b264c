/** Registration in the OpenAPI document. */
import * as v from 'valibot';
import { bodyOf, type Operation, pathParameter } from '#docs/openapi-operation.schema.ts';
import type { ErrorCode } from '#kernel/errors.ts';
import {
  clientMetadataSchema,
  registrationRequestSchema,
  registrationResponseSchema,
} from '#registration/registration.schema.ts';

const tag = 'Registration';

const CLIENT_ID = '550e8400-e29b-41d4-a716-446655440000';
const CALLBACK = 'https://your-app.com/callback';

/** The request as the published guide has it. */
const REQUEST_EXAMPLE = {
  software_statement: '<your-ssa-jwt>',
  redirect_uris: [CALLBACK],
  token_endpoint_auth_method: 'private_key_jwt',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
};

const ANSWER_EXAMPLE = {
  client_id: CLIENT_ID,
  client_id_issued_at: 1702512000,
  registration_access_token: 'reg_token_...',
  registration_client_uri: `http://localhost:8787/register/${CLIENT_ID}`,
  redirect_uris: [CALLBACK],
  scope: 'openid accounts transactions',
  token_endpoint_auth_method: 'private_key_jwt',
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  response_types: ['code'],
  software_statement: '<your-ssa-jwt>',
};

const METADATA_ERRORS: readonly ErrorCode[] = [
  'invalid_software_statement',
  'unapproved_software_statement',
  'invalid_redirect_uri',
  'invalid_client_metadata',
];

const registration = v.pipe(registrationResponseSchema, v.title('ClientRegistration'));
const replacementSchema = v.object({
  client_id: v.optional(v.pipe(v.string(), v.description('Where sent, it must be the client’s.'))),
  software_statement: v.optional(
    v.pipe(v.string(), v.description('Where left out, the one in force stays.')),
  ),
  ...clientMetadataSchema.entries,
});

/** A signed body holds the same members as claims, besides `iss`, `aud`, `exp` and `jti`. */
const signedBody = {
  schema: {
    type: 'string',
    description:
      'A JWT with the same members as claims, signed with a key of the software statement: iss = software id, aud = the issuer or the URL called, exp, a new jti.',
  },
} as const;
const SIGNED_BODY = { 'application/jwt': signedBody, 'application/jose': signedBody } as const;

const clientIdParameter = pathParameter('client_id', 'The client of the registration.', CLIENT_ID);

export const REGISTRATION_OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/register',
    operationId: 'registerClient',
    tag,
    summary: 'Register a client',
    description:
      'Registers your software with its software statement (RFC 7591). `client_credentials` is added to the grant types when absent, and the scope is what the roles of the software allow unless you ask for less. Keep `registration_access_token`: it manages the registration. Members this bank does not know are ignored; members of features it does not have are refused.',
    callers: ['anybody'],
    body: bodyOf(registrationRequestSchema, REQUEST_EXAMPLE, { others: SIGNED_BODY }),
    answers: {
      201: {
        description: 'The registration, with every member registered.',
        schema: registration,
        example: ANSWER_EXAMPLE,
      },
    },
    errors: [...METADATA_ERRORS, 'conflict'],
  },
  {
    method: 'get',
    path: '/register/:client_id',
    operationId: 'readRegistration',
    tag,
    summary: 'Read a registration',
    description: 'The registration as it stands (RFC 7592 section 2.1).',
    callers: ['registrationToken', 'clientToken'],
    parameters: [clientIdParameter],
    answers: {
      200: { description: 'The registration.', schema: registration, example: ANSWER_EXAMPLE },
    },
    errors: [],
  },
  {
    method: 'put',
    path: '/register/:client_id',
    operationId: 'replaceRegistration',
    tag,
    summary: 'Replace a registration',
    description:
      'Replaces the whole registration (RFC 7592 section 2.2): members left out return to their defaults. It may not leave what the software statement allows.',
    callers: ['registrationToken', 'clientToken'],
    parameters: [clientIdParameter],
    body: bodyOf(replacementSchema, { ...REQUEST_EXAMPLE, client_id: CLIENT_ID }, { others: SIGNED_BODY }),
    answers: {
      200: { description: 'The registration as it is now.', schema: registration, example: ANSWER_EXAMPLE },
    },
    errors: [...METADATA_ERRORS, 'conflict'],
  },
  {
    method: 'delete',
    path: '/register/:client_id',
    operationId: 'deleteRegistration',
    tag,
    summary: 'End a client',
    description:
      'Ends the client and its consents (RFC 7592 section 2.3). From the next request on everything of it is refused.',
    callers: ['registrationToken', 'clientToken'],
    parameters: [clientIdParameter],
    answers: { 204: { description: 'The client has ended.' } },
    errors: [],
  },
];
