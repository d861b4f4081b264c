/** The tests of this project run in workerd, with a database and Durable Objects. */
import { runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { scrypt } from 'node:crypto';
import { expect, it } from 'vitest';

it('runs in workerd', async () => {
  expect(navigator.userAgent).toBe('Cloudflare-Workers');
  expect((await exports.default.fetch('http://localhost:8787/')).status).toBeGreaterThan(0);
});

it('has a D1 database', async () => {
  expect(await env.DB.prepare('SELECT 1 AS one').first('one')).toBe(1);
});

it('has Durable Objects with SQL storage', async () => {
  const stub = env.CLIENTS.get(env.CLIENTS.newUniqueId());
  const one = await runInDurableObject(stub, (_object, state) =>
    state.storage.sql.exec('SELECT 1 AS one').one(),
  );
  expect(one).toEqual({ one: 1 });
});

it('has scrypt of node:crypto', async () => {
  const bytes = await new Promise<number>((resolve, reject) => {
    scrypt('hamster', 'wheel', 32, { N: 2, r: 8, p: 1 }, (error, key) =>
      error === null || error === undefined ? resolve(key.byteLength) : reject(error),
    );
  });
  expect(bytes).toBe(32);
});

it('has the rate limits of a source', async () => {
  expect(await env.SOURCE_LIMIT.limit({ key: 'smoke' })).toEqual({ success: true });
});
