/** The calls about the service itself in the OpenAPI document. */
import * as v from 'valibot';
import type { Operation } from '#docs/openapi-operation.schema.ts';

const tag = 'Status';

export const STATUS_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/openapi.json',
    operationId: 'getOpenApiDocument',
    tag,
    summary: 'This document',
    description: 'OpenAPI 3.1. Any origin may read it.',
    callers: ['anybody'],
    answers: { 200: { description: 'The document.', schema: v.looseObject({ openapi: v.string() }) } },
    errors: [],
  },
];
