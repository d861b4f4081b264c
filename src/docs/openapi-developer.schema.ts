/** What API keys open beside the sandbox, in the OpenAPI document. */
import type { Operation } from '#docs/openapi-operation.schema.ts';
import { apiKeySchema } from '#portal/api-key.schema.ts';

const tag = 'Developer';

export const DEVELOPER_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/developer/v1/api-key',
    operationId: 'getOwnApiKey',
    tag,
    summary: 'What this API key is',
    description:
      'Whose the key is, what it opens, from where, and until when. Needs no scope. The key itself is never told.',
    callers: ['apiKey'],
    answers: {
      200: {
        description: 'The key that was sent.',
        schema: apiKeySchema(),
        example: {
          key_id: 'key_9fJ2mQx0Zt7cW1bK4sVhLr',
          name: 'Build server',
          prefix: 'sk_sandbox_',
          last_four: 'a1B2',
          environment: 'sandbox',
          organisation: { org_id: 'acornfinance', name: 'Acorn Finance' },
          scopes: ['sandbox', 'requests', 'usage'],
          allowed_ips: ['203.0.113.0/24'],
          status: 'active',
          created_at: '2026-11-22T15:35:00Z',
          expires_at: '2027-02-20T15:35:00Z',
          last_used_at: '2026-11-22T15:41:00Z',
        },
      },
    },
    errors: [],
  },
  {
    method: 'delete',
    path: '/developer/v1/api-key',
    operationId: 'revokeOwnApiKey',
    tag,
    summary: 'Revoke this API key',
    description:
      'For a key that got out: it ends itself, everywhere, from the next call on. Needs no scope. A key can do nothing to other keys; those are made, rolled and revoked in the dashboard.',
    callers: ['apiKey'],
    answers: { 204: { description: 'The key has ended.' } },
    errors: ['conflict'],
  },
];
