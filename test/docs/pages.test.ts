/** The site: front door, documents, status, and what a browser sees where there is nothing. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { createApp } from '#app.ts';
import { DOCUMENTS } from '#docs/documents.ts';
import { systemClock } from '#edge/system-clock.ts';
import { PRODUCTION } from '../support/production.ts';

const BASE = 'http://localhost:8787';
const BROWSER = { accept: 'text/html,application/xhtml+xml' };

type Bindings = typeof env;

function context(): ExecutionContext {
  return { waitUntil() {}, passThroughOnException() {}, props: {} } as unknown as ExecutionContext;
}

function ask(path: string, init: RequestInit = {}, bindings: Bindings = env): Promise<Response> {
  const app = createApp({ clock: systemClock, log() {} });
  return Promise.resolve(app.fetch(new Request(new URL(path, BASE), init), bindings, context()));
}

function withSettings(settings: Record<string, unknown>): Bindings {
  return { ...env, ...settings };
}

it.each(['/', '/docs', '/reference', ...DOCUMENTS.map(({ slug }) => `/docs/${slug}`)])(
  '%s is a page that nobody caches or frames',
  async (path) => {
    const answer = await ask(path, { headers: BROWSER });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    const policy = answer.headers.get('content-security-policy') ?? '';
    for (const rule of [
      "default-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ]) {
      expect(policy).toContain(rule);
    }
    const text = await answer.text();
    expect(text).toMatch(/^<!doctype html><html lang="en-GB">/);
    // That of /reference is for readers without scripts.
    expect(text.match(/<h1/g)).toHaveLength(1);
    expect(text).toContain('SANDBOX');
  },
);

it.each(DOCUMENTS)('$slug is Markdown too, with the address of this deployment', async ({ slug }) => {
  const issuer = 'https://sandbox.example.com';
  const answer = await ask(`/docs/${slug}.md`, {}, withSettings({ ISSUER: issuer }));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
  const text = await answer.text();
  expect(text).toMatch(/^# /);
  expect(text).not.toContain('localhost:8787');
});

it('fills the address of the deployment into the pages', async () => {
  const bindings = withSettings({ ISSUER: 'https://sandbox.example.com' });
  const text = await (await ask('/docs/getting-started', { headers: BROWSER }, bindings)).text();
  expect(text).toContain('export BASE_URL=https://sandbox.example.com');
  expect(text).not.toContain('localhost:8787');
});

it('names each document in llms.txt', async () => {
  const text = await (await ask('/llms.txt')).text();
  for (const { slug } of DOCUMENTS) expect(text).toContain(`${BASE}/docs/${slug}.md`);
});

it('has no dead links between its pages', async () => {
  const dead: string[] = [];
  for (const path of ['/', '/docs', ...DOCUMENTS.map(({ slug }) => `/docs/${slug}`)]) {
    const text = await (await ask(path, { headers: BROWSER })).text();
    const links = [...text.matchAll(/href="(\/(?:docs|status|llms|reference)[^"#]*|\/)"/g)];
    for (const [, link] of links) {
      if ((await ask(link ?? '', { headers: BROWSER })).status !== 200) dead.push(`${path} -> ${link}`);
    }
    for (const [, id] of text.matchAll(/href="#([^"]+)"/g)) {
      if (!text.includes(`id="${id}"`)) dead.push(`${path} -> #${id}`);
    }
  }
  expect(dead).toEqual([]);
});

it('tells programs and people its status', async () => {
  const program = await ask('/status');
  expect(program.status).toBe(200);
  expect(await program.json()).toMatchObject({
    status: 'usable',
    environment: 'sandbox',
    parts: { database: 'usable', keys: 'usable' },
  });
  const person = await ask('/status', { headers: BROWSER });
  expect(person.status).toBe(200);
  expect(await person.text()).toContain('Everything works');
});

it('is not usable without its database', async () => {
  const prepare = () => {
    throw new Error('Network connection lost');
  };
  const bindings = withSettings({ DB: { withSession: () => ({ prepare }) } });
  const program = await ask('/status', {}, bindings);
  expect(program.status).toBe(503);
  expect(program.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await program.json()).toMatchObject({
    status: 'unavailable',
    parts: { database: 'unavailable', keys: 'usable' },
  });
  expect((await ask('/status', { headers: BROWSER }, bindings)).status).toBe(503);
});

it.each(['/nothing-here', '/docs/nothing-here', '/docs/nothing-here.md'])(
  '%s is a page for a browser, 404',
  async (path) => {
    const answer = await ask(path, { headers: BROWSER });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('There is no page here');
  },
);

it('shows a customer who mistypes an address the way back, and nothing for developers', async () => {
  const text = await (await ask('/my/accounts', { headers: BROWSER })).text();
  expect(text).toContain('There is no page here');
  expect(text).toContain('href="/my/access"');
  expect(text).not.toMatch(/Documentation|Dashboard/);
});

it('answers programs, and the API, in JSON where there is nothing', async () => {
  for (const path of ['/nothing-here', '/docs/nothing-here', '/docs/nothing-here.md']) {
    const answer = await ask(path);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(await answer.json()).toMatchObject({ code: 'not_found' });
  }
  const api = await ask('/open-banking/v1/nothing-here', { headers: BROWSER });
  expect(api.headers.get('content-type')).toMatch(/^application\/json/);
});

it('keeps the reference to the developer host where there is one', async () => {
  const bindings = withSettings({
    ISSUER: 'https://api.example.com',
    DEVELOPER_HOST: 'developer.example.com',
  });
  const api = await ask('https://api.example.com/reference', { headers: BROWSER }, bindings);
  expect(api.status).toBe(404);
  expect(await api.text()).toContain('href="https://developer.example.com/reference"');
  const developer = await ask('https://developer.example.com/reference', { headers: BROWSER }, bindings);
  expect(developer.status).toBe(200);
});

it('says PRODUCTION in production, in words', async () => {
  const bindings = withSettings(PRODUCTION);
  const text = await (await ask('/docs/sandbox', { headers: BROWSER }, bindings)).text();
  expect(text).toContain('PRODUCTION');
  expect(text).not.toContain('SANDBOX');
  expect(text).toContain('are in the sandbox alone');
});

describe.each<[string, () => Promise<Response>]>([
  ['has none', () => Promise.resolve(new Response('', { status: 404 }))],
  ['throws', () => Promise.reject(new Error('Failed to connect to the asset server'))],
  [
    'throws at once',
    () => {
      throw new TypeError('fetch failed');
    },
  ],
  [
    'breaks off',
    () => Promise.resolve(new Response(new ReadableStream({ pull: (body) => body.error('cut') }))),
  ],
])('where the binding of the static files %s', (_what, fetch) => {
  const bindings = withSettings({ ASSETS: { fetch } });

  it('a document is a page that has the request id, 503', async () => {
    const answer = await ask('/docs/errors', { headers: BROWSER }, bindings);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.text()).toContain(answer.headers.get('x-fapi-interaction-id') ?? 'no id');
  });

  it('the front door is open', async () => {
    const answer = await ask('/', { headers: BROWSER }, bindings);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('href="/docs/getting-started"');
  });

  it.each(['/docs/errors.md', '/llms.txt', '/openapi.json'])('%s is 503 for a program', async (path) => {
    const answer = await ask(path, {}, bindings);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({ code: 'service_unavailable' });
  });
});
