/** The consents a TPP creates, lists, reads and ends. Source: interface sections 4 and 7. */
import type { Hono } from 'hono';
import { findClient } from '#clients/find-client.flow.ts';
import {
  listConsentsQuerySchema,
  parseConsentType,
  parseCreateConsent,
  renderConsent,
} from '#consents/consent.schema.ts';
import { checkRole, createConsent } from '#consents/create-consent.flow.ts';
import { endConsent } from '#consents/end-consent.flow.ts';
import { listConsents } from '#consents/list-consents.flow.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { parseBy, parseJsonObject, parseParameters, readText } from '#edge/body.ts';
import { outage } from '#edge/outage.ts';
import { makeRoutes } from '#edge/routes.ts';
import { renderPageLinks } from '#kernel/page-links.ts';
import { refuse } from '#kernel/result.ts';
import { type AccessEnv, requireClientToken } from '#tokens/access.guard.ts';

const BASE = '/open-banking/v1';
const DEFAULT_LIMIT = 25;

export function consentsRoutes(): Hono<AccessEnv> {
  const routes = makeRoutes<AccessEnv>();

  routes.post(`${BASE}/consents`, requireClientToken({ scope: 'consents' }), async (c) => {
    const { scope, access } = c.var;
    const text = await readText(c, ['application/json']);
    if (!text.ok) return answerRefusal(c, text.refusal);
    const body = parseJsonObject(text.value);
    if (!body.ok) return answerRefusal(c, body.refusal);
    const type = parseConsentType(body.value);
    if (!type.ok) return answerRefusal(c, type.refusal);
    const client = await findClient(scope, access.token.clientId, { newerThan: access.clientVersion - 1 });
    if (client === undefined) throw outage('D1 does not have the client its object admitted');
    // Who may not ask at all is told so before being told what is wrong with the rest.
    const allowed = checkRole(client, type.value);
    if (!allowed.ok) return answerRefusal(c, allowed.refusal);
    const request = parseCreateConsent(type.value, body.value, scope.now);
    if (!request.ok) return answerRefusal(c, request.refusal);
    const consent = await createConsent(scope, client, request.value);
    if (!consent.ok) return answerRefusal(c, consent.refusal);
    return answerJson(c, renderConsent(consent.value, scope.settings.issuer), 201);
  });

  routes.get(`${BASE}/consents`, requireClientToken({ scope: 'consents' }), async (c) => {
    const { scope, access } = c.var;
    const parameters = parseParameters(new URL(c.req.url).searchParams);
    if (!parameters.ok) return answerRefusal(c, parameters.refusal);
    const query = parseBy(listConsentsQuerySchema, Object.fromEntries(parameters.value));
    if (!query.ok) return answerRefusal(c, query.refusal);
    const { limit = DEFAULT_LIMIT, cursor } = query.value;
    const list = await listConsents(scope, {
      clientId: access.token.clientId,
      limit,
      cursor,
    });
    if (!list.ok) return answerRefusal(c, list.refusal);
    const data = list.value.consents.map((consent) => renderConsent(consent, scope.settings.issuer));
    const links = renderPageLinks('/consents', parameters.value, ['limit'], list.value);
    return answerJson(c, { data, links }, 200);
  });

  routes.get(
    `${BASE}/consents/:consent_id`,
    requireClientToken({ scope: 'consents', orTokenOf: 'consent_id' }),
    async (c) => {
      const { scope, access } = c.var;
      const consent = await readConsent(scope, c.req.param('consent_id'));
      if (consent?.clientId !== access.token.clientId) {
        return answerRefusal(c, refuse('not_found', 'no such consent of this client').refusal);
      }
      return answerJson(c, renderConsent(consent, scope.settings.issuer), 200);
    },
  );

  routes.delete(`${BASE}/consents/:consent_id`, requireClientToken({ scope: 'consents' }), async (c) => {
    const { scope, access } = c.var;
    const { clientId } = access.token;
    const ended = await endConsent(scope, c.req.param('consent_id'), { by: 'tpp', clientId });
    if (!ended.ok) return answerRefusal(c, ended.refusal);
    c.header('Cache-Control', 'no-store');
    return c.body(null, 204);
  });

  return routes;
}
