/** The token endpoint. Source: RFC 6749 section 3.2. */
import { Hono } from 'hono';
import type { AppEnv } from '#edge/scope.ts';

export function tokenRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  return routes;
}
