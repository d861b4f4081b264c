/** The first page of the dashboard, and the page about production. */
import type { Hono } from 'hono';
import type { TestCustomers } from '#authorization/journey-props.ts';
import { readLiveKeyStanding } from '#clients/live-key.flow.ts';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { siteOf } from '#developers/site.ts';
import { answerPage } from '#edge/answer-page.ts';
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
  routes.get('/dashboard', requireMember('applications.read'), async (c) => {
    const { scope, member } = c.var;
    const overview = await readOverview(scope, member.organisation.organisationId);
    const testCustomers = testCustomersOf(scope);
    return answerPage(c, <OverviewView site={siteOf(scope)} {...{ member, overview, testCustomers }} />, {
      scripts: 'own',
    });
  });
  routes.get('/dashboard/production', requireMember('applications.read'), async (c) => {
    const { scope, member } = c.var;
    const { environment, trustedDirectories, rateLimitPerMinute } = scope.settings;
    const frame = { site: siteOf(scope), member };
    const { organisationId } = member.organisation;
    if (environment === 'sandbox') {
      const needs = findNeeds(await readApplications(scope, organisationId));
      return answerPage(c, <ProductionNeedsView {...frame} needs={needs} />, { scripts: 'own' });
    }
    const standing = await readLiveKeyStanding(scope, organisationId);
    const directories = trustedDirectories.map(({ issuer }) => issuer);
    return answerPage(c, <ProductionView {...frame} {...{ standing, directories, rateLimitPerMinute }} />, {
      scripts: 'own',
    });
  });
  return routes;
}
