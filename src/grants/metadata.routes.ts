/**
 * The published metadata of the authorization server and its keys, for any origin. D1: none. Objects: none; for the keys
 * one a minute and isolate, the key ring's. Source: RFC 8414, OpenID Connect Discovery 1.0.
 */
import type { Context, Hono } from 'hono';
import { allowAnyOrigin } from '#edge/any-origin.guard.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { serverMetadata } from '#grants/server-metadata.ts';

/** How long others may keep a document. A new key is published 10 minutes before it signs. */
const CACHE_CONTROL = 'public, max-age=300';
const DISCOVERY_PATHS = [
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
] as const;
const KEYS_PATH = '/oauth/jwks';

function answerDocument(c: Context<AppEnv>, document: unknown): Response {
  c.header('Cache-Control', CACHE_CONTROL);
  c.header('Content-Type', 'application/json; charset=utf-8');
  return c.body(JSON.stringify(document));
}

export function metadataRoutes(): Hono<AppEnv> {
  const routes = makeRoutes();
  for (const path of [...DISCOVERY_PATHS, KEYS_PATH]) {
    routes.use(path, allowAnyOrigin());
  }
  for (const path of DISCOVERY_PATHS) {
    routes.get(path, (c) => answerDocument(c, serverMetadata(c.var.scope.settings.issuer)));
  }
  routes.get(KEYS_PATH, async (c) => answerDocument(c, (await signingKeys(c.var.scope)).publicJwks()));
  return routes;
}
