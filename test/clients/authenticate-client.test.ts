/** Client authentication by private_key_jwt: what is asked of an assertion, of whom, in which order, and how often. */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AdmissionRefusal } from '#clients/admit-client.flow.ts';
import { type Authenticated, authenticateClient } from '#clients/authenticate-client.flow.ts';
import type { Isolate } from '#edge/isolate.ts';
import type { Result } from '#kernel/result.ts';
import { countingEnv } from '../support/counting-env.ts';
import { TEST_NOW_MS, testIsolate, testScope } from '../support/scope.ts';
import {
  type AssertionParts,
  makeClient,
  makeKey,
  signAssertion,
  TEST_ISSUER,
  type TestClient,
} from '../support/test-client.ts';

const NOW = TEST_NOW_MS / 1000;
const TOKEN_URL = `${TEST_ISSUER}/oauth/token`;
const counting = countingEnv();

interface Call {
  readonly isolate?: Isolate;
  readonly nowMs?: number;
  readonly authorizationHeader?: string;
  readonly parameters?: Record<string, string>;
}

async function authenticate(
  credentials: Record<string, string>,
  { isolate = testIsolate(), nowMs = TEST_NOW_MS, authorizationHeader, parameters = {} }: Call = {},
): Promise<Result<Authenticated, AdmissionRefusal>> {
  counting.reset();
  return authenticateClient(testScope({ isolate, nowMs, bindings: { ...counting.env } }), {
    parameters: new Map(Object.entries({ ...credentials, ...parameters })),
    authorizationHeader,
    audiences: [TEST_ISSUER, TOKEN_URL],
  });
}

function codeOf(result: Result<Authenticated, AdmissionRefusal>): string {
  return result.ok ? 'authenticated' : result.refusal.code;
}

let client: TestClient;
/** An isolate that has seen the client. */
let warm: Isolate;

beforeAll(async () => {
  client = await makeClient();
  warm = testIsolate();
  expect(codeOf(await authenticate(await client.credentials(), { isolate: warm }))).toBe('authenticated');
  // Each test below starts in a window of its own.
  await env.CLIENTS.get(env.CLIENTS.idFromName(client.clientId)).setLimit(1_000_000);
});

describe('an assertion that is taken', () => {
  it.each<[string, AssertionParts]>([
    ['aud = issuer', {}],
    ['aud = token URL', { claims: { aud: TOKEN_URL } }],
    ['aud = both', { claims: { aud: [TEST_ISSUER, TOKEN_URL] } }],
    ['exp 1800 s ahead', { claims: { exp: NOW + 1800 } }],
    ['exp 1 s ahead', { claims: { exp: NOW + 1 } }],
    ['iat and nbf 10 s ahead', { claims: { iat: NOW + 10, nbf: NOW + 10 } }],
    ['no iat', { claims: { iat: undefined } }],
    ['typ JWT', { header: { typ: 'JWT' } }],
    ['typ client-authentication+jwt', { header: { typ: 'client-authentication+jwt' } }],
    ['no kid', { header: { kid: undefined } }],
    ['a fraction in exp', { claims: { exp: NOW + 60.5 } }],
  ])('%s', async (_name, parts) => {
    expect(codeOf(await authenticate(await client.credentials(parts), { isolate: warm }))).toBe(
      'authenticated',
    );
    expect(counting.hops).toMatchObject({ d1: 0, objects: 1 });
  });

  it('client_id may be left out', async () => {
    const { client_id: _left, ...credentials } = await client.credentials();
    expect(codeOf(await authenticate(credentials, { isolate: warm }))).toBe('authenticated');
  });

  it.each(['PS256', 'ES256', 'EdDSA'] as const)('%s', async (algorithm) => {
    const other = await makeClient({ key: await makeKey(algorithm) });
    expect(codeOf(await authenticate(await other.credentials()))).toBe('authenticated');
  });

  it('EdDSA by a key that calls itself Ed25519, as browsers and Node export it', async () => {
    const key = await makeKey('EdDSA');
    const jwk = { ...key.publicJwk, alg: 'Ed25519' };
    const other = await makeClient({ key, keys: { by: 'value', jwks: { keys: [jwk] } } });
    expect(codeOf(await authenticate(await other.credentials()))).toBe('authenticated');
  });

  it('no kid among several keys of one type', async () => {
    const keys = await Promise.all([makeKey(), makeKey(), makeKey('PS256'), makeKey()]);
    const last = keys[3];
    const other = await makeClient({
      key: last,
      keys: { by: 'value', jwks: { keys: keys.map((key) => key.publicJwk) } },
    });
    expect(codeOf(await authenticate(await other.credentials({ header: { kid: undefined } })))).toBe(
      'authenticated',
    );
  });
});

