/** Bodies and refusals at the door: size, type, encoding, shape, and the one form of an error. */
import { env } from 'cloudflare:workers';
import { Hono } from 'hono';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { readForm, readJson } from '#edge/body.ts';
import { boundedCache, defineIsolateSlot } from '#edge/isolate.ts';
import { frameRequest } from '#edge/request-frame.ts';
import type { AppEnv } from '#edge/scope.ts';
import type { ErrorCode } from '#kernel/errors.ts';
import { type Refusal, refuse } from '#kernel/result.ts';
import { listLog, TEST_NOW_MS, testIsolate } from '../support/scope.ts';

const THING = v.object({
  name: v.pipe(v.string(), v.maxLength(5)),
  list: v.optional(v.array(v.object({ id: v.number() }))),
  kind: v.optional(v.picklist(['a', 'b'])),
});

function doors(refusal?: Refusal): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(frameRequest({ clock: { nowMs: () => TEST_NOW_MS }, isolate: testIsolate(), log: listLog().log }));
  app.post('/json', async (c) => {
    const thing = await readJson(c, THING);
    return thing.ok ? answerJson(c, thing.value, 200) : answerRefusal(c, thing.refusal);
  });
  app.post('/form', async (c) => {
    const form = await readForm(c);
    return form.ok ? answerJson(c, Object.fromEntries(form.value), 200) : answerRefusal(c, form.refusal);
  });
  app.on('GET', ['/api', '/oauth/x', '/oauthx', '/register', '/register/1'], (c) =>
    answerRefusal(c, refusal ?? refuse('not_found', 'test').refusal),
  );
  return app;
}

async function post(path: string, body: BodyInit | null, headers: Record<string, string>) {
  const answer = await doors().request(
    `http://localhost:8787${path}`,
    { method: 'POST', body, headers },
    env,
  );
  const value: Record<string, unknown> = await answer.json();
  return { status: answer.status, code: value['code'], value };
}

const json = (body: BodyInit | null, headers: Record<string, string> = {}) =>
  post('/json', body, { 'content-type': 'application/json', ...headers });
const form = (body: string, type = 'application/x-www-form-urlencoded') =>
  post('/form', body, { 'content-type': type });

