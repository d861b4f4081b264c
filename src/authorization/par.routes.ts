/** Pushed authorization requests. Source: RFC 9126. */
import { Hono } from 'hono';
import type { AppEnv } from '#edge/scope.ts';

export function parRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  return routes;
}
