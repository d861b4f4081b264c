/** Beginning the sandbox again: new customers and accounts, no consents. */
import type { Hono } from 'hono';
import { keyLabelOf } from '#clients/api-key.ts';
import { type ApiKeyEnv, requireApiKey } from '#clients/require-api-key.guard.ts';
import { answerJson } from '#edge/answers.ts';
import { makeRoutes } from '#edge/routes.ts';
import { resetSandbox } from '#sandbox/reset.flow.ts';
import { renderReset } from '#sandbox/reset.schema.ts';

export function resetRoutes(): Hono<ApiKeyEnv> {
  const routes = makeRoutes<ApiKeyEnv>();
  routes.post('/sandbox/reset', requireApiKey({ scope: 'sandbox', window: 'reset' }), async (c) => {
    const { scope, organisation, apiKey } = c.var;
    const { organisationId } = organisation;
    const doer = { organisationId, actorId: apiKey.keyId, actor: keyLabelOf(apiKey) };
    const reset = await resetSandbox(scope, doer);
    return answerJson(c, renderReset(reset, scope.now), 200);
  });
  return routes;
}
