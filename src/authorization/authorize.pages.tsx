/** The authorization endpoint and the pages a customer passes: log-in, one-time code, consent. */
import { Hono } from 'hono';
import type { AppEnv } from '#edge/scope.ts';

export function authorizePages(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  return routes;
}