describe('a JSON body', () => {
  it.each([
    ['{"name":"Basil"}', 'application/json'],
    ['{"name":"Basil"}', 'APPLICATION/JSON; charset=utf-8'],
    ['\n {"name":"Basil","other":1} ', 'application/json'],
    ['{"name":"Hazel","name":"Basil"}', 'application/json'],
  ])('%j as %s is read', async (body, type) => {
    expect(await json(body, { 'content-type': type })).toMatchObject({
      status: 200,
      value: { name: 'Basil' },
    });
  });

  it.each<[string, BodyInit | null, Record<string, string>, number, ErrorCode]>([
    ['without a type', '{"name":"Basil"}', { 'content-type': '' }, 415, 'unsupported_media_type'],
    ['of a text type', '{"name":"Basil"}', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['that is compressed', '{"name":"Basil"}', { 'content-encoding': 'gzip' }, 415, 'unsupported_media_type'],
    [
      'of identity encoding',
      '{"name":"Basil"}',
      { 'content-encoding': 'identity' },
      415,
      'unsupported_media_type',
    ],
    ['over the limit', `{"name":"${'x'.repeat(65_536)}"}`, {}, 413, 'payload_too_large'],
    [
      'over the limit, of another type',
      'x'.repeat(65_537),
      { 'content-type': 'a/b' },
      413,
      'payload_too_large',
    ],
    ['that is absent', null, {}, 400, 'invalid_request'],
    ['that is empty', '', {}, 400, 'invalid_request'],
    ['that is cut', '{"name":"Basil"', {}, 400, 'invalid_request'],
    ['that is a list', '[]', {}, 400, 'invalid_request'],
    ['that is null', 'null', {}, 400, 'invalid_request'],
    ['that is text', '"Basil"', {}, 400, 'invalid_request'],
    ['of no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}, 400, 'invalid_request'],
    ['nested deeply', '['.repeat(60_000), {}, 400, 'invalid_request'],
    ['of the wrong shape', '{"name":1}', {}, 400, 'invalid_request'],
  ])('%s is refused', async (_name, body, headers, status, code) => {
    expect(await json(body, headers)).toMatchObject({ status, code });
  });

  it('of exactly the limit is read, one byte more is not', async () => {
    const padded = (length: number) => `{"name":"Basil"}${' '.repeat(length - 16)}`;
    expect((await json(padded(65_536))).status).toBe(200);
    expect((await json(padded(65_537))).status).toBe(413);
  });

  it('that comes in pieces without a length is counted', async () => {
    const pieces = (count: number) =>
      new ReadableStream({
        start(controller) {
          for (let index = 0; index < count; index += 1) controller.enqueue(new Uint8Array(1_024).fill(0x20));
          controller.enqueue(new TextEncoder().encode('{"name":"Basil"}'));
          controller.close();
        },
      });
    expect((await json(pieces(10))).status).toBe(200);
    expect((await json(pieces(64))).status).toBe(413);
  });

  it('of the wrong shape is answered by member, in words that do not echo', async () => {
    const { value } = await json(
      '{"name":"hamster-wheel","list":[{"id":1},{"id":"hamster-wheel"}],"kind":"hamster-wheel"}',
    );
    expect(value['errors']).toEqual([
      { field: 'name', code: 'invalid', message: 'is out of bounds or of the wrong form' },
      { field: 'list.1.id', code: 'invalid', message: expect.stringContaining('right type') },
      { field: 'kind', code: 'invalid', message: expect.stringContaining('allowed values') },
    ]);
    expect(value['message']).toBe('Check these members: name, list.1.id, kind.');
    expect(JSON.stringify(value)).not.toContain('hamster-wheel');
    expect((await json('{}')).value['errors']).toEqual([
      { field: 'name', code: 'required', message: 'is required' },
    ]);
  });

  it('pollutes no prototype', async () => {
    expect((await json('{"name":"Basil","__proto__":{"polluted":1}}')).status).toBe(200);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('a form', () => {
  it.each([
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&b=', { a: '1' }],
    ['a=x+y%20z%2B', { a: 'x y z+' }],
    ['', {}],
    ['=1', { '': '1' }],
  ])('%j is read', async (body, value) => {
    expect(await form(body)).toMatchObject({ status: 200, value });
  });

  it.each(['a=1&a=1', 'a=1&a=', 'a=&a=', 'a&a', 'a=1&%61=2'])('%j names a parameter twice', async (body) => {
    expect(await form(body)).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain', ''])(
    'is not %j',
    async (type) => {
      expect(await form('a=1', type)).toMatchObject({ status: 415 });
    },
  );
});

describe('a refusal', () => {
  const ask = (path: string, refusal: Refusal) =>
    doors(refusal).request(`http://localhost:8787${path}`, {}, env);

  it.each<[ErrorCode, string, number, string | null]>([
    ['not_found', '/api', 404, null],
    ['invalid_request', '/api', 400, null],
    ['invalid_token', '/api', 401, 'Bearer realm="hamster-bank", error="invalid_token"'],
    ['invalid_consent', '/api', 401, 'Bearer realm="hamster-bank", error="invalid_token"'],
    ['insufficient_scope', '/api', 403, 'Bearer realm="hamster-bank", error="insufficient_scope"'],
    ['unauthorized_client', '/api', 403, null],
    ['unauthorized_client', '/oauth/x', 400, null],
    ['unauthorized_client', '/register', 400, null],
    ['invalid_client', '/oauth/x', 401, 'Bearer realm="hamster-bank"'],
    ['invalid_token', '/register/1', 401, 'Bearer realm="hamster-bank", error="invalid_token"'],
  ])('%s at %s is %d, challenge %s', async (code, path, status, challenge) => {
    const answer = await ask(path, refuse(code, 'why').refusal);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const given = answer.headers.get('www-authenticate');
    if (challenge === null) expect(given).toBeNull();
    else expect(given?.startsWith(challenge)).toBe(true);
    expect(JSON.stringify(await answer.json())).not.toContain('why');
  });

  it.each(['/oauth/x', '/register', '/register/1'])('has the members of OAuth at %s', async (path) => {
    const body: Record<string, unknown> = await (
      await ask(path, refuse('invalid_request', 'x').refusal)
    ).json();
    expect(body).toEqual({
      error: 'invalid_request',
      error_description: body['message'],
      code: 'invalid_request',
      message: 'The request is malformed.',
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it.each(['/api', '/oauthx'])('has the members of the API alone at %s', async (path) => {
    const body = await (await ask(path, refuse('invalid_request', 'x').refusal)).json();
    expect(Object.keys(body as object)).toEqual(['code', 'message', 'request_id']);
  });

  it.each<[ErrorCode, number | undefined, string | null]>([
    ['rate_limit_exceeded', 42, '42'],
    ['service_unavailable', undefined, '5'],
    ['invalid_request', 42, null],
  ])('%s retried after %s says %s', async (code, retryAfterSeconds, header) => {
    const more = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    expect((await ask('/api', refuse(code, 'x', more).refusal)).headers.get('retry-after')).toBe(header);
  });

  it('names the scope that would do, its own words free of quotes in the challenge', async () => {
    const refusal = refuse('insufficient_scope', 'x', {
      scope: 'accounts',
      message: 'Needs "accounts".',
    }).refusal;
    expect((await ask('/api', refusal)).headers.get('www-authenticate')).toBe(
      'Bearer realm="hamster-bank", error="insufficient_scope", error_description="Needs \'accounts\'.", scope="accounts"',
    );
  });
});

describe('what an isolate remembers', () => {
  it('is bounded: what was used longest ago goes', () => {
    const cache = boundedCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
    cache.set('c', 4);
    cache.delete('a');
    expect([cache.get('a'), cache.get('c')]).toEqual([undefined, 4]);
  });

  it('is its own', () => {
    const slot = defineIsolateSlot(() => ({ n: 0 }));
    const [one, other] = [testIsolate(), testIsolate()];
    slot.of(one).n = 1;
    expect([slot.of(one).n, slot.of(other).n]).toEqual([1, 0]);
  });
});
