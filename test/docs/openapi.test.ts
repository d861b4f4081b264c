/** The OpenAPI document as served: this deployment's issuer, readable from any origin, each mounted route in it. */
import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { createApp, createWholeApp } from '#app.ts';
import { WRITTEN_BASE_URL } from '#docs/documents.ts';
import { PRODUCTION } from '../support/production.ts';

interface Document {
  readonly openapi: string;
  readonly servers: { readonly url: string }[];
  readonly paths: Record<string, Record<string, unknown>>;
}

const API =
  /^\/(register|oauth|\.well-known|open-banking|developer|sandbox|openapi\.json|status|metrics)(\/|$)/;
/** What lies below the authorization endpoint is for the customer's browser. */
const PAGES = /^\/oauth\/authorize\//;

type Bindings = typeof env;

function get(bindings: Bindings = env): Promise<Response> {
  return Promise.resolve(
    createApp().fetch(new Request('http://localhost:8787/openapi.json'), bindings, createExecutionContext()),
  );
}

it('answers any origin, and caches may keep it', async () => {
  const answer = await get();
  expect(answer.status).toBe(200);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
});

it('answers a preflight of any origin', async () => {
  const answer = await createApp().fetch(
    new Request('http://localhost:8787/openapi.json', {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
    }),
    env,
    createExecutionContext(),
  );
  expect(answer.status).toBe(204);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
});

it('has the issuer of the deployment', async () => {
  const issuer = 'https://sandbox.example.com';
  const answer = await get({ ...env, ISSUER: issuer });
  const text = await answer.text();
  expect(text).not.toContain(WRITTEN_BASE_URL);
  const document = JSON.parse(text) as Document;
  expect(document.openapi).toBe('3.1.0');
  expect(document.servers[0]?.url).toBe(issuer);
});

it('has each mounted route of the API, and no other', async () => {
  const { routes } = await createWholeApp();
  const mounted = routes
    .filter(({ method, path }) => method !== 'ALL' && API.test(path) && !PAGES.test(path))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`);
  const document = await (await get()).json<Document>();
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.toSorted()).toEqual([...new Set(mounted)].toSorted());
});

it('describes no sandbox route in production', async () => {
  const document = await (await get({ ...env, ...PRODUCTION })).json<Document>();
  expect(Object.keys(document.paths).filter((path) => path.startsWith('/sandbox'))).toEqual([]);
  expect(document.servers[0]?.url).toBe(PRODUCTION.ISSUER);
});
