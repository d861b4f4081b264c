/** The sandbox's stand-in for a customer: a consent decided without a browser. */
import type { Hono } from 'hono';
import { type ApiKeyEnv, requireApiKey } from '#clients/require-api-key.guard.ts';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { readJson } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import { authorizeConsent } from '#sandbox/authorize-consent.flow.ts';
import { authorizeConsentRequestSchema, parametersOf } from '#sandbox/authorize-consent.schema.ts';

export function authorizeConsentRoutes(): Hono<ApiKeyEnv> {
  const routes = makeRoutes<ApiKeyEnv>();
  routes.post('/sandbox/consents/:consent_id/authorize', requireApiKey({ scope: 'sandbox' }), async (c) => {
    const { scope, organisation } = c.var;
    const request = await readJson(c, authorizeConsentRequestSchema);
    if (!request.ok) return answerRefusal(c, request.refusal);
    const { customer, accounts, decision } = request.value;
    const authorized = await authorizeConsent(scope, {
      organisationId: organisation.organisationId,
      consentId: c.req.param('consent_id'),
      search: parametersOf(request.value),
      username: customer,
      accountIds: accounts,
      decision,
    });
    return authorized.ok
      ? answerJson(c, { redirect_uri: authorized.value }, 200)
      : answerRefusal(c, authorized.refusal);
  });
  return routes;
}