describe('an assertion that reaches nobody', () => {
  it.each<[string, AssertionParts]>([
    ['exp now', { claims: { exp: NOW } }],
    ['exp 5 minutes past', { claims: { exp: NOW - 300 } }],
    ['exp 1801 s ahead', { claims: { exp: NOW + 1801 } }],
    ['no exp', { claims: { exp: undefined } }],
    ['exp a string', { claims: { exp: String(NOW + 60) } }],
    ['iat 11 s ahead', { claims: { iat: NOW + 11 } }],
    ['nbf 11 s ahead', { claims: { nbf: NOW + 11 } }],
    ['iat a string', { claims: { iat: 'now' } }],
    ['no jti', { claims: { jti: undefined } }],
    ['empty jti', { claims: { jti: '' } }],
    ['jti a number', { claims: { jti: 7 } }],
    ['no iss', { claims: { iss: undefined } }],
    ['no sub', { claims: { sub: undefined } }],
    ['iss another', { claims: { iss: crypto.randomUUID() } }],
    ['sub another', { claims: { sub: crypto.randomUUID() } }],
    ['no aud', { claims: { aud: undefined } }],
    ['aud another', { claims: { aud: 'https://bank.example' } }],
    ['aud ours and another', { claims: { aud: [TEST_ISSUER, 'https://bank.example'] } }],
    ['aud empty', { claims: { aud: [] } }],
    ['aud nested', { claims: { aud: [[TEST_ISSUER]] } }],
    ['aud the PAR URL', { claims: { aud: `${TEST_ISSUER}/oauth/par` } }],
    ['typ at+jwt', { header: { typ: 'at+jwt' } }],
    ['typ a number', { header: { typ: 7 } }],
  ])('%s', async (_name, parts) => {
    const result = await authenticate(await client.credentials(parts), { isolate: warm });
    expect(codeOf(result)).toBe('invalid_client');
    expect(counting.hops).toMatchObject({ d1: 0, objects: 0 });
  });

  it.each<[string, (token: string) => string]>([
    ['no JWT', () => 'hamster'],
    ['two parts', (token) => token.split('.').slice(0, 2).join('.')],
    ['alg none', (token) => `${btoa('{"alg":"none"}').replaceAll('=', '')}.${token.split('.')[1]}.`],
    ['alg RS256', (token) => `${btoa('{"alg":"RS256"}').replaceAll('=', '')}.${token.split('.')[1]}.x`],
    ['alg HS256', (token) => `${btoa('{"alg":"HS256"}').replaceAll('=', '')}.${token.split('.')[1]}.x`],
    [
      'crit',
      (token) =>
        `${btoa('{"alg":"ES256","crit":["b64"],"b64":true}').replaceAll('=', '')}.${token.split('.')[1]}.x`,
    ],
    ['overlong', (token) => `${token}${'A'.repeat(8192)}`],
  ])('%s', async (_name, spoil) => {
    const credentials = await client.credentials();
    const result = await authenticate(
      { ...credentials, client_assertion: spoil(credentials['client_assertion'] ?? '') },
      { isolate: warm },
    );
    expect(codeOf(result)).toBe('invalid_client');
    expect(counting.hops).toMatchObject({ d1: 0, objects: 0 });
  });

  it.each<[string, string, Call]>([
    ['a client_secret beside it', 'invalid_request', { parameters: { client_secret: 'x' } }],
    ['Basic beside it', 'invalid_request', { authorizationHeader: 'Basic eDp5' }],
    ['another assertion type', 'invalid_client', { parameters: { client_assertion_type: 'urn:x' } }],
    ['another client_id', 'invalid_client', { parameters: { client_id: crypto.randomUUID() } }],
  ])('%s', async (_name, code, call) => {
    expect(codeOf(await authenticate(await client.credentials(), { ...call, isolate: warm }))).toBe(code);
    expect(counting.hops).toMatchObject({ d1: 0, objects: 0 });
  });

  it('none at all', async () => {
    expect(codeOf(await authenticate({ client_id: client.clientId }))).toBe('invalid_client');
    expect(codeOf(await authenticate({}, { authorizationHeader: 'Basic eDp5' }))).toBe('invalid_client');
    expect(counting.hops).toMatchObject({ d1: 0, objects: 0 });
  });
});

