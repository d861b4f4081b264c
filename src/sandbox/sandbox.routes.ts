/** What only the sandbox has: its directory, its consent helper, its reset. */
import type { Hono } from 'hono';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { authorizeConsentRoutes } from '#sandbox/authorize-consent.routes.ts';
import { requireSandbox } from '#sandbox/require-sandbox.guard.ts';
import { resetRoutes } from '#sandbox/reset.routes.ts';
import { softwareStatementRoutes } from '#sandbox/software-statement.routes.ts';

export function sandboxRoutes(): Hono<AppEnv> {
  const routes = makeRoutes();
  routes.use('/sandbox/*', requireSandbox());
  routes.route('/', softwareStatementRoutes());
  routes.route('/', authorizeConsentRoutes());
  routes.route('/', resetRoutes());
  return routes;
}
