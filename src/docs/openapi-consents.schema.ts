/** Consents in the OpenAPI document. */
import type { Operation } from '#docs/openapi-operation.schema.ts';

export const CONSENT_OPERATIONS: readonly Operation[] = [];
