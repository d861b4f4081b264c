/** Dynamic client registration and its management. Source: RFC 7591, RFC 7592. */
import { Hono } from 'hono';
import type { AppEnv } from '#edge/scope.ts';

export function registrationRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  return routes;
}
