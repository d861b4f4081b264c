/** Account information: accounts, balances and transactions of an authorized consent. */
import { Hono } from 'hono';
import type { AppEnv } from '#edge/scope.ts';

export function accountsRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  return routes;
}
