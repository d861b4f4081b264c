/** Registration in the OpenAPI document. */
import type { Operation } from '#docs/openapi-operation.schema.ts';

export const REGISTRATION_OPERATIONS: readonly Operation[] = [];
