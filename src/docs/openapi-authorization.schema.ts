/** The authorization server in the OpenAPI document. */
import type { Operation } from '#docs/openapi-operation.schema.ts';

export const AUTHORIZATION_OPERATIONS: readonly Operation[] = [];
