/** The published metadata of the authorization server and its keys. Source: RFC 8414, OpenID Connect Discovery 1.0. */
import { Hono } from 'hono';
import type { AppEnv } from '#edge/scope.ts';

export function metadataRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  return routes;
}
