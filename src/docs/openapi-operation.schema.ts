/** One operation of the OpenAPI document: what is said of it here, and what follows from that. */

import { toJsonSchema } from '@valibot/to-json-schema';
import type { DescribeRouteOptions, ResponsesWithResolver } from 'hono-openapi';
import { resolver } from 'hono-openapi';
import type * as v from 'valibot';
import {
  errorExampleRef,
  errorSchema,
  headerRefs,
  oauthErrorSchema,
  parameterRef,
} from '#docs/openapi-parts.schema.ts';
import { isOAuthPath, statusOf } from '#edge/answers.ts';
import { ERROR_GUIDE } from '#kernel/error-guide.ts';
import type { ErrorCode } from '#kernel/errors.ts';

type Parameters = NonNullable<DescribeRouteOptions['parameters']>;
type Headers = Record<string, { description: string; schema: object; required?: boolean } | { $ref: string }>;

/** Who calls: the name of a security scheme, or nobody in particular. */
export type Caller =
  | 'clientToken'
  | 'consentToken'
  | 'apiKey'
  | 'registrationToken'
  | 'clientAssertion'
  | 'anybody';

export interface Answer {
  readonly description: string;
  readonly schema?: v.GenericSchema;
  readonly example?: unknown;
  /** Headers beside those that every answer carries. */
  readonly headers?: Headers;
  readonly media?: string;
  /** Whether a browser gets a page instead. */
  readonly orPage?: boolean;
}

export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As Hono writes it: `/register/:client_id`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** The callers that may, each enough by itself. */
  readonly callers: readonly Caller[];
  readonly parameters?: Parameters;
  readonly body?: { readonly content: RequestContent };
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes of this operation beside those of its callers and its body. */
  readonly errors: readonly ErrorCode[];
  /** Only where the environment is a sandbox. */
  readonly sandboxOnly?: boolean;
  /** Its answers are pages, its errors too: none has the API's form. */
  readonly isPage?: boolean;
  /** The consent is what is read: neither X-Consent-ID nor its state matters. */
  readonly readsConsentAnyway?: boolean;
}

type RequestContent = Extract<
  NonNullable<DescribeRouteOptions['requestBody']>,
  { content: unknown }
>['content'];

/** Errors any call can meet. */
const ALWAYS = ['rate_limit_exceeded', 'internal_error', 'service_unavailable'] as const;
const WITH_BODY = ['payload_too_large', 'unsupported_media_type', 'invalid_request'] as const;
const OF_CALLER: Readonly<Record<Caller, readonly ErrorCode[]>> = {
  clientToken: ['invalid_token', 'insufficient_scope'],
  consentToken: [
    'invalid_token',
    'insufficient_scope',
    'missing_consent',
    'invalid_consent',
    'wrong_consent_type',
    'consent_expired',
    'consent_revoked',
  ],
  apiKey: ['invalid_api_key', 'wrong_environment', 'ip_not_allowed', 'insufficient_scope'],
  registrationToken: ['invalid_token'],
  clientAssertion: ['invalid_request', 'invalid_client'],
  anybody: [],
};
/** Callers that prove a client, whose window then stands in the answer. */
const PROVEN: ReadonlySet<Caller> = new Set(['clientToken', 'consentToken', 'clientAssertion'] as const);

/** What lets a page of any origin read the answer. */
export const ANY_ORIGIN = {
  'Access-Control-Allow-Origin': {
    description: 'Pages of any origin may read this answer.',
    required: true,
    schema: { type: 'string', enum: ['*'] },
  },
} as const;

/** An RFC 3339 time with offset, or a date, as parameters take them. */
export const INSTANT_OR_DATE = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}([Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2}))?$',
} as const;

export function pathParameter(name: string, description: string, example: string): Parameters[number] {
  return { name, in: 'path', required: true, description, schema: { type: 'string' }, example };
}

