/** The frame: what every answer carries, whatever happens, and the one log line of a request. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { HTTPException } from 'hono/http-exception';
import { describe, expect, it } from 'vitest';
import { createApp } from '#app.ts';
import { answerRefusal } from '#edge/answers.ts';
import { readText } from '#edge/body.ts';
import { outage } from '#edge/outage.ts';
import { refuse } from '#kernel/result.ts';
import { testApp } from '../support/app.ts';
import { PRODUCTION } from '../support/production.ts';
import { listLog, TEST_NOW_MS } from '../support/scope.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const HOST = 'http://localhost:8787';

/** The app, with routes that fail in each way there is. */
function faultyApp() {
  const { log, lines } = listLog();
  let nowMs = TEST_NOW_MS;
  const app = createApp({ clock: { nowMs: () => nowMs }, log });
  app.get('/test/items/:id', (c) => {
    nowMs += 12;
    c.var.scope.trace.clientId = 'client-1';
    return c.text('fine');
  });
  app.get('/test/refused', (c) => answerRefusal(c, refuse('invalid_consent', 'why it was').refusal));
  app.get('/test/bug', () => {
    throw new TypeError('cannot read property of undefined');
  });
  app.get('/test/thrown-text', () => {
    // oxlint-disable-next-line typescript/only-throw-error -- what a careless library does
    throw 'hamster-wheel';
  });
  app.get('/test/outage', () => {
    throw new Error('Failed query: select hamster-wheel', {
      cause: new Error('D1_ERROR: Network connection lost.'),
    });
  });
  app.get('/test/own-outage', () => {
    throw outage('object away');
  });
  app.get('/test/library/:status', (c) => {
    throw new HTTPException(Number(c.req.param('status')) as 400, {
      message: 'hamster-wheel',
      res: c.text('hamster-wheel'),
    });
  });
  app.get('/test/asset', (c) => c.env.ASSETS.fetch(new Request(`${HOST}/assets/none.css`)));
  app.post('/test/body', async (c) => {
    const body = await readText(c, ['application/json']);
    return body.ok ? c.text('read') : answerRefusal(c, body.refusal);
  });
  app.get('/test/immutable', () => Response.redirect('https://elsewhere.example/', 302));
  return { app, lines };
}

function expectFrame(answer: Response): void {
  expect(answer.headers.get('x-fapi-interaction-id')).toMatch(UUID);
  expect(answer.headers.get('date')).toMatch(/^\w{3}, \d{2} \w{3} 2026 \d{2}:\d{2}:\d{2} GMT$/);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
}

