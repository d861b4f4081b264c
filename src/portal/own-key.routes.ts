/** What an API key may ask about keys: what it is itself, and to end itself. */
import type { Hono } from 'hono';
import { keyLabelOf } from '#clients/api-key.ts';
import { type ApiKeyEnv, requireApiKey } from '#clients/require-api-key.guard.ts';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { makeRoutes } from '#edge/routes.ts';
import { refuse } from '#kernel/result.ts';
import { renderApiKey } from '#portal/api-key.schema.ts';
import { revokeApiKey } from '#portal/api-keys.flow.ts';

export function ownKeyRoutes(): Hono<ApiKeyEnv> {
  const routes = makeRoutes<ApiKeyEnv>();

  routes.get('/developer/v1/api-key', requireApiKey({ scope: 'any' }), (c) =>
    answerJson(c, renderApiKey(c.var.apiKey, c.var.organisation, c.var.scope.now), 200),
  );

  routes.delete('/developer/v1/api-key', requireApiKey({ scope: 'any' }), async (c) => {
    const { scope, apiKey } = c.var;
    const { organisationId, keyId } = apiKey;
    const doer = { organisationId, actorId: keyId, actor: keyLabelOf(apiKey) };
    const revoked = await revokeApiKey(scope, doer, keyId);
    if (revoked.ok || revoked.refusal.code === 'ended') return c.body(null, 204);
    const message = 'This key comes with the deployment and cannot be revoked here.';
    return answerRefusal(c, refuse('conflict', `key ${revoked.refusal.code}`, { message }).refusal);
  });

  return routes;
}
