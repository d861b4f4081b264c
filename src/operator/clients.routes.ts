/** Commands on clients: find, suspend, resume, limit. */
import type { Context, Hono } from 'hono';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { readJson } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import { changeClientStatus, type StatusChange } from '#operator/change-client.flow.ts';
import { reasonBodySchema, renderClient } from '#operator/operator.schema.ts';
import { type OperatorEnv, requireOperator } from '#operator/require-operator.guard.ts';

async function changeStatus(c: Context<OperatorEnv>, to: StatusChange['to']): Promise<Response> {
  const body = await readJson(c, reasonBodySchema);
  if (!body.ok) return answerRefusal(c, body.refusal);
  const clientId = c.req.param('client_id') ?? '';
  const { scope, operator } = c.var;
  const changed = await changeClientStatus(scope, operator, { clientId, to, reason: body.value.reason });
  return changed.ok ? answerJson(c, renderClient(changed.value), 200) : answerRefusal(c, changed.refusal);
}

export function operatorClientsRoutes(): Hono<OperatorEnv> {
  const routes = makeRoutes<OperatorEnv>();
  routes.post('/operator/v1/clients/:client_id/suspend', requireOperator('write'), (c) =>
    changeStatus(c, 'suspended'),
  );
  routes.post('/operator/v1/clients/:client_id/resume', requireOperator('write'), (c) =>
    changeStatus(c, 'active'),
  );
  return routes;
}
