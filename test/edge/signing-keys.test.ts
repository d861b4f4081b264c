/** Keys and secrets as isolates use them: one ring for all, asked for once a minute, done without for an hour. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { KeyRing } from '#edge/key-ring.object.ts';
import type { RingAnswer } from '#edge/key-ring.ts';
import { isOutage } from '#edge/outage.ts';
import { oneTimeCodeDigest, pairwiseSubject, seal, unseal } from '#edge/secrets.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { fromBase64Url } from '#kernel/encoding.ts';
import { PRODUCTION } from '../support/production.ts';
import { listLog, TEST_NOW_MS, testIsolate, testScope } from '../support/scope.ts';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const WRAPPING_SECRET = 'A'.repeat(43);

/** The object the Worker uses; `freshRing` gives tests that change the ring one of their own. */
function ringStub() {
  return env.KEY_RING.get(env.KEY_RING.idFromName('ring'));
}

/** A namespace with a real object of its own under other variables, counting the calls and failing on demand. */
function freshRing(variables: Record<string, unknown> = {}) {
  const stub = env.KEY_RING.get(env.KEY_RING.newUniqueId());
  const state = { calls: 0, failing: false };
  const use = <T>(work: (ring: KeyRing) => Promise<T>): Promise<T> =>
    runInDurableObject(stub, (_ring, objectState) =>
      work(new KeyRing(objectState, { ...env, ...variables })),
    );
  const namespace = {
    idFromName: (name: string) => name,
    get: () => ({
      ring: async (nowMs: number): Promise<RingAnswer> => {
        state.calls += 1;
        if (state.failing) throw Object.assign(new Error('Network connection lost.'), { retryable: true });
        return structuredClone(await use((ring) => ring.ring(nowMs)));
      },
    }),
  };
  /** Lets the alarm come, so long after the tests' time. */
  const alarmAt = (ms: number): Promise<void> =>
    runInDurableObject(stub, async (_ring, objectState) => {
      objectState.storage.kv.put('alarm', { dueMs: TEST_NOW_MS + ms, ownMs: Date.now() });
      await new KeyRing(objectState, { ...env, ...variables }).alarm();
    });
  return { stub, state, use, alarmAt, bindings: { ...variables, KEY_RING: namespace } };
}

const claims = { sub: 'someone', exp: TEST_NOW_MS / 1000 + 600 };

async function outageOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    expect(isOutage(error)).toBe(true);
    return String(error);
  }
  throw new Error('no outage');
}

describe('one ring', () => {
  it('signs with keys that another isolate verifies', async () => {
    const one = await signingKeys(testScope());
    const other = await signingKeys(testScope());
    const token = await one.sign(claims, { algorithm: 'ES256', typ: 'at+jwt' });
    const { payload } = await jwtVerify(token, other.verifyKey, {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      currentDate: new Date(TEST_NOW_MS),
    });
    expect(payload.sub).toBe('someone');
    expect(other.publicJwks().keys.map((key) => key.kid)).toContain(decodeProtectedHeader(token).kid);
  });

  it('makes one ring however many ask at once', async () => {
    const { use } = freshRing();
    const answers = await use((ring) =>
      Promise.all(Array.from({ length: 20 }, () => ring.ring(TEST_NOW_MS))),
    );
    const kids = answers.map((answer) => (answer.ok ? answer.ring.keys.map((key) => key.kid).join() : 'no'));
    expect(new Set(kids).size).toBe(1);
  });

  it('publishes no private member', async () => {
    await ringStub().ring(TEST_NOW_MS);
    await runDurableObjectAlarm(ringStub());
    const keys = await signingKeys(testScope());
    const published = keys.publicJwks().keys;
    expect(published.map((key) => key.alg).sort()).toEqual(['ES256', 'PS256', 'RS256']);
    for (const key of published) {
      for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(member);
      expect(key).toMatchObject({ use: 'sig', kid: expect.stringMatching(/^[\w-]{43}$/) });
    }
  });

  it('keeps the directory apart from the bank', async () => {
    const keys = await signingKeys(testScope());
    const statement = await keys.directory?.sign({ iss: 'directory' }, { typ: 'JWT' });
    expect(statement).toBeDefined();
    await expect(jwtVerify(String(statement), keys.verifyKey)).rejects.toMatchObject({
      code: 'ERR_JWKS_NO_MATCHING_KEY',
    });
    const directory = keys.directory;
    if (directory === undefined) throw new Error('no directory');
    expect((await jwtVerify(String(statement), directory.verifyKey)).payload.iss).toBe('directory');
  });

  it('hands out keys that cannot be extracted', async () => {
    const { secrets } = await signingKeys(testScope());
    for (const key of Object.values(secrets)) expect(key.extractable).toBe(false);
  });

  it('does not sign what outlives a retired key', async () => {
    const keys = await signingKeys(testScope());
    const exp = TEST_NOW_MS / 1000 + 3_601;
    await expect(keys.sign({ exp }, { algorithm: 'ES256', typ: 'JWT' })).rejects.toThrow('within an hour');
    await expect(keys.sign({}, { algorithm: 'ES256', typ: 'JWT' })).rejects.toThrow('within an hour');
  });
});