describe('a wrong signature', () => {
  it('reads like an unknown client', async () => {
    const foreign = await makeKey();
    const wrong = await authenticate(await client.credentials({ key: foreign }));
    const unknown = crypto.randomUUID();
    const nobody = await authenticate({
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await signAssertion(unknown, foreign),
    });
    expect(wrong).toMatchObject({ ok: false, refusal: { code: 'invalid_client' } });
    expect(nobody).toMatchObject({ ok: false, refusal: { code: 'invalid_client' } });
    for (const result of [wrong, nobody]) {
      expect(result.ok ? undefined : Object.keys(result.refusal).sort()).toEqual(['code', 'reason']);
    }
  });

  it('reaches no object, and D1 once in 2 s however often it is sent', async () => {
    const other = await makeClient();
    const isolate = testIsolate();
    const foreign = await makeKey();
    let d1 = 0;
    for (let n = 0; n < 10; n += 1) {
      const result = await authenticate(await other.credentials({ key: foreign }), {
        isolate,
        nowMs: TEST_NOW_MS + n * 100,
      });
      expect(codeOf(result)).toBe('invalid_client');
      expect(counting.hops.objects).toBe(0);
      d1 += counting.hops.d1;
    }
    expect(d1).toBe(1);
    await authenticate(await other.credentials({ key: foreign }), { isolate, nowMs: TEST_NOW_MS + 2_000 });
    expect(counting.hops.d1).toBe(1);
  });

  it('reaches D1 once when sent many times at once', async () => {
    const other = await makeClient();
    const foreign = await makeKey();
    const credentials = await Promise.all(
      Array.from({ length: 20 }, () => other.credentials({ key: foreign })),
    );
    const isolate = testIsolate();
    const local = countingEnv();
    await Promise.all(
      credentials.map((one) =>
        authenticateClient(testScope({ isolate, bindings: { ...local.env } }), {
          parameters: new Map(Object.entries(one)),
          authorizationHeader: undefined,
          audiences: [TEST_ISSUER],
        }),
      ),
    );
    expect(local.hops).toMatchObject({ d1: 1, objects: 0 });
  });

  it('spends neither the window nor the jti memory of the client it names', async () => {
    const other = await makeClient();
    const foreign = await makeKey();
    const jti = crypto.randomUUID();
    for (let n = 0; n < 5; n += 1)
      await authenticate(await other.credentials({ key: foreign, claims: { jti } }));
    expect(await authenticate(await other.credentials({ claims: { jti } }))).toMatchObject({
      ok: true,
      value: { window: { remaining: 99 } },
    });
  });

  it('is limited by its source before D1', async () => {
    const other = await makeClient();
    let refused = 0;
    const local = countingEnv();
    const credentials = await other.credentials({ key: await makeKey() });
    for (let n = 0; n < 80; n += 1) {
      const result = await authenticateClient(
        testScope({
          isolate: testIsolate(),
          url: 'https://sandbox.api.hamsterbank.ai/oauth/token',
          bindings: { ...local.env },
        }),
        {
          parameters: new Map(Object.entries(credentials)),
          authorizationHeader: undefined,
          audiences: [TEST_ISSUER],
        },
      );
      if (codeOf(result) === 'rate_limit_exceeded') refused += 1;
    }
    expect(refused).toBeGreaterThan(0);
    expect(local.hops.d1).toBe(80 - refused);
  });

  it('of an algorithm other than the registered one', async () => {
    const ps = await makeKey('PS256');
    const es = await makeKey('ES256');
    const other = await makeClient({
      key: ps,
      keys: { by: 'value', jwks: { keys: [ps.publicJwk, es.publicJwk] } },
      assertionAlgorithm: 'PS256',
    });
    expect(codeOf(await authenticate(await other.credentials()))).toBe('authenticated');
    expect(codeOf(await authenticate(await other.credentials({ key: es })))).toBe('invalid_client');
  });
});

