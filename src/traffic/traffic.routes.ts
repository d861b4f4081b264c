/** The request log and usage for programs: `/developer/v1/requests`, `/developer/v1/usage`, by API key. */
import type { Hono } from 'hono';
import { readWindow } from '#clients/client-standing.flow.ts';
import { ownersOf } from '#clients/organisation-clients.flow.ts';
import { type ApiKeyEnv, requireApiKey } from '#clients/require-api-key.guard.ts';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { parseParameters } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import { refuse } from '#kernel/result.ts';
import { findRequest, listRequests } from '#traffic/find-requests.flow.ts';
import { readUsage } from '#traffic/read-usage.flow.ts';
import { parseRequestQuery, parseUsageQuery } from '#traffic/request-query.ts';
import { renderRequest, renderRequestList, renderUsage } from '#traffic/traffic.schema.ts';

const BASE = '/developer/v1';

export function trafficRoutes(): Hono<ApiKeyEnv> {
  const routes = makeRoutes<ApiKeyEnv>();

  routes.get(`${BASE}/requests`, requireApiKey({ scope: 'requests' }), async (c) => {
    const { scope, organisation } = c.var;
    const asked = parseParameters(new URL(c.req.url).searchParams);
    if (!asked.ok) return answerRefusal(c, asked.refusal);
    const query = parseRequestQuery(asked.value);
    if (!query.ok) return answerRefusal(c, query.refusal);
    const page = await listRequests(scope, organisation.organisationId, query.value);
    if (!page.ok) return answerRefusal(c, page.refusal);
    return answerJson(c, renderRequestList(asked.value, page.value), 200);
  });

  routes.get(`${BASE}/requests/:request_id`, requireApiKey({ scope: 'requests' }), async (c) => {
    const { scope, organisation } = c.var;
    const found = await findRequest(scope, organisation.organisationId, c.req.param('request_id'));
    if (found === undefined) {
      return answerRefusal(c, refuse('not_found', 'no such call').refusal);
    }
    return answerJson(c, renderRequest(found), 200);
  });

  routes.get(`${BASE}/usage`, requireApiKey({ scope: 'usage' }), async (c) => {
    const { scope, organisation } = c.var;
    const { organisationId } = organisation;
    const asked = parseParameters(new URL(c.req.url).searchParams);
    if (!asked.ok) return answerRefusal(c, asked.refusal);
    const query = parseUsageQuery(asked.value);
    if (!query.ok) return answerRefusal(c, query.refusal);
    const { period, clientId } = query.value;
    // Of a client that is another's nothing is told, not even that it is there.
    const owner = clientId === undefined ? undefined : (await ownersOf(scope, [clientId])).get(clientId);
    if (clientId !== undefined && owner !== organisationId) {
      return answerRefusal(c, refuse('not_found', 'no such client').refusal);
    }
    const [usage, window] = await Promise.all([
      readUsage(scope, organisationId, { period, clientId }),
      clientId === undefined ? undefined : readWindow(scope, clientId),
    ]);
    return answerJson(c, renderUsage(period, usage, window), 200);
  });

  return routes;
}
