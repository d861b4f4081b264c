/** The OpenAPI document: made with the static files, served with this deployment's issuer. */
import type { Hono } from 'hono';
import { documentPath, withIssuer } from '#docs/openapi.ts';
import { readStaticFile } from '#docs/read-document.flow.ts';
import { allowAnyOrigin } from '#edge/any-origin.guard.ts';
import { boundedCache, defineIsolateSlot } from '#edge/isolate.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv, Scope } from '#edge/scope.ts';

/** It changes only when the Worker does. */
const CACHE_CONTROL = 'public, max-age=300';

const documents = defineIsolateSlot(() => boundedCache<string>(1));

/** Throws an outage when the static files were not made (`npm run prepare:local`) or cannot be had. */
async function readDocument(scope: Scope): Promise<string> {
  const { environment, issuer } = scope.settings;
  const memory = documents.of(scope.isolate);
  const remembered = memory.get(issuer);
  if (remembered !== undefined) return remembered;
  const document = withIssuer(await readStaticFile(scope, documentPath(environment)), issuer);
  memory.set(issuer, document);
  return document;
}

export function openapiRoutes(): Hono<AppEnv> {
  const routes = makeRoutes();
  routes.use('/openapi.json', allowAnyOrigin());
  routes.get('/openapi.json', async (c) => {
    return c.body(await readDocument(c.var.scope), 200, {
      'Cache-Control': CACHE_CONTROL,
      'Content-Type': 'application/json; charset=utf-8',
    });
  });
  return routes;
}
