/** The sandbox directory: software statements for who holds an API key, and its keys for everyone. */
import type { Hono } from 'hono';
import { type ApiKeyEnv, requireApiKey } from '#clients/require-api-key.guard.ts';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { readJson } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { mintStatement } from '#sandbox/mint-statement.flow.ts';
import { softwareStatementRequestSchema } from '#sandbox/software-statement.schema.ts';

export function softwareStatementRoutes(): Hono<ApiKeyEnv> {
  const routes = makeRoutes<ApiKeyEnv>();

  routes.post('/sandbox/software-statements', requireApiKey({ scope: 'sandbox' }), async (c) => {
    const request = await readJson(c, softwareStatementRequestSchema);
    if (!request.ok) return answerRefusal(c, request.refusal);
    const minted = await mintStatement(c.var.scope, c.var.organisation, request.value);
    if (!minted.ok) return answerRefusal(c, minted.refusal);
    return answerJson(c, { software_statement: minted.value }, 201);
  });

  routes.get('/sandbox/directory/jwks', async (c) => {
    const { directory } = await signingKeys(c.var.scope);
    const answer = answerJson(c, directory?.publicJwks() ?? { keys: [] }, 200);
    answer.headers.set('Cache-Control', 'public, max-age=300');
    return answer;
  });

  return routes;
}
