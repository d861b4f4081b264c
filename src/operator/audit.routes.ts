/** The audit as operators read and verify it, and what became of one request. */
import type { Hono } from 'hono';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { parseBy } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import { renderAction, renderRequestFound } from '#operator/answer.schema.ts';
import { answerResult } from '#operator/answer-result.ts';
import { findRequestFor } from '#operator/find.flow.ts';
import { auditQuerySchema } from '#operator/operator.schema.ts';
import { readAudit } from '#operator/read-audit.flow.ts';
import { type OperatorEnv, requireOperator } from '#operator/require-operator.guard.ts';

export function auditRoutes(): Hono<OperatorEnv> {
  const routes = makeRoutes<OperatorEnv>();
  routes.get('/operator/v1/audit', requireOperator('read'), async (c) => {
    const query = parseBy(auditQuerySchema, c.req.query());
    if (!query.ok) return answerRefusal(c, query.refusal);
    const { request_id: requestId, ...rest } = query.value;
    const rows = await readAudit(c.var.scope, { ...rest, requestId });
    return answerJson(c, { actions: rows.map(renderAction) }, 200);
  });
  routes.get('/operator/v1/requests/:request_id', requireOperator('read'), async (c) => {
    const { scope, operator } = c.var;
    return answerResult(
      c,
      await findRequestFor(scope, operator, c.req.param('request_id')),
      renderRequestFound,
    );
  });
  return routes;
}
