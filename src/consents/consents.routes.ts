/** The consents a TPP creates, reads and ends. */
import { Hono } from 'hono';
import type { AppEnv } from '#edge/scope.ts';

export function consentsRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  return routes;
}
