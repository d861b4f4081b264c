/** `/dashboard/requests`: the request log, filtered by a form that any link can be. D1: two batches, together. */
import type { Hono } from 'hono';
import { clientsOfOrganisation } from '#clients/organisation-clients.flow.ts';
import { answerBoard, type BoardContext, boardOf } from '#developers/board.guard.tsx';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { answerRefused, answerStop } from '#developers/stop.guard.tsx';
import { parseParameters } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import { ok, type Result } from '#kernel/result.ts';
import { type LogViewing, REQUESTS, RequestView } from '#portal/logged-call.view.tsx';
import { filterProblems, type LogShow } from '#portal/request-filters.view.tsx';
import { type LogProps, RequestsView } from '#portal/requests.view.tsx';
import { findRequest, groupErrors, listRequests } from '#traffic/find-requests.flow.ts';
import { type Asked, parseRequestQuery } from '#traffic/request-query.ts';

async function logOf(c: BoardContext): Promise<LogViewing> {
  const { scope, member } = c.var;
  const clients = await clientsOfOrganisation(scope, member.organisation.organisationId);
  return { ...boardOf(c), clients };
}

/** What is asked for: calls, or with `show=errors` errors in groups. */
async function readLog(
  { var: { scope, member } }: BoardContext,
  asked: Asked,
  shown: LogShow,
): Promise<Result<Pick<LogProps, 'page' | 'groups'>>> {
  const { organisationId } = member.organisation;
  const query = parseRequestQuery(asked);
  if (!query.ok) return query;
  if (shown === 'errors') {
    return ok({ groups: await groupErrors(scope, organisationId, query.value.filter) });
  }
  const page = await listRequests(scope, organisationId, query.value);
  return page.ok ? ok({ page: page.value }) : page;
}

async function showLog(c: BoardContext): Promise<Response> {
  const parameters = parseParameters(new URL(c.req.url).searchParams);
  if (!parameters.ok) return answerRefused(c, parameters.refusal);
  const asked = parameters.value;
  const shown = asked.get('show') === 'errors' ? 'errors' : 'calls';
  const [viewing, log] = await Promise.all([logOf(c), readLog(c, asked, shown)]);
  const problems = log.ok ? [] : filterProblems(log.refusal);
  return answerBoard(
    c,
    <RequestsView {...viewing} {...(log.ok ? log.value : {})} {...{ asked, show: shown, problems }} />,
    log.ok ? 200 : 400,
  );
}

export function requestsPages(): Hono<MemberEnv> {
  const pages = makeRoutes<MemberEnv>();
  pages.get(REQUESTS, requireMember('requests.read'), showLog);

  pages.get(`${REQUESTS}/:request_id`, requireMember('requests.read'), async (c) => {
    const { scope, member } = c.var;
    const [viewing, request] = await Promise.all([
      logOf(c),
      findRequest(scope, member.organisation.organisationId, c.req.param('request_id')),
    ]);
    if (request === undefined) return answerStop(c, 'no_page', 'no such call of the organisation');
    return answerBoard(c, <RequestView {...viewing} request={request} />);
  });

  return pages;
}
