/** The OpenAPI document: made with the static files, served with this deployment's issuer. */
import type { Hono } from 'hono';
import { cors } from 'hono/cors';
import { documentPath, withIssuer } from '#docs/openapi.ts';
import { answerRefusal } from '#edge/answers.ts';
import { boundedCache, defineIsolateSlot } from '#edge/isolate.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv, Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

/** It changes only when the Worker does. */
const CACHE_CONTROL = 'public, max-age=300';

const documents = defineIsolateSlot(() => boundedCache<string>(1));

/** Refuses with `service_unavailable` when the static files were not made (`npm run prepare:local`). */
async function readDocument(scope: Scope): Promise<Result<string>> {
  const { environment, issuer } = scope.settings;
  const memory = documents.of(scope.isolate);
  const remembered = memory.get(issuer);
  if (remembered !== undefined) return ok(remembered);
  const file = await scope.bindings.ASSETS.fetch(new URL(documentPath(environment), issuer));
  if (!file.ok) return refuse('service_unavailable', `static file answered ${file.status}`);
  const document = withIssuer(await file.text(), issuer);
  memory.set(issuer, document);
  return ok(document);
}

export function openapiRoutes(): Hono<AppEnv> {
  const routes = makeRoutes();
  routes.use('/openapi.json', cors({ origin: '*', allowMethods: ['GET', 'HEAD'], maxAge: 300 }));
  routes.get('/openapi.json', async (c) => {
    const document = await readDocument(c.var.scope);
    if (!document.ok) return answerRefusal(c, document.refusal);
    return c.body(document.value, 200, {
      'Cache-Control': CACHE_CONTROL,
      'Content-Type': 'application/json; charset=utf-8',
    });
  });
  return routes;
}