describe('every answer carries interaction id, Date and nosniff', () => {
  it.each([
    ['GET', '/test/items/1', 200],
    ['HEAD', '/test/items/1', 200],
    ['GET', '/test/refused', 401],
    ['GET', '/nowhere', 404],
    ['HEAD', '/nowhere', 404],
    ['GET', '/%', 404],
    ['GET', '//', 200],
    ['POST', '/test/nowhere', 404],
    ['GET', '/test/bug', 500],
    ['HEAD', '/test/bug', 500],
    ['GET', '/test/thrown-text', 500],
    ['GET', '/test/outage', 503],
    ['GET', '/test/own-outage', 503],
    ['GET', '/test/library/400', 400],
    ['GET', '/test/library/413', 413],
    ['GET', '/test/library/415', 415],
    ['GET', '/test/library/401', 500],
    ['GET', '/test/asset', 404],
    ['GET', '/test/immutable', 302],
  ])('%s %s: %d', async (method, path, status) => {
    const { app } = faultyApp();
    const answer = await app.request(`${HOST}${path}`, { method }, env);
    expect(answer.status).toBe(status);
    expectFrame(answer);
    if (status === 503) expect(answer.headers.get('retry-after')).toBe('5');
    const text = await answer.text();
    expect(text).not.toContain('hamster-wheel');
    if (method === 'HEAD') expect(text).toBe('');
  });

  it.each([
    [{ ENVIRONMENT: undefined }, 503, 'ENVIRONMENT'],
    [{ ENVIRONMENT: 'staging' }, 503, 'ENVIRONMENT'],
    [{ ISSUER: 'http://api.hamsterbank.ai' }, 503, 'ISSUER'],
    [{ ISSUER: 'https://api.hamsterbank.ai', ENVIRONMENT: 'production' }, 503, 'KEY_WRAPPING_SECRET'],
    [{ KEY_WRAPPING_SECRET: 'short' }, 503, 'KEY_WRAPPING_SECRET'],
    ...Object.keys(PRODUCTION).map(
      (name) =>
        [{ ...PRODUCTION, [name]: undefined }, 503, name] as [Record<string, unknown>, number, string],
    ),
    [{ ...PRODUCTION, SMOKE_API_KEY: '' }, 503, 'SMOKE_API_KEY'],
    [{ DB: undefined }, 500, 'TypeError'],
  ])('of a Worker with %j too: %d, the log naming %s', async (variables, status, named) => {
    for (const path of ['/status', '/oauth/token', '/nowhere', '/open-banking/v1/accounts']) {
      const { app, lines } = faultyApp();
      const answer = await app.request(`${HOST}${path}`, {}, { ...env, ...variables });
      expect(answer.status).toBe(status);
      expectFrame(answer);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('retry-after')).toBe(status === 503 ? '60' : null);
      const body: Record<string, unknown> = await answer.json();
      expect(body['request_id']).toBe(answer.headers.get('x-fapi-interaction-id'));
      expect(body['code']).toBe(status === 503 ? 'service_unavailable' : 'internal_error');
      expect('error' in body).toBe(path === '/oauth/token');
      expect(JSON.stringify(body)).not.toContain(named);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({ status, reason: expect.stringContaining(named) });
    }
  });
});

it('a local sandbox’s settings on the platform: 503 to all, the log naming ISSUER', async () => {
  for (const path of ['/status', '/oauth/token', '/nowhere']) {
    const app = testApp({ origin: 'https://name.account.workers.dev' });
    expect((await app.request(path)).status).toBe(503);
    expect(app.lines[0]?.reason).toContain('setting ISSUER: is a loopback address in a deployment');
  }
});

describe('what a raw socket can bring', () => {
  it.each([
    'http://bad host<>/nowhere',
    'http://%%%/nowhere',
    'http://[::zz]/nowhere',
    'http://a:99999/nowhere',
  ])('a Host that is none: %s is 400', async (url) => {
    const { app, lines } = faultyApp();
    const request = new Proxy(new Request(`${HOST}/nowhere`), {
      get: (target, name) => (name === 'url' ? url : Reflect.get(target, name, target)),
    });
    const answer = await app.fetch(request, env);
    expect(answer.status).toBe(400);
    expectFrame(answer);
    expect(await answer.json()).toMatchObject({ code: 'invalid_request' });
    expect(lines).toMatchObject([{ status: 400, reason: 'The Host header is not valid.' }]);
  });

  it.each(['/*', '/**', '//*'])('the path %s is framed once', async (path) => {
    const { app, lines } = faultyApp();
    const answer = await app.request(`${HOST}${path}`, {}, env);
    expect(await answer.json()).toMatchObject({ request_id: answer.headers.get('x-fapi-interaction-id') });
    expect(lines).toHaveLength(1);
  });

  it('a body that breaks off is 400', async () => {
    const { app, lines } = faultyApp();
    const body = new ReadableStream({
      pull(controller) {
        controller.error(new Error('Network connection lost.'));
      },
    });
    const headers = { 'content-type': 'application/json' };
    const answer = await app.request(`${HOST}/test/body`, { method: 'POST', headers, body }, env);
    expect(answer.status).toBe(400);
    expect(lines).toMatchObject([{ reason: 'The body could not be read to its end.' }]);
  });
});

