/** The counters count: each round trip and object call once, whichever way it is made. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { countingEnv } from './counting-env.ts';

it('counts single statements and batches as one round trip each, with their rows', async () => {
  const counted = countingEnv();
  const session = counted.env.DB.withSession('first-primary');
  await session.prepare('SELECT ?1 AS one').bind(1).all();
  await session.batch([session.prepare('SELECT 1'), session.prepare('SELECT ?1').bind(2)]);
  expect(counted.hops).toMatchObject({ d1: 2, calls: ['D1 all', 'D1 batch'] });
  counted.reset();
  await counted.env.DB.prepare(
    "INSERT INTO outbox (topic, subject, payload, created_at, due_at, attempts) VALUES ('t', 's', '{}', 0, 0, 0)",
  ).run();
  expect(counted.hops.rowsWritten).toBeGreaterThan(0);
});

it('counts a call of an object, not the making of its address', async () => {
  const counted = countingEnv();
  const id = counted.env.CLIENTS.newUniqueId();
  const stub = counted.env.CLIENTS.get(id);
  expect(stub.id.toString()).toBe(id.toString());
  expect(counted.hops.objects).toBe(0);
  await (stub as unknown as { admit(request: object): Promise<unknown> }).admit({ nowMs: 0, limit: 1 });
  expect(counted.hops).toMatchObject({ objects: 1, calls: ['CLIENTS.admit'] });
  expect(env.CLIENTS).not.toBe(counted.env.CLIENTS);
});
