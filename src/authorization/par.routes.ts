/** The pushed authorization request endpoint. Source: RFC 9126 section 2. */
import type { Hono } from 'hono';
import type { PushedRequest } from '#authorization/authorization-request.schema.ts';
import { pushRequest } from '#authorization/push-request.flow.ts';
import { type ClientEnv, requireClientAssertion } from '#clients/client-assertion.guard.ts';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { makeRoutes } from '#edge/routes.ts';

const PATH = '/oauth/par';

export function parRoutes(): Hono<ClientEnv> {
  const routes = makeRoutes<ClientEnv>();
  // Section 2: the token URL may be the audience too.
  routes.post(PATH, requireClientAssertion('/oauth/token', PATH), async (c) => {
    const { scope, client, parameters } = c.var;
    const pushed = await pushRequest(scope, client, parameters);
    if (!pushed.ok) return answerRefusal(c, pushed.refusal);
    const { requestUri, expiresIn } = pushed.value;
    const answer: PushedRequest = { request_uri: requestUri, expires_in: expiresIn };
    return answerJson(c, answer, 201);
  });
  return routes;
}
