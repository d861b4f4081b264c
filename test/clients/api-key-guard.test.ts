/** What an API key opens: by scope, address, time and window; and that its end is seen everywhere at once. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { KEY_SCOPES, newApiKey } from '#clients/api-key.ts';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import { countingEnv } from '../support/counting-env.ts';
import { keyGate } from '../support/key-gate.ts';
import { PRODUCTION } from '../support/production.ts';
import { TEST_NOW_MS } from '../support/scope.ts';

const NOW = TEST_NOW_MS / 1000;

async function told(answer: Response): Promise<readonly [number, unknown]> {
  const { code } = await answer.json<{ code?: string }>();
  return [answer.status, code];
}

async function rowOf(keyId: string): Promise<Record<string, unknown> | null> {
  return env.DB.prepare('SELECT * FROM api_keys WHERE key_id = ?').bind(keyId).first();
}

describe('scopes', () => {
  it.each(KEY_SCOPES)('%s opens its own routes and no others', async (scope) => {
    const { apiKey } = await insertOrganisationWithKey({ scopes: [scope] });
    const gate = keyGate();
    for (const needed of [...KEY_SCOPES, 'any'] as const) {
      const answer = await gate.knock(apiKey, { needs: { scope: needed } });
      if (needed === scope || needed === 'any') {
        expect(answer.status).toBe(200);
        continue;
      }
      const challenge = answer.headers.get('www-authenticate');
      expect(challenge).toContain(`error="insufficient_scope"`);
      expect(challenge).toContain(`scope="${needed}"`);
      expect(await told(answer)).toEqual([403, 'insufficient_scope']);
    }
  });

  it('of a row from before there were scopes are all', async () => {
    const { keyId, apiKey, name } = await insertOrganisationWithKey();
    await env.DB.prepare(
      `INSERT INTO api_keys (key_id, digest, organisation_id, environment, name, prefix, last_four, created_at)
       SELECT 'old-' || key_id, 'old-' || digest, organisation_id, environment, name, prefix, last_four, 0
       FROM api_keys WHERE key_id = ?`,
    )
      .bind(keyId)
      .run();
    expect(await rowOf(`old-${keyId}`)).toMatchObject({ scopes: KEY_SCOPES.join(' '), allowed_ips: '' });
    const answer = await keyGate().knock(apiKey);
    expect(await answer.json()).toMatchObject({ of: name, key: { scopes: KEY_SCOPES, allowedIps: [] } });
  });
});

describe('addresses', () => {
  it.each([
    ['203.0.113.9', 200, undefined],
    ['198.51.100.1', 403, 'ip_not_allowed'],
    ['2001:db8::7', 200, undefined],
    ['2001:db9::7', 403, 'ip_not_allowed'],
    [undefined, 403, 'ip_not_allowed'],
  ] as const)('from %s: %i', async (from, status, code) => {
    const { apiKey } = await insertOrganisationWithKey({ allowedIps: ['203.0.113.0/24', '2001:db8::/32'] });
    expect(await told(await keyGate().knock(apiKey, from === undefined ? {} : { from }))).toEqual([
      status,
      code,
    ]);
  });

  it('not allowed count as strangers, however often an allowed one came', async () => {
    const { apiKey, keyId } = await insertOrganisationWithKey({ allowedIps: ['203.0.113.0/24'] });
    const limited: string[] = [];
    const limit = ({ key }: { key: string }) => {
      limited.push(key);
      return Promise.resolve({ success: key !== '198.51.100.1' });
    };
    const gate = keyGate({ LOCAL_SOURCE_LIMIT: { limit } });
    for (const from of ['203.0.113.9', '203.0.113.9'])
      expect((await gate.knock(apiKey, { from })).status).toBe(200);
    const [first, second = ''] = limited;
    expect([first, second.includes(apiKey)]).toEqual(['203.0.113.9', false]);
    expect(second).toMatch(/^key /);
    const answer = await gate.knock(apiKey, { from: '198.51.100.1' });
    expect(await told(answer)).toEqual([429, 'rate_limit_exceeded']);
    expect(limited.at(-1)).toBe('198.51.100.1');
    expect(await rowOf(keyId)).toMatchObject({ last_used_at: NOW });
  });

  it('not allowed use up nothing of the window, and are no use of the key', async () => {
    const { apiKey, keyId } = await insertOrganisationWithKey({ allowedIps: ['203.0.113.0/24'] });
    const counted = countingEnv();
    const gate = keyGate({ ...counted.env });
    await gate.knock(apiKey, { from: '198.51.100.1' });
    expect(counted.hops).toMatchObject({ d1: 1, objects: 0 });
    expect(await rowOf(keyId)).toMatchObject({ last_used_at: null });
  });
});

describe('what is refused', () => {
  it('costs neither D1 nor an object where the checksum is wrong', async () => {
    const counted = countingEnv();
    const gate = keyGate({ ...counted.env });
    const { apiKey } = await insertOrganisationWithKey();
    const last = apiKey.endsWith('x') ? 'y' : 'x';
    for (const key of [
      `${apiKey.slice(0, -1)}${last}`,
      `sk_sandbox_${'a'.repeat(49)}`,
      `${apiKey}a`,
      'sk_sandbox_none',
    ]) {
      expect(await told(await gate.knock(key))).toEqual([401, 'invalid_api_key']);
    }
    expect(counted.hops).toMatchObject({ d1: 0, objects: 0 });
  });

  it('is told apart by environment, whatever its checksum', async () => {
    const gate = keyGate();
    for (const key of [await newApiKey('production'), `sk_live_${'a'.repeat(20)}`]) {
      expect(await told(await gate.knock(key))).toEqual([403, 'wrong_environment']);
    }
    const production = keyGate(PRODUCTION);
    const origin = PRODUCTION.ISSUER;
    const sandboxKey = (await insertOrganisationWithKey()).apiKey;
    expect(await told(await production.knock(sandboxKey, { origin }))).toEqual([403, 'wrong_environment']);
    const live = await insertOrganisationWithKey({
      apiKey: await newApiKey('production'),
      environment: 'production',
      scopes: ['requests'],
    });
    expect((await production.knock(live.apiKey, { origin, needs: { scope: 'requests' } })).status).toBe(200);
  });

  it.each([
    ['before it expires', { expiresAt: NOW + 1 }, 200],
    ['when it expires', { expiresAt: NOW }, 401],
    ['when it is revoked', { revokedAt: NOW }, 401],
  ])('%s', async (_when, parts, status) => {
    const { apiKey } = await insertOrganisationWithKey(parts);
    expect((await keyGate().knock(apiKey)).status).toBe(status);
  });

  it('is limited per organisation, the developer routes apart from the sandbox routes', async () => {
    const { apiKey } = await insertOrganisationWithKey();
    const gate = keyGate();
    const statuses = new Set<number>();
    for (let call = 0; call < 100; call += 1) {
      statuses.add((await gate.knock(apiKey, { needs: { scope: 'usage' } })).status);
    }
    expect([...statuses]).toEqual([200]);
    const over = await gate.knock(apiKey, { needs: { scope: 'requests' } });
    expect(over.headers.get('retry-after')).toBe('60');
    expect(await told(over)).toEqual([429, 'rate_limit_exceeded']);
    expect((await gate.knock(apiKey, { needs: { scope: 'sandbox' } })).status).toBe(200);
  });
});

describe('the end of a key', () => {
  it('is seen by every isolate at its next use, also beside uses in flight', async () => {
    const { apiKey, keyId } = await insertOrganisationWithKey();
    const gates = Array.from({ length: 4 }, () => keyGate());
    for (const gate of gates) expect((await gate.knock(apiKey)).status).toBe(200);
    const flying = gates.flatMap((gate) => Array.from({ length: 5 }, () => gate.knock(apiKey)));
    await env.DB.prepare('UPDATE api_keys SET revoked_at = ? WHERE key_id = ?').bind(NOW, keyId).run();
    const after = await Promise.all(gates.map((gate) => gate.knock(apiKey)));
    expect(after.map(({ status }) => status)).toEqual(gates.map(() => 401));
    for (const answer of await Promise.all(flying)) expect([200, 401]).toContain(answer.status);
  });
});

describe('last use', () => {
  it('is written after the answer, at most once a minute', async () => {
    const { apiKey, keyId } = await insertOrganisationWithKey();
    const gate = keyGate();
    const usedAt = async (seconds: number) => {
      await gate.knock(apiKey, { nowMs: TEST_NOW_MS + seconds * 1000 });
      return (await rowOf(keyId))?.['last_used_at'];
    };
    expect(await usedAt(0)).toBe(NOW);
    expect(await usedAt(59)).toBe(NOW);
    expect(await usedAt(60)).toBe(NOW + 60);
    // Another isolate, whose clock is behind.
    await keyGate().knock(apiKey, { nowMs: TEST_NOW_MS + 30_000 });
    expect(await rowOf(keyId)).toMatchObject({ last_used_at: NOW + 60 });
  });

  it('that cannot be written is no reason to refuse', async () => {
    const { apiKey } = await insertOrganisationWithKey();
    await env.DB.prepare(
      `CREATE TRIGGER no_touch BEFORE UPDATE OF last_used_at ON api_keys BEGIN SELECT RAISE(ABORT, 'no_touch'); END`,
    ).run();
    try {
      const gate = keyGate();
      expect((await gate.knock(apiKey)).status).toBe(200);
      expect(gate.lines.find(({ event }) => event === 'deferred_failed')).toBeDefined();
      expect(JSON.stringify(gate.lines)).not.toContain(apiKey);
    } finally {
      await env.DB.prepare('DROP TRIGGER no_touch').run();
    }
  });
});