describe('the isolate', () => {
  it('asks once a minute, and never for an unknown kid', async () => {
    const { state, bindings } = freshRing();
    const isolate = testIsolate();
    const at = (ms: number) => signingKeys(testScope({ isolate, bindings, nowMs: TEST_NOW_MS + ms }));
    await at(0);
    const keys = await at(MINUTE - 1);
    expect(state.calls).toBe(1);
    const foreign = await (await signingKeys(testScope())).sign(claims, { algorithm: 'ES256', typ: 'JWT' });
    await expect(jwtVerify(foreign, keys.verifyKey)).rejects.toMatchObject({
      code: 'ERR_JWKS_NO_MATCHING_KEY',
    });
    expect(state.calls).toBe(1);
    await at(MINUTE);
    expect(state.calls).toBe(2);
  });

  it('imports no key again, when warm or when the ring is the same', async () => {
    const { bindings } = freshRing();
    const isolate = testIsolate();
    await signingKeys(testScope({ isolate, bindings }));
    const imports = vi.spyOn(crypto.subtle, 'importKey');
    const unwraps = vi.spyOn(crypto.subtle, 'unwrapKey');
    const warm = await signingKeys(testScope({ isolate, bindings }));
    await warm.sign(claims, { algorithm: 'ES256', typ: 'JWT' });
    await signingKeys(testScope({ isolate, bindings, nowMs: TEST_NOW_MS + MINUTE }));
    expect(imports.mock.calls.length + unwraps.mock.calls.length).toBe(0);
    vi.restoreAllMocks();
  });

  it('goes on for an hour when the object does not answer, asking again every five seconds', async () => {
    const { state, bindings } = freshRing();
    const isolate = testIsolate();
    const { log, lines } = listLog();
    const at = (ms: number) => signingKeys(testScope({ isolate, bindings, log, nowMs: TEST_NOW_MS + ms }));
    await at(0);
    state.failing = true;
    await at(MINUTE);
    expect(state.calls).toBe(3);
    await at(MINUTE + 4_999);
    expect(state.calls).toBe(3);
    await at(MINUTE + 5_000);
    expect(state.calls).toBe(5);
    expect(lines.filter((line) => line.event === 'key_ring_stale')).toHaveLength(2);
    await at(60 * MINUTE - 1);
    expect(await outageOf(at(60 * MINUTE))).toContain('object call failed');
    expect(await outageOf(at(60 * MINUTE + 1))).toContain('object call failed');
    state.failing = false;
    await at(60 * MINUTE + 2);
  });

  it('has no ring to go on with at first: an outage', async () => {
    const { state, bindings } = freshRing();
    state.failing = true;
    await outageOf(signingKeys(testScope({ bindings })));
  });

  it('signs by RSA only after the alarm, and finds such a key without waiting for the minute', async () => {
    const { bindings, alarmAt } = freshRing();
    const isolate = testIsolate();
    const at = (ms: number) => signingKeys(testScope({ isolate, bindings, nowMs: TEST_NOW_MS + ms }));
    const sign = async (ms: number) => (await at(ms)).sign(claims, { algorithm: 'PS256', typ: 'JWT' });
    expect(await outageOf(sign(0))).toContain('no PS256 key yet');
    await alarmAt(0);
    const token = await sign(1_000);
    await jwtVerify(token, (await at(1_000)).verifyKey, {
      algorithms: ['PS256'],
      currentDate: new Date(TEST_NOW_MS),
    });
  });
});

