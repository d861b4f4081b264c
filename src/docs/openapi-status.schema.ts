/** The calls about the service itself in the OpenAPI document. */
import * as v from 'valibot';
import type { Operation } from '#docs/openapi-operation.schema.ts';

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
      },
    },
    errors: [],
  },
];
