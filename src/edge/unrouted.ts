/** Answers for what no route takes: 405 with Allow where the path exists, else 404; pages for a browser outside the API. */
import type { Context, Hono } from 'hono';
import { answerRefusal } from '#edge/answers.ts';
import type { AppEnv } from '#edge/scope.ts';
import { refuse } from '#kernel/result.ts';

/** Of /oauth only the customer's pages are for people. */
const API_PATH =
  /^\/(oauth(?!\/authorize)|register|open-banking|developer|operator|sandbox|\.well-known)(\/|$)|^\/openapi\.json$/;

/** Whether a browser asks for something outside the API: then people read the answer. */
export function wantsPage(c: Context<AppEnv>): boolean {
  return (c.req.header('accept') ?? '').includes('text/html') && !API_PATH.test(c.req.path);
}

/** Whether a route, not only a middleware, takes the method and path. */
function takes(app: Hono<AppEnv>, method: string, path: string): boolean {
  return app.router.match(method, path)[0].some(([[, route]]) => route.method === method);
}

/** Builds the handler from the routes that are mounted when it runs. `page` renders either status for people. */
export function answerUnrouted(
  app: Hono<AppEnv>,
  page: (c: Context<AppEnv>, status: 404 | 405) => Response | Promise<Response>,
): (c: Context<AppEnv>) => Response | Promise<Response> {
  return function unrouted(c) {
    const routed = new Set(app.routes.map((route) => route.method).filter((method) => method !== 'ALL'));
    const methods = new Set([...routed].filter((method) => takes(app, method, c.req.path)));
    if (methods.has('GET')) methods.add('HEAD');
    if (methods.size > 0) {
      c.header('Allow', [...methods].sort().join(', '));
      const refused = answerRefusal(c, refuse('method_not_allowed', 'method not routed').refusal);
      // A form's own address, opened once more.
      return c.req.method === 'GET' && wantsPage(c) ? page(c, 405) : refused;
    }
    if (wantsPage(c)) return page(c, 404);
    return answerRefusal(c, refuse('not_found', 'path not routed').refusal);
  };
}
