/** Account information in the OpenAPI document. */
import type { Operation } from '#docs/openapi-operation.schema.ts';

export const ACCOUNT_OPERATIONS: readonly Operation[] = [];
