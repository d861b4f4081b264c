/** The first page of the dashboard, and the page about production. */
import type { Hono } from 'hono';
import type { TestCustomers } from '#authorization/journey-props.ts';
import { readLiveKeyStanding } from '#clients/live-key.flow.ts';
import { answerBoard, boardOf } from '#developers/board.guard.tsx';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { makeRoutes } from '#edge/routes.ts';
import type { Scope } from '#edge/scope.ts';
import { readApplications, readOverview } from '#portal/overview.flow.ts';
import { OverviewView } from '#portal/overview.view.tsx';
import { ProductionNeedsView, ProductionView } from '#portal/production.view.tsx';
import { findNeeds } from '#portal/production-needs.ts';

/** A sandbox's test customers; production has none. */
export type TestCustomersOf = (scope: Scope) => TestCustomers | undefined;

export function overviewPages(testCustomersOf: TestCustomersOf): Hono<MemberEnv> {
  const routes = makeRoutes<MemberEnv>();
  const toRead = requireMember('applications.read');
  routes.get('/dashboard', toRead, async (c) => {
    const { scope, member } = c.var;
    const overview = await readOverview(scope, member.organisation.organisationId);
    const testCustomers = testCustomersOf(scope);
    return answerBoard(c, <OverviewView {...boardOf(c)} overview={overview} testCustomers={testCustomers} />);
  });
  routes.get('/dashboard/production', toRead, async (c) => {
    const { scope, member } = c.var;
    const { environment, trustedDirectories, rateLimitPerMinute } = scope.settings;
    const { organisationId } = member.organisation;
    if (environment === 'sandbox') {
      const needs = findNeeds(await readApplications(scope, organisationId));
      return answerBoard(c, <ProductionNeedsView {...boardOf(c)} needs={needs} />);
    }
    const standing = await readLiveKeyStanding(scope, organisationId);
    const directories = trustedDirectories.map(({ issuer }) => issuer);
    return answerBoard(
      c,
      <ProductionView {...boardOf(c)} {...{ standing, directories, rateLimitPerMinute }} />,
    );
  });
  return routes;
}
