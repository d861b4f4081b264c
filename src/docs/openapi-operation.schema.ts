/** The parts each operation of the OpenAPI document is made of: parameters, headers, bodies, answers and errors. */
import type { DescribeRouteOptions, ResponsesWithResolver } from 'hono-openapi';
import { resolver } from 'hono-openapi';
import * as v from 'valibot';
import { isOAuthPath, statusOf } from '#edge/answers.ts';
import { ERRORS, type ErrorCode } from '#kernel/errors.ts';

type Parameters = NonNullable<DescribeRouteOptions['parameters']>;
type Headers = Record<string, { description: string; schema: object; required?: boolean }>;

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
  readonly body?: { readonly content: DescribeRouteContent };
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes of this operation beside those of its callers and its body. */
  readonly errors: readonly ErrorCode[];
  /** Only where the environment is a sandbox. */
  readonly sandboxOnly?: boolean;
}

type DescribeRouteContent = Extract<
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
    'permission_denied',
  ],
  apiKey: ['invalid_api_key', 'wrong_environment'],
  registrationToken: ['invalid_token'],
  clientAssertion: ['invalid_request', 'invalid_client'],
  anybody: [],
};
/** Callers that prove a client, whose window then stands in the answer. */
const PROVEN: ReadonlySet<Caller> = new Set(['clientToken', 'consentToken', 'clientAssertion'] as const);

const fieldErrorSchema = v.object({
  field: v.pipe(v.string(), v.description('Path of the member, for example `permissions.0`.')),
  code: v.string(),
  message: v.string(),
});

const errorMembers = {
  code: v.pipe(v.string(), v.description('Stable; decide by this.')),
  message: v.pipe(v.string(), v.description('For people; may change.')),
  request_id: v.pipe(v.string(), v.description('The `x-fapi-interaction-id` of the answer.')),
  errors: v.optional(v.array(fieldErrorSchema)),
};

/** Every error of the API. */
export const errorSchema = v.pipe(v.object(errorMembers), v.title('Error'));

/** Errors of `/oauth` and `/register` add OAuth's own two members (RFC 6749 section 5.2). */
export const oauthErrorSchema = v.pipe(
  v.object({
    error: v.pipe(v.string(), v.description('The same as `code`.')),
    error_description: v.pipe(v.string(), v.description('The same as `message`.')),
    ...errorMembers,
  }),
  v.title('OAuthError'),
);

export const INTERACTION_ID_PARAMETER = {
  name: 'x-fapi-interaction-id',
  in: 'header',
  description:
    'A UUID of yours that the answer repeats; without one, or with another text, the bank makes one.',
  schema: { type: 'string', format: 'uuid' },
} as const;

export const CONSENT_PARAMETER = {
  name: 'X-Consent-ID',
  in: 'header',
  required: true,
  description: 'The `consent_id` that came with the access token.',
  schema: { type: 'string' },
} as const;

export function pathParameter(name: string, description: string, example: string): Parameters[number] {
  return { name, in: 'path', required: true, description, schema: { type: 'string' }, example };
}

const INTERACTION_ID_HEADER = {
  'x-fapi-interaction-id': {
    description: 'Names this exchange, in our logs too.',
    required: true,
    schema: { type: 'string', format: 'uuid' },
  },
} as const;

const RATE_HEADERS = {
  'RateLimit-Policy': {
    description: 'The limit: `q` requests in `w` seconds.',
    schema: { type: 'string', examples: ['"default";q=100;w=60'] },
  },
  RateLimit: {
    description: 'What is left: `r` requests, `t` seconds until the window ends.',
    schema: { type: 'string', examples: ['"default";r=99;t=60'] },
  },
} as const;

const RETRY_AFTER_HEADER = {
  'Retry-After': { description: 'Seconds to wait.', required: true, schema: { type: 'integer', minimum: 1 } },
} as const;

const CHALLENGE_HEADER = {
  'WWW-Authenticate': { description: 'RFC 6750 section 3.', required: true, schema: { type: 'string' } },
} as const;

const REQUEST_ID = '6f8f2c4e-1a52-4f0e-9d5b-5f5f8f1f6b0a';

function errorExample(code: ErrorCode, oauth: boolean): object {
  const { message } = ERRORS[code];
  return {
    ...(oauth ? { error: code, error_description: message } : {}),
    code,
    message,
    request_id: REQUEST_ID,
  };
}

function errorAnswer(
  status: number,
  codes: readonly ErrorCode[],
  path: string,
): Answer & { content: object } {
  const oauth = isOAuthPath(path);
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].when}`).join('\n\n'),
    headers: {
      ...(status === 401 || codes.includes('insufficient_scope') ? CHALLENGE_HEADER : {}),
      ...(status === 429 || status === 503 ? RETRY_AFTER_HEADER : {}),
    },
    content: {
      'application/json': {
        schema: resolver(oauth ? oauthErrorSchema : errorSchema),
        examples: Object.fromEntries(codes.map((code) => [code, { value: errorExample(code, oauth) }])),
      },
    },
  };
}

function contentOf({ schema, example, media = 'application/json' }: Answer): object {
  if (schema === undefined) return {};
  return {
    content: { [media]: { schema: resolver(schema), ...(example === undefined ? {} : { example }) } },
  };
}

function errorsOf(operation: Operation): Map<number, ErrorCode[]> {
  const codes = new Set<ErrorCode>([
    ...operation.callers.flatMap((caller) => OF_CALLER[caller]),
    ...(operation.body === undefined ? [] : WITH_BODY),
    ...operation.errors,
    ...ALWAYS,
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const status = statusOf({ code, reason: '' }, operation.path);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

/** The codes an operation documents. */
export function documentedErrors(operation: Operation): readonly ErrorCode[] {
  return [...errorsOf(operation).values()].flat();
}

/** A request body of one media type; every body of this API is required. */
export function bodyOf(
  schema: v.GenericSchema,
  example: unknown,
  media = 'application/json',
): NonNullable<Operation['body']> {
  return { content: { [media]: { schema: resolver(schema), example } } };
}

/** An operation as hono-openapi takes it. */
export function describeOperation(operation: Operation): DescribeRouteOptions {
  const always = {
    ...INTERACTION_ID_HEADER,
    ...(operation.callers.some((caller) => PROVEN.has(caller)) ? RATE_HEADERS : {}),
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
      ...(operation.callers.includes('consentToken') ? [CONSENT_PARAMETER] : []),
      ...(operation.parameters ?? []),
      INTERACTION_ID_PARAMETER,
    ],
    ...(operation.body === undefined ? {} : { requestBody: { required: true, ...operation.body } }),
    responses: responses as ResponsesWithResolver,
  };
}
