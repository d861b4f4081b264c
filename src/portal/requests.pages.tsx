/** `/dashboard/requests`: the request log, filtered by a form that any link can be. D1: two batches, together. */
import type { Context, Hono } from 'hono';
import { clientsOfOrganisation } from '#clients/organisation-clients.flow.ts';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { siteOf } from '#developers/site.ts';
import { answerRefused, answerStop } from '#developers/stop.guard.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { parseParameters } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { Refusal } from '#kernel/result.ts';
import { type LogViewing, REQUESTS, RequestView } from '#portal/logged-call.view.tsx';
import { filterProblems } from '#portal/request-filters.view.tsx';
import { type LogProps, RequestsView } from '#portal/requests.view.tsx';
import { findRequest, groupErrors, listRequests } from '#traffic/find-requests.flow.ts';
import { parseRequestQuery } from '#traffic/request-query.ts';

async function viewingOf({ var: { scope, member } }: Context<MemberEnv>): Promise<LogViewing> {
  const clients = await clientsOfOrganisation(scope, member.organisation.organisationId);
  return { site: siteOf(scope), member, clients };
}

async function showLog(c: Context<MemberEnv>): Promise<Response> {
  const { scope, member } = c.var;
  const { organisationId } = member.organisation;
  const parameters = parseParameters(new URL(c.req.url).searchParams);
  if (!parameters.ok) return answerRefused(c, parameters.refusal);
  const asked = parameters.value;
  const show = asked.get('show') === 'errors' ? 'errors' : 'calls';
  const query = parseRequestQuery(asked);
  const send = async (more: Pick<LogProps, 'page' | 'groups'>, refusal?: Refusal) => {
    const problems = refusal === undefined ? [] : filterProblems(refusal);
    const view = (
      <RequestsView {...(await viewing)} asked={asked} show={show} problems={problems} {...more} />
    );
    return answerPage(c, view, { status: refusal === undefined ? 200 : 400, scripts: 'own' });
  };
  const viewing = viewingOf(c);
  if (!query.ok) return send({ page: undefined, groups: undefined }, query.refusal);
  if (show === 'errors') {
    const groups = await groupErrors(scope, organisationId, query.value.filter);
    return send({ page: undefined, groups });
  }
  const page = await listRequests(scope, organisationId, query.value);
  if (!page.ok) return send({ page: undefined, groups: undefined }, page.refusal);
  return send({ page: page.value, groups: undefined });
}

export function requestsPages(): Hono<MemberEnv> {
  const pages = makeRoutes<MemberEnv>();
  pages.get(REQUESTS, requireMember('requests.read'), showLog);

  pages.get(`${REQUESTS}/:request_id`, requireMember('requests.read'), async (c) => {
    const { scope, member } = c.var;
    const [viewing, request] = await Promise.all([
      viewingOf(c),
      findRequest(scope, member.organisation.organisationId, c.req.param('request_id')),
    ]);
    if (request === undefined) return answerStop(c, 'no_page', 'no such call of the organisation');
    return answerPage(c, <RequestView {...viewing} request={request} />, { scripts: 'own' });
  });

  return pages;
}
