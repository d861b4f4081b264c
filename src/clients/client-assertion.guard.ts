/** Lets through a client that authenticates itself by an assertion in the form it posts. Source: RFC 7521 section 4.2. */
import type { MiddlewareHandler } from 'hono';
import { authenticateClient } from '#clients/authenticate-client.flow.ts';
import type { Client } from '#clients/client.ts';
import { setRateHeaders } from '#clients/rate-headers.ts';
import { answerRefusal } from '#edge/answers.ts';
import { type Parameters, readForm } from '#edge/body.ts';
import type { AppEnv } from '#edge/scope.ts';

/** Routes behind `requireClientAssertion` find their client in `c.var.client` and the form in `c.var.parameters`. */
export interface ClientEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { client: Client; parameters: Parameters };
}

/** The issuer and its URLs of these paths may be the assertion's audience. Refuses as `readForm` and `authenticateClient` do. */
export function requireClientAssertion(...paths: readonly string[]): MiddlewareHandler<ClientEnv> {
  return async function clientAssertionGuard(c, next) {
    const { scope } = c.var;
    const { issuer } = scope.settings;
    const parameters = await readForm(c);
    if (!parameters.ok) return answerRefusal(c, parameters.refusal);
    const authenticated = await authenticateClient(scope, {
      parameters: parameters.value,
      authorizationHeader: c.req.header('authorization'),
      audiences: [issuer, ...paths.map((path) => `${issuer}${path}`)],
    });
    setRateHeaders(c, authenticated.ok ? authenticated.value.window : authenticated.refusal.window);
    if (!authenticated.ok) return answerRefusal(c, authenticated.refusal);
    c.set('client', authenticated.value.client);
    c.set('parameters', parameters.value);
    return next();
  };
}
