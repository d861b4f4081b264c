/** Keys behind a jwks_uri: how often they are fetched, and how long they serve when their host fails. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '#clients/client.ts';
import { isSignedByClient, isSignedByKnownKeys } from '#clients/client-keys.flow.ts';
import type { Isolate } from '#edge/isolate.ts';
import { TEST_NOW_MS, testIsolate, testScope } from '../support/scope.ts';
import { makeClient, makeKey, signAssertion, type TestKey } from '../support/test-client.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

interface Host {
  readonly uri: string;
  keys: readonly TestKey[];
  answer: 'set' | 'failure' | 'nonsense';
  fetched: number;
}

const hosts = new Map<string, Host>();

beforeEach(() => {
  vi.stubGlobal('fetch', async (input: RequestInfo | URL) => {
    const host = hosts.get(input instanceof Request ? input.url : String(input));
    if (host === undefined) return new Response('nothing here', { status: 404 });
    host.fetched += 1;
    await scheduler.wait(1);
    if (host.answer === 'failure') return new Response('down', { status: 500 });
    if (host.answer === 'nonsense') return Response.json({ keys: [{ kty: 'oct', k: 'AAAA' }] });
    return Response.json({ keys: host.keys.map((key) => key.publicJwk) });
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

async function hostedClient(...keys: readonly TestKey[]): Promise<{ client: Client; host: Host }> {
  const uri = `https://keys.example.com/${crypto.randomUUID()}`;
  const host: Host = { uri, keys, answer: 'set', fetched: 0 };
  hosts.set(uri, host);
  const { client } = await makeClient({ keys: { by: 'reference', jwksUri: uri } });
  return { client, host };
}

async function isSigned(client: Client, key: TestKey, isolate: Isolate, afterMs = 0): Promise<boolean> {
  const token = await signAssertion(client.clientId, key);
  const scope = testScope({ isolate, nowMs: TEST_NOW_MS + afterMs });
  const signed = { token, algorithm: key.algorithm };
  return (await isSignedByKnownKeys(scope, client, signed)) || isSignedByClient(scope, client, signed);
}

describe('a jwks_uri', () => {
  it('is fetched once in 5 minutes', async () => {
    const key = await makeKey();
    const { client, host } = await hostedClient(key);
    const isolate = testIsolate();
    for (const after of [0, SECOND, 5 * MINUTE - 1]) {
      expect(await isSigned(client, key, isolate, after)).toBe(true);
    }
    expect(host.fetched).toBe(1);
    expect(await isSigned(client, key, isolate, 5 * MINUTE)).toBe(true);
    expect(host.fetched).toBe(2);
  });

  it('is fetched once by requests that come together', async () => {
    const key = await makeKey();
    const { client, host } = await hostedClient(key);
    const isolate = testIsolate();
    const answers = await Promise.all(Array.from({ length: 20 }, () => isSigned(client, key, isolate)));
    expect(answers).toEqual(Array.from({ length: 20 }, () => true));
    expect(host.fetched).toBe(1);
  });

  it('is fetched again for an unknown kid, at most once in 30 s', async () => {
    const [old, fresh, foreign] = await Promise.all([makeKey(), makeKey(), makeKey()]);
    const { client, host } = await hostedClient(old);
    const isolate = testIsolate();
    expect(await isSigned(client, old, isolate)).toBe(true);
    host.keys = [old, fresh];
    expect(await isSigned(client, fresh, isolate, 29 * SECOND)).toBe(false);
    expect(host.fetched).toBe(1);
    expect(await isSigned(client, fresh, isolate, 30 * SECOND)).toBe(true);
    expect(host.fetched).toBe(2);
    for (const after of [31, 45, 59])
      expect(await isSigned(client, foreign, isolate, after * SECOND)).toBe(false);
    expect(host.fetched).toBe(2);
    expect(await isSigned(client, foreign, isolate, 60 * SECOND)).toBe(false);
    expect(host.fetched).toBe(3);
    expect(await isSigned(client, old, isolate, 61 * SECOND)).toBe(true);
  });

  it.each(['failure', 'nonsense'] as const)(
    'serves its last set 5 minutes more after a %s',
    async (answer) => {
      const key = await makeKey();
      const { client, host } = await hostedClient(key);
      const isolate = testIsolate();
      expect(await isSigned(client, key, isolate)).toBe(true);
      host.answer = answer;
      expect(await isSigned(client, key, isolate, 5 * MINUTE)).toBe(true);
      expect(await isSigned(client, key, isolate, 5 * MINUTE + SECOND)).toBe(true);
      // The failed host is left alone for a moment.
      expect(host.fetched).toBe(2);
      expect(await isSigned(client, key, isolate, 10 * MINUTE - 1)).toBe(true);
      expect(await isSigned(client, key, isolate, 10 * MINUTE)).toBe(false);
      host.answer = 'set';
      expect(await isSigned(client, key, isolate, 10 * MINUTE + 5 * SECOND)).toBe(true);
    },
  );

  it('never good proves nobody', async () => {
    const key = await makeKey();
    const { client, host } = await hostedClient(key);
    host.answer = 'failure';
    const isolate = testIsolate();
    expect(await isSigned(client, key, isolate)).toBe(false);
    expect(await isSigned(client, key, isolate, SECOND)).toBe(false);
    expect(host.fetched).toBe(1);
    host.answer = 'set';
    expect(await isSigned(client, key, isolate, 5 * SECOND)).toBe(true);
  });
});

describe('keys in the record', () => {
  it('are imported once a version', async () => {
    const key = await makeKey();
    const { client } = await makeClient({ key });
    const isolate = testIsolate();
    const imported = vi.spyOn(crypto.subtle, 'importKey');
    for (let n = 0; n < 3; n += 1) expect(await isSigned(client, key, isolate)).toBe(true);
    expect(imported).toHaveBeenCalledTimes(1);
    expect(await isSigned({ ...client, version: 2 }, key, isolate)).toBe(true);
    expect(imported).toHaveBeenCalledTimes(2);
    imported.mockRestore();
  });

  it('that cannot be imported prove nobody', async () => {
    const key = await makeKey();
    const off = { ...key.publicJwk, y: key.publicJwk['x'] };
    const { client } = await makeClient({ keys: { by: 'value', jwks: { keys: [off] } } });
    expect(await isSigned(client, key, testIsolate())).toBe(false);
  });
});
