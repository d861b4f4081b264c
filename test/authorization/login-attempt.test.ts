/** The count of failed log-ins: when a name is refused, for how long, and what takes it back. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { forgetAttempts } from '#authorization/forget-attempts.flow.ts';
import { clearAttempts, releaseAttempt, reserveAttempt } from '#authorization/login-attempt.store.ts';
import { normaliseName } from '#authorization/login-attempt.ts';
import { openDatabase } from '#edge/database.ts';
import { testScope } from '../support/scope.ts';

const NOW = 1_000_000;
const MINUTE = 60;
const HOUR = 3600;
const database = openDatabase(env.DB);

function newKey() {
  return { tenantId: 'tenant', nameDigest: crypto.randomUUID() };
}

type Key = ReturnType<typeof newKey>;

/** How many of `count` attempts may be looked at. */
async function reserve(key: Key, count: number, now = NOW): Promise<number> {
  let allowed = 0;
  for (let index = 0; index < count; index += 1) if (await reserveAttempt(database, key, now)) allowed += 1;
  return allowed;
}

it('lets five attempts through, then none', async () => {
  const key = newKey();
  expect(await reserve(key, 8)).toBe(5);
});

it('lets five of fifty at once through', async () => {
  const key = newKey();
  const all = await Promise.all(Array.from({ length: 50 }, () => reserveAttempt(database, key, NOW)));
  expect(all.filter(Boolean)).toHaveLength(5);
});

it('counts each name of each tenant by itself', async () => {
  const key = newKey();
  await reserve(key, 5);
  expect(await reserve({ ...key, tenantId: 'other' }, 1)).toBe(1);
  expect(await reserve(newKey(), 1)).toBe(1);
});

it('refuses for 15 minutes, doubling to 24 hours', async () => {
  const key = newKey();
  let now = NOW;
  const lengths = [
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    16 * HOUR,
    24 * HOUR,
    24 * HOUR,
  ];
  for (const length of lengths) {
    expect(await reserve(key, 6, now)).toBe(5);
    expect(await reserve(key, 1, now + length - 1)).toBe(0);
    now += length;
  }
});

it('writes nothing while the name is refused', async () => {
  const key = newKey();
  await reserve(key, 5);
  const row = () =>
    env.DB.prepare('SELECT * FROM login_attempts WHERE name_digest = ?').bind(key.nameDigest).first();
  const before = await row();
  await reserve(key, 3, NOW + 10);
  expect(await row()).toEqual(before);
});

describe('a right password', () => {
  it('takes its own attempt back', async () => {
    const key = newKey();
    for (let index = 0; index < 20; index += 1) {
      expect(await reserve(key, 1)).toBe(1);
      await releaseAttempt(database, key);
    }
  });

  it('takes nothing else back', async () => {
    const key = newKey();
    await reserve(key, 4);
    await reserve(key, 1);
    await releaseAttempt(database, key);
    expect(await reserve(key, 3)).toBe(1);
  });

  it('at the fifth attempt lifts the refusal it caused, and its doubling', async () => {
    const key = newKey();
    await reserve(key, 5);
    await releaseAttempt(database, key);
    expect(await reserve(key, 2)).toBe(1);
    expect(await reserve(key, 1, NOW + 15 * MINUTE - 1)).toBe(0);
    expect(await reserve(key, 1, NOW + 15 * MINUTE)).toBe(1);
  });
});

it('begins anew after a complete log-in', async () => {
  const key = newKey();
  await reserve(key, 5);
  await reserve(key, 5, NOW + HOUR);
  await clearAttempts(database, key);
  expect(await reserve(key, 6)).toBe(5);
  expect(await reserve(key, 1, NOW + 15 * MINUTE)).toBe(1);
});

it('forgets a name nobody tried for 30 days', async () => {
  const scope = testScope();
  const [old, young] = [newKey(), newKey()];
  await reserve(old, 4, scope.now - 30 * 24 * HOUR - 1);
  await reserve(young, 4, scope.now - 30 * 24 * HOUR);
  await forgetAttempts(scope);
  expect(await reserve(old, 2, scope.now)).toBe(2);
  expect(await reserve(young, 2, scope.now)).toBe(1);
});

it.each([
  ['hazel', 'hazel'],
  [' Hazel\n', 'hazel'],
  ['ＨＡＺＥＬ', 'hazel'],
  ['x'.repeat(300), 'x'.repeat(200)],
  ['', ''],
])('reads the name %j as %j', (submitted, name) => {
  expect(normaliseName(submitted)).toBe(name);
});
