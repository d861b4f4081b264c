/**
 * The OpenAPI document, made from the schemas that validate. It is made when the static files are, not by the Worker:
 * nothing in the Worker imports this file. Source: OpenAPI 3.1.
 */
import { Hono } from 'hono/tiny';
import { describeRoute, generateSpecs } from 'hono-openapi';
import { WRITTEN_BASE_URL } from '#docs/documents.ts';
import { ACCOUNT_OPERATIONS } from '#docs/openapi-accounts.schema.ts';
import { AUTHORIZATION_OPERATIONS } from '#docs/openapi-authorization.schema.ts';
import { CONSENT_OPERATIONS } from '#docs/openapi-consents.schema.ts';
import { DEVELOPER_OPERATIONS } from '#docs/openapi-developer.schema.ts';
import { FUNDS_OPERATIONS } from '#docs/openapi-funds.schema.ts';
import { describeOperation, type Operation } from '#docs/openapi-operation.schema.ts';
import { SHARED_COMPONENTS } from '#docs/openapi-parts.schema.ts';
import { PAYMENT_OPERATIONS } from '#docs/openapi-payments.schema.ts';
import { REGISTRATION_OPERATIONS } from '#docs/openapi-registration.schema.ts';
import { SANDBOX_OPERATIONS } from '#docs/openapi-sandbox.schema.ts';
import { STATUS_OPERATIONS } from '#docs/openapi-status.schema.ts';
import { tidyDocument } from '#docs/openapi-tidy.schema.ts';
import { TRAFFIC_OPERATIONS } from '#docs/openapi-traffic.schema.ts';
import type { Environment } from '#edge/settings.ts';

/** Every operation of the API, in the order of the guide. */
const OPERATIONS: readonly Operation[] = [
  ...REGISTRATION_OPERATIONS,
  ...AUTHORIZATION_OPERATIONS,
  ...CONSENT_OPERATIONS,
  ...ACCOUNT_OPERATIONS,
  ...PAYMENT_OPERATIONS,
  ...FUNDS_OPERATIONS,
  ...DEVELOPER_OPERATIONS,
  ...TRAFFIC_OPERATIONS,
  ...SANDBOX_OPERATIONS,
  ...STATUS_OPERATIONS,
];

const TAGS = [
  {
    name: 'Registration',
    description: 'Register your software and manage the registration (RFC 7591, RFC 7592).',
  },
  { name: 'Authorization', description: 'Discovery, pushed requests, the customer’s pages and tokens.' },
  { name: 'Consents', description: 'Ask for access, look at it, end it.' },
  {
    name: 'Account information',
    description: 'Accounts, balances and transactions of a customer who consented.',
  },
  { name: 'Payments', description: 'Payments that a customer approved, at home and abroad.' },
  { name: 'Confirmation of funds', description: 'Whether an account holds enough: yes or no.' },
  {
    name: 'Developer',
    description: 'What your own programs may know of your organisation, with an API key.',
  },
  { name: 'Sandbox', description: 'Software statements, and a stand-in for the customer’s pages.' },
  { name: 'Status', description: 'Whether the service is up, and this document.' },
];

const SECURITY_SCHEMES = {
  clientToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token of the client itself: grant type `client_credentials`, scope `consents`.',
  },
  consentToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token of a consent: grant type `authorization_code` or `refresh_token`.',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'sk_sandbox_...',
    description:
      'An API key of your organisation, of the scope that the call needs: `sk_sandbox_...`, in production `sk_live_...`. The dashboard makes them; `npm start` prints the local sandbox key.',
  },
  registrationToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'reg_token_...',
    description: 'The `registration_access_token` of the registration (RFC 7592).',
  },
  clientAssertion: {
    type: 'openIdConnect',
    openIdConnectUrl: `${WRITTEN_BASE_URL}/.well-known/openid-configuration`,
    description:
      'private_key_jwt (RFC 7523): `client_assertion_type` and `client_assertion` in the form. The assertion is a JWT signed by a registered key with iss = sub = client_id, aud = the issuer or the URL called, a new jti, and exp a few minutes ahead.',
  },
} as const;

/** The document of an environment, with the written address for its issuer. */
export async function makeDocument(environment: Environment): Promise<Record<string, unknown>> {
  const operations = OPERATIONS.filter(
    ({ sandboxOnly }) => environment === 'sandbox' || sandboxOnly !== true,
  );
  const described = new Hono();
  for (const operation of operations) {
    described.on(operation.method.toUpperCase(), operation.path, describeRoute(describeOperation(operation)));
  }
  const used = new Set(operations.map((operation) => operation.tag));
  const schemes = new Set(operations.flatMap((operation) => operation.callers as readonly string[]));
  const document = await generateSpecs(described, {
    excludeStaticFile: false,
    documentation: {
      info: {
        title: 'Hamster Bank Open Banking API',
        version: '1.0.0',
        description:
          'Account information, payments and confirmation of funds for registered third-party providers, with the consent of the customer. Begin with [Getting started](/docs/getting-started).',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: WRITTEN_BASE_URL, description: environment }],
      tags: TAGS.filter(({ name }) => used.has(name)),
      components: {
        ...SHARED_COMPONENTS,
        securitySchemes: Object.fromEntries(
          Object.entries(SECURITY_SCHEMES).filter(([name]) => schemes.has(name)),
        ),
      },
    },
  });
  return tidyDocument(document);
}
