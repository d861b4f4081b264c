/** Lets pages of any origin read what is published. Source: WHATWG Fetch, section "CORS protocol". */
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '#edge/scope.ts';

/** Allows a script of any origin to GET, without the reader's cookies; answers its preflight, which holds for 5 minutes. */
export function allowAnyOrigin(): MiddlewareHandler<AppEnv> {
  return async function anyOriginGuard(c, next) {
    c.header('Access-Control-Allow-Origin', '*');
    if (c.req.method !== 'OPTIONS') return next();
    c.header('Access-Control-Allow-Methods', 'GET,HEAD');
    c.header('Access-Control-Max-Age', '300');
    c.header('Access-Control-Allow-Headers', c.req.header('access-control-request-headers'));
    c.header('Vary', 'Access-Control-Request-Headers');
    return c.body(null, 204);
  };
}
