/** The pushed authorization request endpoint. Source: RFC 9126 section 2. */
import type { Hono } from 'hono';
import type { PushedRequest } from '#authorization/authorization-request.schema.ts';
import { pushRequest } from '#authorization/push-request.flow.ts';
import { authenticateClient } from '#clients/authenticate-client.flow.ts';
import { setRateHeaders } from '#clients/rate-headers.ts';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { readForm } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';

const PAR_PATH = '/oauth/par';

export function parRoutes(): Hono<AppEnv> {
  const routes = makeRoutes();
  routes.post(PAR_PATH, async (c) => {
    const { scope } = c.var;
    const { issuer } = scope.settings;
    const parameters = await readForm(c);
    if (!parameters.ok) return answerRefusal(c, parameters.refusal);
    const authenticated = await authenticateClient(scope, {
      parameters: parameters.value,
      authorizationHeader: c.req.header('authorization'),
      // Section 2: the issuer, the token URL or this URL may be the audience.
      audiences: [issuer, `${issuer}/oauth/token`, `${issuer}${PAR_PATH}`],
    });
    if (!authenticated.ok) {
      setRateHeaders(c, authenticated.refusal.window);
      return answerRefusal(c, authenticated.refusal);
    }
    setRateHeaders(c, authenticated.value.window);
    const pushed = await pushRequest(scope, authenticated.value.client, parameters.value);
    if (!pushed.ok) return answerRefusal(c, pushed.refusal);
    const { requestUri, expiresIn } = pushed.value;
    const answer: PushedRequest = { request_uri: requestUri, expires_in: expiresIn };
    return answerJson(c, answer, 201);
  });
  return routes;
}
