/** An organisation's object: its windows, and what it may use once. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import type { OneUse } from '#clients/organisation.object.ts';
import { TEST_NOW_MS } from '../support/scope.ts';

const NOW = TEST_NOW_MS / 1000;

function newObject() {
  return env.ORGANISATIONS.get(env.ORGANISATIONS.idFromName(crypto.randomUUID()));
}

function use(changes: Partial<OneUse> = {}): OneUse {
  return { share: 's', digest: 'd', expiresAt: NOW + 60, now: NOW, attempt: crypto.randomUUID(), ...changes };
}

it('counts to the limit and begins anew when the window is over', async () => {
  const object = newObject();
  const count = (afterMs: number) =>
    object.count({ name: 'reset', limit: 2, windowMs: 1_000, nowMs: TEST_NOW_MS + afterMs });
  expect(await count(0)).toEqual({ outcome: 'counted' });
  expect(await count(500)).toEqual({ outcome: 'counted' });
  expect(await count(999)).toEqual({ outcome: 'limited', endsAtMs: TEST_NOW_MS + 1_000 });
  expect(await count(1_000)).toEqual({ outcome: 'counted' });
});

it('keeps its windows apart', async () => {
  const object = newObject();
  const window = { limit: 1, windowMs: 1_000, nowMs: TEST_NOW_MS };
  expect(await object.count({ name: 'reset', ...window })).toEqual({ outcome: 'counted' });
  expect(await object.count({ name: 'sandbox', ...window })).toEqual({ outcome: 'counted' });
});

it('admits exactly the limit of many at the same moment', async () => {
  const object = newObject();
  const answers = await Promise.all(
    Array.from({ length: 150 }, async () =>
      object.count({ name: 'sandbox', limit: 100, windowMs: 60_000, nowMs: TEST_NOW_MS }),
    ),
  );
  expect(answers.filter(({ outcome }) => outcome === 'counted')).toHaveLength(100);
});

it('lets a thing be used once, and a repeated call have its answer again', async () => {
  const object = newObject();
  const first = use();
  expect(await object.useOnce(first)).toEqual({ outcome: 'first' });
  expect(await object.useOnce(first)).toEqual({ outcome: 'first' });
  expect(await object.useOnce(use())).toEqual({ outcome: 'used' });
  expect(await object.useOnce(use({ digest: 'other' }))).toEqual({ outcome: 'first' });
});

it('remembers a use until nobody would take it, and not longer', async () => {
  const object = newObject();
  await object.useOnce(use());
  expect(await object.useOnce(use({ now: NOW + 60 }))).toEqual({ outcome: 'used' });
  expect(await object.useOnce(use({ now: NOW + 61, expiresAt: NOW + 120 }))).toEqual({ outcome: 'first' });
});

it('remembers a thousand uses of one share, and those of others beside them', async () => {
  const object = newObject();
  await runInDurableObject(object, (_object, state) => {
    const insert = `WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 999)
      INSERT INTO uses SELECT 's.' || n, ?, 'x' FROM n`;
    state.storage.sql.exec(insert, NOW + 60);
  });
  expect(await object.useOnce(use())).toEqual({ outcome: 'first' });
  expect(await object.useOnce(use({ digest: 'e' }))).toEqual({ outcome: 'full' });
  for (const share of ['r', 't', 's0', 's-', '']) {
    expect(await object.useOnce(use({ share }))).toEqual({ outcome: 'first' });
    expect(await object.useOnce(use({ share }))).toEqual({ outcome: 'used' });
  }
});