describe('single use', () => {
  it('lets one of 50 parallel uses of each assertion through', async () => {
    const other = await makeClient();
    await env.CLIENTS.get(env.CLIENTS.idFromName(other.clientId)).setLimit(1_000_000);
    const isolates = [testIsolate(), testIsolate()];
    const rounds = env.TEST_LENGTH === 'long' ? 50 : 4;
    for (let round = 0; round < rounds; round += 1) {
      const credentials = await other.credentials();
      const results = await Promise.all(
        Array.from({ length: 50 }, (_one, n) =>
          authenticate(credentials, { isolate: isolates[n % 2] as Isolate }),
        ),
      );
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      const refused = results.filter(({ ok }) => !ok).map(codeOf);
      expect(new Set(refused)).toEqual(new Set(['invalid_client']));
    }
  });

  it('a replay counts, and says what is left', async () => {
    const other = await makeClient();
    const credentials = await other.credentials();
    await authenticate(credentials);
    expect(await authenticate(credentials)).toMatchObject({
      ok: false,
      refusal: { code: 'invalid_client', window: { limit: 100, remaining: 98 } },
    });
  });
});

describe('a blocked client', () => {
  it('costs no object call until its window ends', async () => {
    const other = await makeClient();
    await env.CLIENTS.get(env.CLIENTS.idFromName(other.clientId)).setLimit(2);
    const isolate = testIsolate();
    for (let n = 0; n < 2; n += 1) {
      expect(codeOf(await authenticate(await other.credentials(), { isolate }))).toBe('authenticated');
    }
    expect(
      await authenticate(await other.credentials(), { isolate, nowMs: TEST_NOW_MS + 1_500 }),
    ).toMatchObject({
      refusal: { code: 'rate_limit_exceeded', retryAfterSeconds: 59, window: { remaining: 0 } },
    });
    expect(counting.hops.objects).toBe(1);
    for (const [afterMs, seconds] of [
      [20_000, 40],
      [59_999, 1],
    ] as const) {
      const nowMs = TEST_NOW_MS + afterMs;
      expect(await authenticate(await other.credentials(), { isolate, nowMs })).toMatchObject({
        refusal: {
          code: 'rate_limit_exceeded',
          retryAfterSeconds: seconds,
          window: { resetSeconds: seconds },
        },
      });
      expect(counting.hops).toMatchObject({ d1: 0, objects: 0 });
    }
    const nowMs = TEST_NOW_MS + 60_000;
    const credentials = await other.credentials({ claims: { exp: nowMs / 1000 + 60 } });
    expect(codeOf(await authenticate(credentials, { isolate, nowMs }))).toBe('authenticated');
  });
});

describe('a client changed behind an isolate', () => {
  it('is judged by its new keys at its next request: the old key', async () => {
    const other = await makeClient();
    const isolate = testIsolate();
    expect(codeOf(await authenticate(await other.credentials(), { isolate }))).toBe('authenticated');
    const key = await makeKey();
    await other.change({ keys: { by: 'value', jwks: { keys: [key.publicJwk] } } });
    expect(codeOf(await authenticate(await other.credentials(), { isolate }))).toBe('invalid_client');
    expect(counting.hops).toMatchObject({ d1: 1, objects: 1 });
    // From then on the isolate has the new record.
    expect(codeOf(await authenticate(await other.credentials(), { isolate }))).toBe('invalid_client');
    expect(counting.hops.objects).toBe(0);
  });

  it('is judged by its new keys within 2 s: the new key', async () => {
    const other = await makeClient();
    const isolate = testIsolate();
    await authenticate(await other.credentials(), { isolate });
    const key = await makeKey();
    await other.change({ keys: { by: 'value', jwks: { keys: [key.publicJwk] } } });
    const nowMs = TEST_NOW_MS + 2_000;
    expect(codeOf(await authenticate(await other.credentials({ key }), { isolate, nowMs }))).toBe(
      'authenticated',
    );
    expect(counting.hops).toMatchObject({ d1: 1, objects: 1 });
  });

  it('comes back with its new record', async () => {
    const other = await makeClient();
    const isolate = testIsolate();
    await authenticate(await other.credentials(), { isolate });
    await other.change({ scopes: ['openid'], redirectUris: ['https://new.example/'] });
    expect(await authenticate(await other.credentials(), { isolate })).toMatchObject({
      ok: true,
      value: { client: { version: 2, scopes: ['openid'], redirectUris: ['https://new.example/'] } },
    });
  });

  it.each(['ended', 'suspended'] as const)('is refused at once when %s', async (status) => {
    const other = await makeClient();
    const isolate = testIsolate();
    await authenticate(await other.credentials(), { isolate });
    await other.change({ status });
    expect(codeOf(await authenticate(await other.credentials(), { isolate }))).toBe('invalid_client');
    expect(codeOf(await authenticate(await other.credentials()))).toBe('invalid_client');
  });
});
