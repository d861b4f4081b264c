/** The calls about the service itself in the OpenAPI document. */
import * as v from 'valibot';
import { ANY_ORIGIN, type Operation, queryParameters } from '#docs/openapi-operation.schema.ts';

const tag = 'Status';

const PART_STATES = ['usable', 'unavailable'] as const;

const statusSchema = v.pipe(
  v.object({
    status: v.picklist(PART_STATES),
    environment: v.picklist(['sandbox', 'production']),
    checked_at: v.string(),
    parts: v.record(v.string(), v.picklist(PART_STATES)),
  }),
  v.title('ServiceStatus'),
);

const percent = v.nullable(v.number());

const interfaceSchema = v.object({ requests: v.number(), mean_ttlb_ms: v.nullable(v.number()) });

const figuresSchema = v.pipe(
  v.object({
    generated_at: v.string(),
    days: v.array(
      v.object({
        date: v.string(),
        availability_percent: percent,
        downtime_percent: percent,
        down_seconds: v.number(),
        measured_seconds: v.number(),
        error_rate_percent: percent,
        requests: v.number(),
        errors: v.number(),
        ais: interfaceSchema,
        pis: interfaceSchema,
        cof: interfaceSchema,
      }),
    ),
  }),
  v.title('DailyFigures'),
);

const DAYS = queryParameters(
  v.object({
    from: v.optional(
      v.pipe(v.string(), v.isoDate(), v.description('First day (UTC); 30 days up to `to` unless given.')),
    ),
    to: v.optional(
      v.pipe(v.string(), v.isoDate(), v.description('Last day; at most 92. Today unless given.')),
    ),
  }),
);

export const STATUS_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/status',
    operationId: 'getStatus',
    tag,
    summary: 'Whether the service is usable',
    description: 'A page for browsers, JSON for everybody else.',
    callers: ['anybody'],
    answers: {
      200: {
        description: 'The service is usable.',
        schema: statusSchema,
        orPage: true,
        example: {
          status: 'usable',
          environment: 'sandbox',
          checked_at: '2026-11-22T15:35:00Z',
          parts: { database: 'usable', keys: 'usable' },
        },
      },
      503: {
        description: 'A part is unavailable.',
        schema: statusSchema,
        orPage: true,
        headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } },
      },
    },
    errors: [],
  },
  {
    method: 'get',
    path: '/metrics/open-banking',
    operationId: 'getDailyFigures',
    tag,
    summary: 'Availability and performance by day',
    description:
      'What regulators ask of an interface: how long it was up, the mean time to the last byte of account information (`ais`), payments (`pis`) and funds confirmations (`cof`), and the share of requests that failed by a fault of ours. A page for browsers, JSON for everybody else.',
    callers: ['anybody'],
    parameters: DAYS,
    answers: {
      200: {
        description: 'The days, oldest first. A figure of which nothing is known is null.',
        schema: figuresSchema,
        orPage: true,
        example: {
          generated_at: '2026-11-22T15:35:00Z',
          days: [
            {
              date: '2026-11-22',
              availability_percent: 100,
              downtime_percent: 0,
              down_seconds: 0,
              measured_seconds: 55_800,
              error_rate_percent: 0.002,
              requests: 41_230,
              errors: 1,
              ais: { requests: 30_110, mean_ttlb_ms: 21.4 },
              pis: { requests: 1_204, mean_ttlb_ms: 38 },
              cof: { requests: 0, mean_ttlb_ms: null },
            },
          ],
        },
      },
    },
    errors: ['invalid_request'],
  },
  {
    method: 'get',
    path: '/metrics/open-banking.csv',
    operationId: 'getDailyFiguresAsCsv',
    tag,
    summary: 'The same as CSV',
    description: 'One line a day under a line of names.',
    callers: ['anybody'],
    parameters: DAYS,
    answers: {
      200: {
        description: 'The days, oldest first. A figure of which nothing is known is empty.',
        schema: v.pipe(v.string(), v.title('DailyFiguresCsv')),
        media: 'text/csv',
        headers: {
          'Content-Disposition': {
            description: 'The name of the file for who saves it.',
            schema: { type: 'string' },
          },
        },
      },
    },
    errors: ['invalid_request'],
  },
  {
    method: 'get',
    path: '/openapi.json',
    operationId: 'getOpenApiDocument',
    tag,
    summary: 'This document',
    description: 'OpenAPI 3.1. Any origin may read it.',
    callers: ['anybody'],
    answers: {
      200: {
        description: 'The document.',
        schema: v.pipe(v.looseObject({ openapi: v.string() }), v.title('ApiDocument')),
        headers: ANY_ORIGIN,
      },
    },
    errors: [],
  },
];