describe('wrapping', () => {
  it('keeps nothing readable under a secret, and works', async () => {
    const { bindings, alarmAt, stub } = freshRing({ KEY_WRAPPING_SECRET: WRAPPING_SECRET });
    const keys = await signingKeys(testScope({ bindings }));
    await keys.sign(claims, { algorithm: 'ES256', typ: 'JWT' });
    await alarmAt(0);
    const rows = await runInDurableObject(stub, (_ring, state) => [
      ...state.storage.sql.exec('SELECT private_key AS kept, wrapping_id FROM keys').toArray(),
      ...state.storage.sql.exec('SELECT value AS kept, wrapping_id FROM secrets').toArray(),
    ]);
    expect(rows).toHaveLength(7);
    for (const row of rows) {
      expect(row['wrapping_id']).toMatch(/^[\w-]{11}$/);
      await expect(
        crypto.subtle.importKey(
          'pkcs8',
          fromBase64Url(row['kept'] as string) ?? new Uint8Array(),
          { name: 'ECDSA', namedCurve: 'P-256' },
          false,
          ['sign'],
        ),
      ).rejects.toThrow();
    }
  });

  it.each([
    ['another secret', { KEY_WRAPPING_SECRET: `${'B'.repeat(42)}A` }],
    ['no secret', { KEY_WRAPPING_SECRET: '' }],
  ])('with %s is an outage that makes no key', async (_name, variables) => {
    const { stub, use } = freshRing({ KEY_WRAPPING_SECRET: WRAPPING_SECRET });
    await use((ring) => ring.ring(TEST_NOW_MS));
    const count = () =>
      runInDurableObject(stub, (_ring, state) =>
        state.storage.sql.exec('SELECT count(*) AS n FROM keys').one(),
      );
    const before = await count();
    const answer = await runInDurableObject(stub, async (_ring, state) => {
      const ring = new KeyRing(state, { ...env, ...variables });
      await ring.alarm();
      await ring.rotate(TEST_NOW_MS);
      return ring.ring(TEST_NOW_MS);
    });
    expect(answer).toEqual({ ok: false, reason: expect.stringContaining('KEY_WRAPPING_SECRET') });
    expect(await count()).toEqual(before);
  });

  it('in production refuses a ring that lies unwrapped', async () => {
    const { stub, use } = freshRing();
    await use((ring) => ring.ring(TEST_NOW_MS));
    const answer = await runInDurableObject(stub, (_ring, state) =>
      new KeyRing(state, { ...env, ...PRODUCTION }).ring(TEST_NOW_MS),
    );
    expect(answer).toEqual({ ok: false, reason: expect.stringContaining('unwrapped') });
  });

  it('in production works with a secret, and has no directory', async () => {
    const { bindings } = freshRing(PRODUCTION);
    const keys = await signingKeys(testScope({ bindings }));
    expect(keys.directory).toBeUndefined();
    expect(await pairwiseSubject(keys, 'o', 't', 'c')).toMatch(/^[\w-]{43}$/);
  });

  it('binds a key to its place: one put in another place does not unwrap', async () => {
    const { bindings, stub, use } = freshRing({ KEY_WRAPPING_SECRET: WRAPPING_SECRET });
    await use((ring) => ring.ring(TEST_NOW_MS));
    await runInDurableObject(stub, (_ring, state) => {
      state.storage.sql.exec(
        `UPDATE secrets SET value = (SELECT value FROM secrets WHERE name = 'seal') WHERE name = 'pairwise'`,
      );
    });
    expect(await outageOf(signingKeys(testScope({ bindings })))).toContain('does not unwrap');
  });
});

