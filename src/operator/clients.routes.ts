/** Commands on clients: find, suspend, resume, limit. */
import type { Context, Hono } from 'hono';
import { answerRefusal } from '#edge/answers.ts';
import { readJson } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import { renderClient, renderClientFound } from '#operator/answer.schema.ts';
import { answerResult } from '#operator/answer-result.ts';
import { changeClientStatus, type StatusChange } from '#operator/change-client.flow.ts';
import { findClientFor } from '#operator/find.flow.ts';
import { limitClient } from '#operator/limit-client.flow.ts';
import { limitBodySchema, reasonBodySchema } from '#operator/operator.schema.ts';
import { type OperatorEnv, requireOperator } from '#operator/require-operator.guard.ts';

async function changeStatus(c: Context<OperatorEnv>, to: StatusChange['to']): Promise<Response> {
  const body = await readJson(c, reasonBodySchema);
  if (!body.ok) return answerRefusal(c, body.refusal);
  const clientId = c.req.param('client_id') ?? '';
  const { scope, operator } = c.var;
  const changed = await changeClientStatus(scope, operator, { clientId, to, ...body.value });
  return answerResult(c, changed, renderClient);
}

export function operatorClientsRoutes(): Hono<OperatorEnv> {
  const routes = makeRoutes<OperatorEnv>();
  routes.get('/operator/v1/clients/:client_id', requireOperator('read'), async (c) => {
    const { scope, operator } = c.var;
    return answerResult(c, await findClientFor(scope, operator, c.req.param('client_id')), renderClientFound);
  });
  routes.post('/operator/v1/clients/:client_id/suspend', requireOperator('write'), (c) =>
    changeStatus(c, 'suspended'),
  );
  routes.post('/operator/v1/clients/:client_id/resume', requireOperator('write'), (c) =>
    changeStatus(c, 'active'),
  );
  routes.put('/operator/v1/clients/:client_id/limit', requireOperator('write'), async (c) => {
    const body = await readJson(c, limitBodySchema);
    if (!body.ok) return answerRefusal(c, body.refusal);
    const { requests_per_minute: limit, reason } = body.value;
    const { scope, operator } = c.var;
    const command = { clientId: c.req.param('client_id'), limit, reason };
    return answerResult(c, await limitClient(scope, operator, command), renderClientFound);
  });
  return routes;
}
