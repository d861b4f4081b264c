/** The front door, the documentation, the API reference and the status page. */
import { Hono } from 'hono';
import type { AppEnv } from '#edge/scope.ts';

export function docsPages(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  return routes;
}
