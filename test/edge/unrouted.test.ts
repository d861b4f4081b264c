/** What no route takes: 405 with Allow where the path is known, else 404, a page for people outside the API. */
import { env } from 'cloudflare:workers';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { frameRequest } from '#edge/request-frame.ts';
import type { AppEnv } from '#edge/scope.ts';
import { answerUnrouted } from '#edge/unrouted.ts';
import { listLog, TEST_NOW_MS, testIsolate } from '../support/scope.ts';

function routedApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(frameRequest({ clock: { nowMs: () => TEST_NOW_MS }, isolate: testIsolate(), log: listLog().log }));
  app.use('/oauth/*', (_c, next) => next());
  app.get('/open-banking/v1/things', (c) => c.text('things'));
  app.post('/open-banking/v1/things', (c) => c.text('thing'));
  app.delete('/open-banking/v1/things/:id', (c) => c.text('gone'));
  app.post('/oauth/token', (c) => c.text('token'));
  app.post('/dashboard/form', (c) => c.text('form'));
  app.get('/docs/*', (c) => c.text('docs'));
  app.notFound(answerUnrouted(app, (c, status) => c.html('<h1>Not here</h1>', status)));
  return app;
}

const ask = (method: string, path: string, accept?: string) =>
  routedApp().request(
    `http://localhost:8787${path}`,
    { method, headers: accept === undefined ? {} : { accept } },
    env,
  );

describe('a known path by another method', () => {
  it.each([
    ['PUT', '/open-banking/v1/things', 'GET, HEAD, POST'],
    ['OPTIONS', '/open-banking/v1/things', 'GET, HEAD, POST'],
    ['GET', '/open-banking/v1/things/1', 'DELETE'],
    ['HEAD', '/open-banking/v1/things/1', 'DELETE'],
    ['GET', '/oauth/token', 'POST'],
    ['POST', '/docs/a/b', 'GET, HEAD'],
    ['PROPFIND', '/oauth/token', 'POST'],
  ])('%s %s: 405, Allow %s', async (method, path, allow) => {
    const answer = await ask(method, path);
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allow);
    if (method !== 'HEAD') expect(await answer.json()).toMatchObject({ code: 'method_not_allowed' });
  });

  it('is a page for a browser outside the API, as where it opens the address of a form', async () => {
    const page = await ask('GET', '/dashboard/form', 'text/html,*/*');
    expect([page.status, page.headers.get('allow')]).toEqual([405, 'POST']);
    expect(page.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    expect(await page.text()).toContain('Not here');
    const api = await ask('GET', '/oauth/token', 'text/html,*/*');
    expect(await api.json()).toMatchObject({ code: 'method_not_allowed' });
  });
});

describe('an unknown path', () => {
  it.each([
    '/open-banking/v1/nothings',
    '/open-banking/v1/things/1/2',
    '/open-banking/v1/things/',
    '/oauth',
    '/oauth/tokens',
    '/developer/v1/x',
    '/sandbox/x',
    '/.well-known/x',
    '/register/a/b',
    '/openapi.json',
  ])('of the API: %s is 404 in JSON, for a browser too', async (path) => {
    const answer = await ask('GET', path, 'text/html');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'not_found' });
    expect(answer.headers.get('allow')).toBeNull();
  });

  it('elsewhere is a page for a browser, JSON for others', async () => {
    const page = await ask('GET', '/about', 'text/html,*/*');
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
    const json = await ask('GET', '/about', '*/*');
    expect([json.status, await json.json()]).toMatchObject([404, { code: 'not_found' }]);
  });
});