/** Each entry of an object schema as a query parameter. */
export function queryParameters(schema: v.ObjectSchema<v.ObjectEntries, undefined>): Parameters {
  const { properties = {}, required = [] } = toJsonSchema(schema, { typeMode: 'input' });
  const parameters: Parameters = [];
  for (const [name, property] of Object.entries(properties)) {
    const { description = '', ...rest } = property as { description?: string };
    parameters.push({ name, in: 'query', required: required.includes(name), description, schema: rest });
  }
  return parameters;
}

function errorAnswer(
  status: number,
  codes: readonly ErrorCode[],
  path: string,
): Answer & { content: object } {
  const isOAuth = isOAuthPath(path);
  return {
    description: codes.map((code) => `\`${code}\`: ${ERROR_GUIDE[code].when}`).join('\n\n'),
    headers: {
      ...(status === 401 || codes.includes('insufficient_scope') ? headerRefs('WWW-Authenticate') : {}),
      ...(status === 429 || status === 503 ? headerRefs('Retry-After') : {}),
    },
    content: {
      'application/json': {
        schema: resolver(isOAuth ? oauthErrorSchema : errorSchema),
        examples: Object.fromEntries(codes.map((code) => [code, errorExampleRef(code, isOAuth)])),
      },
    },
  };
}

function contentOf({ schema, example, media = 'application/json', orPage = false }: Answer): object {
  if (schema === undefined) return {};
  return {
    content: {
      [media]: { schema: resolver(schema), ...(example === undefined ? {} : { example }) },
      ...(orPage ? { 'text/html': { schema: { type: 'string' } } } : {}),
    },
  };
}

function callerErrors({ callers, readsConsentAnyway }: Operation): readonly ErrorCode[] {
  return readsConsentAnyway === true ? OF_CALLER.clientToken : callers.flatMap((caller) => OF_CALLER[caller]);
}

function errorsOf(operation: Operation): Map<number, ErrorCode[]> {
  if (operation.isPage === true) return new Map();
  const codes = new Set<ErrorCode>([
    ...callerErrors(operation),
    ...(operation.body === undefined ? [] : WITH_BODY),
    ...operation.errors,
    ...ALWAYS,
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const status = statusOf({ code, reason: '' }, operation.path);
    // An answer described by hand says what the status means here.
    if (status in operation.answers) continue;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

/** A request body; every body of this API is required. `others` are further media types it may come in. */
export function bodyOf(
  schema: v.GenericSchema,
  example: unknown,
  { media = 'application/json', others = {} }: { media?: string; others?: RequestContent } = {},
): NonNullable<Operation['body']> {
  return { content: { [media]: { schema: resolver(schema), example }, ...others } };
}

/** An operation as hono-openapi takes it. */
export function describeOperation(operation: Operation): DescribeRouteOptions {
  const needsConsent = operation.callers.includes('consentToken') && operation.readsConsentAnyway !== true;
  const always = {
    ...headerRefs('x-fapi-interaction-id'),
    ...(operation.callers.some((caller) => PROVEN.has(caller))
      ? headerRefs('RateLimit-Policy', 'RateLimit')
      : {}),
  };
  const responses: Record<string, object> = {};
  for (const [status, answer] of Object.entries(operation.answers)) {
    responses[status] = {
      description: answer.description,
      headers: { ...always, ...answer.headers },
      ...contentOf(answer),
    };
  }
  for (const [status, codes] of errorsOf(operation)) {
    const { description, headers, content } = errorAnswer(status, codes, operation.path);
    responses[status] = { description, headers: { ...always, ...headers }, content };
  }
  return {
    operationId: operation.operationId,
    tags: [operation.tag],
    summary: operation.summary,
    description: operation.description,
    security: operation.callers.map((caller) => (caller === 'anybody' ? {} : { [caller]: [] })),
    parameters: [
      ...(needsConsent ? [parameterRef('ConsentId')] : []),
      ...(operation.parameters ?? []),
      parameterRef('InteractionId'),
    ],
    ...(operation.body === undefined ? {} : { requestBody: { required: true, ...operation.body } }),
    responses: responses as ResponsesWithResolver,
  };
}
