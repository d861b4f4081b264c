/** The made OpenAPI document is a valid one, and says of each operation what a caller needs. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

interface Described {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly security?: object[];
  readonly requestBody?: { readonly required?: boolean };
  readonly responses: Record<string, { readonly description: string; readonly headers: object }>;
}

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'scripts/prepare.mjs'), '--files-only'], { cwd: ROOT });
});

function readDocument(environment: string): Record<string, unknown> {
  const file = join(ROOT, 'public/generated', `openapi-${environment}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

function operationsOf(document: Record<string, unknown>): Described[] {
  const paths = document['paths'] as Record<string, Record<string, Described>>;
  return Object.values(paths).flatMap((methods) => Object.values(methods));
}

describe.each(['sandbox', 'production'] as const)('the document of %s', (environment) => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const result = await new Validator().validate(readDocument(environment));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it('describes each operation', () => {
    const operations = operationsOf(readDocument(environment));
    const ids = operations.map((operation) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operationId, summary, description, security, requestBody, responses } of operations) {
      expect({ operationId, summary, description }).toEqual({
        operationId,
        summary: expect.stringMatching(/./),
        description: expect.stringMatching(/\.$/),
      });
      expect(security?.length).toBeGreaterThan(0);
      if (requestBody !== undefined) expect(requestBody.required).toBe(true);
      for (const response of Object.values(responses)) {
        expect(response.headers).toHaveProperty('x-fapi-interaction-id');
      }
    }
  });
});

it('leaves out of production what only the sandbox has', () => {
  const paths = Object.keys(readDocument('production')['paths'] as object);
  expect(paths.filter((path) => path.startsWith('/sandbox'))).toEqual([]);
});
