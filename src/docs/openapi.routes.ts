/** The OpenAPI document, made from the schemas that validate. */
import { Hono } from 'hono';
import type { AppEnv } from '#edge/scope.ts';

export function openapiRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  return routes;
}
