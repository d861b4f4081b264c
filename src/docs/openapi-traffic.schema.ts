/** The request log and usage in the OpenAPI document. */
import { INSTANT_OR_DATE, type Operation, pathParameter } from '#docs/openapi-operation.schema.ts';
import { DEFAULT_LIMIT, MAXIMUM_LIMIT, METHODS } from '#traffic/request-query.ts';
import {
  loggedRequestSchema,
  requestListSchema,
  usageResponseSchema,
} from '#traffic/traffic-answer.schema.ts';
import { USAGE_PERIODS } from '#traffic/usage.ts';

const tag = 'Developer';
const callers = ['apiKey'] as const;

const REQUEST_ID = '6f8f2c4e-1a52-4f0e-9d5b-5f5f8f1f6b0a';
const CLIENT_ID = '0c5d9a34-6b4b-4a39-8f43-0c3f3a6f0e11';
const INSTANT_FORM = 'RFC 3339 with offset, or a date';

const request = {
  request_id: REQUEST_ID,
  at: '2026-11-22T15:35:00.117Z',
  method: 'GET',
  route: '/open-banking/v1/accounts/{account_id}/transactions',
  status: 403,
  code: 'permission_denied',
  duration_ms: 14,
  client_id: CLIENT_ID,
  credential: 'token 5b1f22c0',
};

const figures = { requests: 1204, errors: 31, p50_ms: 17.9, p95_ms: 45.2 };

const CLIENT_PARAMETER = {
  name: 'client_id',
  in: 'query',
  description: 'Only calls of this client.',
  schema: { type: 'string', format: 'uuid' },
} as const;

const FILTERS: NonNullable<Operation['parameters']> = [
  CLIENT_PARAMETER,
  {
    name: 'status',
    in: 'query',
    description: 'Only this status, or this class of them.',
    schema: { type: 'string', pattern: '^[1-5](\\d\\d|[Xx]{2})$' },
    example: '4xx',
  },
  {
    name: 'code',
    in: 'query',
    description: 'Only this error.',
    schema: { type: 'string', pattern: '^[a-z_]{1,60}$' },
  },
  {
    name: 'method',
    in: 'query',
    description: 'Only this method.',
    schema: { type: 'string', enum: [...METHODS] },
  },
  {
    name: 'route',
    in: 'query',
    description: 'Only this path, as this document writes it.',
    schema: { type: 'string' },
    example: '/open-banking/v1/accounts/{account_id}',
  },
  {
    name: 'request_id',
    in: 'query',
    description: 'Only calls with this id: there may be several, where your software used it again.',
    schema: { type: 'string', format: 'uuid' },
  },
  {
    name: 'from',
    in: 'query',
    description: `Earliest arrival, included: ${INSTANT_FORM}, which is its first moment (UTC).`,
    schema: INSTANT_OR_DATE,
  },
  {
    name: 'to',
    in: 'query',
    description: `Latest arrival, included: ${INSTANT_FORM}, which is its last moment (UTC).`,
    schema: INSTANT_OR_DATE,
  },
  {
    name: 'limit',
    in: 'query',
    description: 'Most calls a page has.',
    schema: { type: 'integer', minimum: 1, maximum: MAXIMUM_LIMIT, default: DEFAULT_LIMIT },
  },
  {
    name: 'cursor',
    in: 'query',
    description: 'From `links.next` or `links.prev`. It belongs to its filters.',
    schema: { type: 'string' },
  },
];

export const TRAFFIC_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/developer/v1/requests',
    operationId: 'listRequests',
    tag,
    summary: 'The request log',
    description:
      'Calls that your clients and API keys made, newest first: the last 30 days, at most the newest 10,000. A call is there a few seconds after its answer. Calls that prove no client (no token, an expired or broken one) are not, as nobody can say whose they were; looks into this log are left out too. Follow `links.next` until there is none: each call comes once. Needs the scope `requests`.',
    callers,
    parameters: FILTERS,
    answers: {
      200: {
        description: 'A page of calls.',
        schema: requestListSchema,
        example: { data: [request], links: { self: '/requests?status=4xx' } },
      },
    },
    errors: ['invalid_request', 'insufficient_scope'],
  },
  {
    method: 'get',
    path: '/developer/v1/requests/:request_id',
    operationId: 'getRequest',
    tag,
    summary: 'One call',
    description:
      'The newest call with this request id, which every answer of the API carries. Needs the scope `requests`.',
    callers,
    parameters: [pathParameter('request_id', 'The `x-fapi-interaction-id` of its answer.', REQUEST_ID)],
    answers: { 200: { description: 'The call.', schema: loggedRequestSchema, example: request } },
    errors: ['not_found', 'insufficient_scope'],
  },
  {
    method: 'get',
    path: '/developer/v1/usage',
    operationId: 'getUsage',
    tag,
    summary: 'Usage',
    description:
      'How much your organisation’s clients and API keys called, with which errors and how quickly they were answered. With `client_id` also what is left of that client’s rate limit now. Needs the scope `usage`.',
    callers,
    parameters: [
      {
        name: 'period',
        in: 'query',
        description: 'How far back, the running hour, quarter day or day included.',
        schema: { type: 'string', enum: [...USAGE_PERIODS], default: '24h' },
      },
      CLIENT_PARAMETER,
    ],
    answers: {
      200: {
        description: 'Usage in the period.',
        schema: usageResponseSchema,
        example: {
          period: '24h',
          from: '2026-11-21T16:00:00Z',
          to: '2026-11-22T16:00:00Z',
          total: { ...figures, busiest_minute: 61 },
          series: [{ from: '2026-11-21T16:00:00Z', ...figures, busiest_minute: 61 }],
          applications: [{ client_id: CLIENT_ID, ...figures, busiest_minute: 61 }],
          routes: [{ client_id: CLIENT_ID, method: 'GET', route: '/open-banking/v1/accounts', ...figures }],
          errors: [{ status: 429, code: 'rate_limit_exceeded', requests: 31 }],
        },
      },
    },
    errors: ['invalid_request', 'not_found', 'insufficient_scope'],
  },
];
