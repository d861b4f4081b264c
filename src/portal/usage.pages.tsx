/**
 * `/dashboard/usage`: usage of the organisation or of one application. D1: two batches, together. Objects: one for each
 * application whose running window is shown, at most 8, which does not count in it.
 */
import type { Hono } from 'hono';
import { readWindow } from '#clients/client-standing.flow.ts';
import { clientsOfOrganisation, type OrganisationClient } from '#clients/organisation-clients.flow.ts';
import { answerBoard, type BoardContext, boardOf } from '#developers/board.guard.tsx';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { answerRefused, answerStop } from '#developers/stop.guard.tsx';
import { parseParameters } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { Scope } from '#edge/scope.ts';
import { problemsOf } from '#portal/refused-form.pages.tsx';
import { USAGE, type UsageProps, UsageView } from '#portal/usage.view.tsx';
import { readUsage } from '#traffic/read-usage.flow.ts';
import { parseUsageQuery } from '#traffic/request-query.ts';
import type { Usage } from '#traffic/usage.ts';

/** Windows shown at once. */
const WINDOWS = 8;

/** What is left of the windows of the live applications with most requests, as far as their objects answer. */
async function readWindows(
  scope: Scope,
  clients: readonly OrganisationClient[],
  usage: Usage,
): Promise<UsageProps['windows']> {
  const live = new Set(clients.filter(({ endedAt }) => endedAt === null).map(({ clientId }) => clientId));
  const asked = usage.clients.map(({ clientId }) => clientId ?? '').filter((clientId) => live.has(clientId));
  return new Map(
    await Promise.all(
      asked.slice(0, WINDOWS).map(async (clientId) => [clientId, await readWindow(scope, clientId)] as const),
    ),
  );
}

async function showUsage(c: BoardContext): Promise<Response> {
  const { scope, member } = c.var;
  const { organisationId } = member.organisation;
  const parameters = parseParameters(new URL(c.req.url).searchParams);
  if (!parameters.ok) return answerRefused(c, parameters.refusal);
  const query = parseUsageQuery(parameters.value);
  const { period, clientId } = query.ok ? query.value : ({ period: '24h', clientId: undefined } as const);
  const [clients, usage] = await Promise.all([
    clientsOfOrganisation(scope, organisationId),
    query.ok ? readUsage(scope, organisationId, { period, clientId }) : undefined,
  ]);
  if (clientId !== undefined && !clients.some((client) => client.clientId === clientId)) {
    return answerStop(c, 'no_page', 'no application of the organisation');
  }
  return answerBoard(
    c,
    <UsageView
      {...boardOf(c)}
      clients={clients}
      period={period}
      clientId={clientId}
      problems={query.ok ? [] : problemsOf(query.refusal)}
      usage={usage}
      windows={usage === undefined ? new Map() : await readWindows(scope, clients, usage)}
      limit={scope.settings.rateLimitPerMinute}
    />,
    query.ok ? 200 : 400,
  );
}

export function usagePages(): Hono<MemberEnv> {
  const pages = makeRoutes<MemberEnv>();
  pages.get(USAGE, requireMember('usage.read'), showUsage);
  return pages;
}