describe('rotation', () => {
  async function kidAt(
    bindings: Record<string, unknown>,
    ms: number,
  ): Promise<{ kid: unknown; published: readonly string[] }> {
    const nowMs = TEST_NOW_MS + ms;
    const keys = await signingKeys(testScope({ bindings, nowMs }));
    const token = await keys.sign({ exp: nowMs / 1000 + 600 }, { algorithm: 'ES256', typ: 'JWT' });
    return {
      kid: decodeProtectedHeader(token).kid,
      published: keys
        .publicJwks()
        .keys.filter((key) => key.alg === 'ES256')
        .map((key) => key.kid),
    };
  }

  it('publishes the next key ten minutes before it signs, and the old one until its last token is over', async () => {
    const { bindings, use } = freshRing();
    const first = await kidAt(bindings, 0);
    const change = await use((ring) => ring.rotate(TEST_NOW_MS, String(first.kid)));
    const next = change.ok ? change.kids[0] : undefined;
    const before = await kidAt(bindings, 10 * MINUTE - 1);
    expect(before).toEqual({ kid: first.kid, published: expect.arrayContaining([first.kid, next]) });
    const after = await kidAt(bindings, 10 * MINUTE);
    expect(after).toEqual({ kid: next, published: expect.arrayContaining([first.kid, next]) });
    const end = 10 * MINUTE + 2 * 60 * MINUTE;
    expect((await kidAt(bindings, end - 1)).published).toContain(first.kid);
    expect((await kidAt(bindings, end)).published).toEqual([next]);
  });

  it('changes over in an isolate that last asked before the change', async () => {
    const { bindings, use, state } = freshRing();
    const first = await kidAt(bindings, 0);
    await use((ring) => ring.rotate(TEST_NOW_MS, String(first.kid)));
    const isolate = testIsolate();
    await signingKeys(testScope({ bindings, isolate, nowMs: TEST_NOW_MS + 1 }));
    const calls = state.calls;
    const nowMs = TEST_NOW_MS + 10 * MINUTE;
    state.failing = true;
    const keys = await signingKeys(testScope({ bindings, isolate, nowMs }));
    const token = await keys.sign({ exp: nowMs / 1000 + 600 }, { algorithm: 'ES256', typ: 'JWT' });
    expect(decodeProtectedHeader(token).kid).not.toBe(first.kid);
    expect(state.calls).toBeGreaterThan(calls);
  });

  it('twice makes one next key; an unknown kid changes nothing', async () => {
    const { use } = freshRing();
    const answer = await use((ring) => ring.ring(TEST_NOW_MS));
    const kid = answer.ok ? answer.ring.keys[0]?.kid : undefined;
    const once = await use((ring) => ring.rotate(TEST_NOW_MS, kid));
    expect(await use((ring) => ring.rotate(TEST_NOW_MS + 1, kid))).toEqual(once);
    expect(await use((ring) => ring.rotate(TEST_NOW_MS, 'nobody'))).toEqual({
      ok: false,
      reason: 'no such key',
    });
  });

  it('without a kid replaces what this server signs with, and leaves the directory its key', async () => {
    const { stub, use } = freshRing();
    await use((ring) => ring.ring(TEST_NOW_MS));
    const change = await use((ring) => ring.rotate(TEST_NOW_MS));
    expect(change).toMatchObject({ ok: true, kids: [expect.any(String)] });
    const counts = await runInDurableObject(stub, (_ring, state) =>
      state.storage.sql.exec('SELECT use, count(*) AS n FROM keys GROUP BY use ORDER BY use').toArray(),
    );
    expect(counts).toEqual([
      { use: 'ES256', n: 2 },
      { use: 'directory', n: 1 },
    ]);
  });

  it('is done by the alarm once a key is a month old, and once only when the alarm repeats', async () => {
    const { stub, use, alarmAt } = freshRing();
    await use((ring) => ring.ring(TEST_NOW_MS));
    await alarmAt(0);
    const uses = () =>
      runInDurableObject(stub, (_ring, state) =>
        state.storage.sql
          .exec<{ use: string }>('SELECT use FROM keys ORDER BY use')
          .toArray()
          .map((row) => row.use),
      );
    expect(await uses()).toEqual(['ES256', 'PS256', 'RS256', 'directory']);
    await alarmAt(30 * DAY - 1_000);
    expect(await uses()).toEqual(['ES256', 'PS256', 'RS256', 'directory']);
    await alarmAt(30 * DAY + MINUTE);
    await alarmAt(30 * DAY + MINUTE);
    await alarmAt(30 * DAY + 5 * MINUTE);
    expect(await uses()).toEqual(['ES256', 'ES256', 'PS256', 'PS256', 'RS256', 'RS256', 'directory']);
  });

  it('erases what is past from the alarm: first the private key, then the row', async () => {
    const { stub, use, alarmAt } = freshRing();
    const answer = await use((ring) => ring.ring(TEST_NOW_MS));
    const kid = answer.ok ? answer.ring.keys.find((key) => key.use === 'ES256')?.kid : undefined;
    await use((ring) => ring.rotate(TEST_NOW_MS, kid));
    const hasPrivate = () =>
      runInDurableObject(stub, (_ring, state) =>
        state.storage.sql
          .exec('SELECT private_key IS NOT NULL AS has FROM keys WHERE kid = ?', kid ?? '')
          .toArray()
          .map((row) => row['has']),
      );
    await alarmAt(9 * MINUTE);
    expect(await hasPrivate()).toEqual([1]);
    await alarmAt(11 * MINUTE);
    expect(await hasPrivate()).toEqual([0]);
    await alarmAt(129 * MINUTE);
    expect(await hasPrivate()).toEqual([0]);
    await alarmAt(131 * MINUTE);
    expect(await hasPrivate()).toEqual([]);
  });

  it('is looked at every day', async () => {
    const { stub, use, alarmAt } = freshRing();
    await use((ring) => ring.ring(TEST_NOW_MS));
    await alarmAt(0);
    const wait = await runInDurableObject(
      stub,
      async (_ring, state) => Number(await state.storage.getAlarm()) - Date.now(),
    );
    expect(wait).toBeGreaterThan(DAY - MINUTE);
    expect(wait).toBeLessThanOrEqual(DAY);
  });

  it('at once when a key is compromised: the old one is gone, another signs', async () => {
    const { bindings, use } = freshRing();
    const first = await kidAt(bindings, 0);
    const change = await use((ring) => ring.compromised(TEST_NOW_MS, String(first.kid)));
    const now = await kidAt(bindings, 0);
    expect(change).toEqual({ ok: true, kids: [now.kid] });
    expect(now.published).toEqual([now.kid]);
  });

  it('of a compromised key with a next one: that one signs at once', async () => {
    const { bindings, use } = freshRing();
    const first = await kidAt(bindings, 0);
    const next = await use((ring) => ring.rotate(TEST_NOW_MS, String(first.kid)));
    expect(await use((ring) => ring.compromised(TEST_NOW_MS + 1, String(first.kid)))).toEqual(next);
    expect(await kidAt(bindings, 1)).toEqual({
      kid: next.ok ? next.kids[0] : '',
      published: next.ok ? next.kids : [],
    });
  });

  it('of a compromised next key: the one in use stays, without an end', async () => {
    const { bindings, use } = freshRing();
    const first = await kidAt(bindings, 0);
    const next = await use((ring) => ring.rotate(TEST_NOW_MS, String(first.kid)));
    await use((ring) => ring.compromised(TEST_NOW_MS + 1, next.ok ? String(next.kids[0]) : ''));
    expect(await kidAt(bindings, 24 * 60 * MINUTE)).toEqual({ kid: first.kid, published: [first.kid] });
  });
});

