/** What the bank's staff may do, under /operator/v1: each command with a named key, each written into the audit. */
import type { Hono } from 'hono';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { auditRoutes } from '#operator/audit.routes.ts';
import { operatorClientsRoutes } from '#operator/clients.routes.ts';
import { operatorCustomersRoutes } from '#operator/customers.routes.ts';
import { importRoutes } from '#operator/import.routes.ts';
import { operatorTrustRoutes } from '#operator/trust.routes.ts';

export function operatorRoutes(): Hono<AppEnv> {
  const routes = makeRoutes();
  routes.route('/', operatorClientsRoutes());
  routes.route('/', operatorCustomersRoutes());
  routes.route('/', operatorTrustRoutes());
  routes.route('/', importRoutes());
  routes.route('/', auditRoutes());
  return routes;
}