describe('the interaction id', () => {
  it.each([
    '93bac548-d2de-4546-b106-880a5018460d',
    '93BAC548-D2DE-4546-B106-880A5018460D',
    '00000000-0000-0000-0000-000000000000',
  ])('%s is echoed', async (id) => {
    const { app, lines } = faultyApp();
    const answer = await app.request(`${HOST}/nowhere`, { headers: { 'x-fapi-interaction-id': id } }, env);
    expect(answer.headers.get('x-fapi-interaction-id')).toBe(id);
    expect(await answer.json()).toMatchObject({ request_id: id });
    expect(lines[0]?.request_id).toBe(id);
  });

  it.each(['', 'abc', '{93bac548-d2de-4546-b106-880a5018460d}', '93bac548-d2de-4546-b106-880a5018460d, 1'])(
    '"%s" is replaced',
    async (id) => {
      const { app } = faultyApp();
      const answer = await app.request(`${HOST}/nowhere`, { headers: { 'x-fapi-interaction-id': id } }, env);
      expect(answer.headers.get('x-fapi-interaction-id')).toMatch(UUID);
      expect(answer.headers.get('x-fapi-interaction-id')).not.toBe(id);
    },
  );
});

describe('the log', () => {
  it('has one line for a request: route pattern, client, status, time and hops, never the path or query', async () => {
    const { app, lines } = faultyApp();
    await app.request(`${HOST}/test/items/acc_1234567890?access_token=canary`, {}, env);
    expect(lines).toEqual([
      {
        event: 'request',
        request_id: expect.stringMatching(UUID),
        client_id: 'client-1',
        route: 'GET /test/items/:id',
        status: 200,
        ms: 12,
        d1: 0,
        objects: 0,
      },
    ]);
  });

  it('says why a request was refused', async () => {
    const { app, lines } = faultyApp();
    await app.request(`${HOST}/test/refused`, {}, env);
    expect(lines).toMatchObject([
      { event: 'request', status: 401, code: 'invalid_consent', reason: 'why it was' },
    ]);
  });

  it.each(['/nowhere/canary', '/test/items/1/canary'])('does not repeat %s', async (path) => {
    const { app, lines } = faultyApp();
    await app.request(`${HOST}${path}`, { method: 'POST' }, env);
    expect(lines).toMatchObject([{ route: 'POST unrouted', status: 404 }]);
    expect(JSON.stringify(lines)).not.toContain('canary');
  });

  it.each(['/test/outage', '/test/thrown-text', '/test/library/400'])(
    'tells no value of an exception: %s',
    async (path) => {
      const { app, lines } = faultyApp();
      await app.request(`${HOST}${path}`, {}, env);
      expect(lines).toHaveLength(1);
      expect(JSON.stringify(lines)).not.toContain('hamster-wheel');
    },
  );

  it('tells of work after the answer that failed, without the values, and lets it fail nothing else', async () => {
    const { app, lines } = faultyApp();
    app.get('/test/deferred', (c) => {
      c.var.scope.defer(Promise.reject(new Error('Failed query: select ?\nparams: hamster-wheel')));
      return c.text('fine');
    });
    const context = createExecutionContext();
    const answer = await app.fetch(new Request(`${HOST}/test/deferred`), env, context);
    await waitOnExecutionContext(context);
    expect(answer.status).toBe(200);
    expect(lines.find(({ event }) => event === 'deferred_failed')?.reason).toMatch(/^Error: failed query/);
    expect(JSON.stringify(lines)).not.toContain('hamster-wheel');
  });

  it('tells where a bug is', async () => {
    const { app, lines } = faultyApp();
    await app.request(`${HOST}/test/bug`, {}, env);
    expect(lines[0]?.reason).toMatch(/^TypeError: cannot read property of undefined at .*request-frame/);
  });
});

describe('Strict-Transport-Security', () => {
  const HTTPS = { ISSUER: 'https://sandbox.api.hamsterbank.ai' };

  it.each(['/oauth/jwks', '/nowhere', '/docs'])('stands in %s of an https issuer', async (path) => {
    const app = testApp({ bindings: HTTPS, origin: HTTPS.ISSUER });
    const answer = await app.request(path);
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it('does not stand in an answer over http, nor in those of an http issuer', async () => {
    const plain = testApp({ bindings: HTTPS, origin: 'http://sandbox.api.hamsterbank.ai' });
    expect((await plain.request('/oauth/jwks')).headers.has('strict-transport-security')).toBe(false);
    const local = testApp({ origin: 'https://localhost:8787' });
    expect((await local.request('/oauth/jwks')).headers.has('strict-transport-security')).toBe(false);
  });
});
