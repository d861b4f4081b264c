/** What only the sandbox has: its directory, its consent helper, its reset. */
import { Hono } from 'hono';
import type { AppEnv } from '#edge/scope.ts';

export function sandboxRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  return routes;
}