describe('secrets', () => {
  it('make a subject of organisation, tenant and customer', async () => {
    const keys = await signingKeys(testScope());
    const subject = await pairwiseSubject(keys, 'org', 'tenant', 'hazel');
    expect(await pairwiseSubject(await signingKeys(testScope()), 'org', 'tenant', 'hazel')).toBe(subject);
    const others = [
      await pairwiseSubject(keys, 'org2', 'tenant', 'hazel'),
      await pairwiseSubject(keys, 'org', 'tenant2', 'hazel'),
      await pairwiseSubject(keys, 'org', 'tenanth', 'azel'),
      await oneTimeCodeDigest(keys, ['org', 'tenant', 'hazel']),
    ];
    expect(new Set([subject, ...others]).size).toBe(5);
  });

  it('seal what only the same purpose opens, until it expires', async () => {
    const scope = testScope();
    const keys = await signingKeys(scope);
    const expiresAt = scope.now + 60;
    const sealed = await seal(keys, 'login', { interaction: 'abc' }, expiresAt);
    expect(sealed).not.toContain('abc');
    expect(await unseal(scope, keys, 'login', sealed)).toEqual({ interaction: 'abc' });
    expect(await unseal(scope, keys, 'consent', sealed)).toBeUndefined();
    expect(await unseal(testScope({ nowMs: expiresAt * 1000 - 1 }), keys, 'login', sealed)).toBeDefined();
    expect(await unseal(testScope({ nowMs: expiresAt * 1000 }), keys, 'login', sealed)).toBeUndefined();
    for (const text of ['', 'x', `${sealed}x`, sealed.slice(0, -2), sealed.replace('.', '..')]) {
      expect(await unseal(scope, keys, 'login', text)).toBeUndefined();
    }
  });
});
