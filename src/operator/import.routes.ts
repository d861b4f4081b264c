/** Customers and accounts brought in by lines of JSON. */
import type { Hono } from 'hono';
import { answerRefusal } from '#edge/answers.ts';
import { readText } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import { refuse } from '#kernel/result.ts';
import { answerResult } from '#operator/answer-result.ts';
import { importLines } from '#operator/import.flow.ts';
import { parseImport } from '#operator/import.schema.ts';
import { type OperatorEnv, requireOperator } from '#operator/require-operator.guard.ts';

export function importRoutes(): Hono<OperatorEnv> {
  const routes = makeRoutes<OperatorEnv>();
  routes.post('/operator/v1/imports', requireOperator('write'), async (c) => {
    const text = await readText(c, ['application/x-ndjson']);
    if (!text.ok) return answerRefusal(c, text.refusal);
    const lines = parseImport(text.value);
    if ('faults' in lines) {
      const message = 'Lines are not as they have to be; nothing was imported.';
      return answerRefusal(
        c,
        refuse('invalid_request', 'import lines', { message, errors: lines.faults }).refusal,
      );
    }
    const { scope, operator } = c.var;
    return answerResult(c, await importLines(scope, operator, lines.value), (imported) => imported);
  });
  return routes;
}
