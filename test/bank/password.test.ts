/** Password digests: right and wrong passwords, names without a customer, and the queue in front of the hash. */
import { expect, it } from 'vitest';
import { hashPassword, verifyPassword } from '#bank/password.ts';
import { SEED_CUSTOMERS } from '#sandbox/seed-accounts.ts';

const hazel = SEED_CUSTOMERS[0]?.passwordDigest ?? '';

it('takes the password of the sandbox and no other', async () => {
  expect(await verifyPassword(hazel, 'hamster-wheel')).toEqual({ ok: true, value: true });
  expect(await verifyPassword(hazel, 'hamster-wheeL')).toEqual({ ok: true, value: false });
  expect(await verifyPassword(hazel, '')).toEqual({ ok: true, value: false });
});

it('hashes with a salt of its own and the cost in the digest', async () => {
  const first = await hashPassword('pouch full of seeds');
  const second = await hashPassword('pouch full of seeds');
  if (!first.ok || !second.ok) throw new Error('refused');
  expect(first.value).toMatch(/^scrypt\$16384\$8\$5\$[\w-]{22}\$[\w-]{43}$/);
  expect(first.value).not.toBe(second.value);
  expect(await verifyPassword(first.value, 'pouch full of seeds')).toEqual({ ok: true, value: true });
});

it('takes the same password however its letters are composed', async () => {
  const digest = await hashPassword('caf\u00e9');
  if (!digest.ok) throw new Error('refused');
  expect(await verifyPassword(digest.value, 'cafe\u0301')).toEqual({ ok: true, value: true });
});

it('hashes for a name without a customer as long, and never says yes', async () => {
  const start = Date.now();
  expect(await verifyPassword(undefined, 'hamster-wheel')).toEqual({ ok: true, value: false });
  const unknown = Date.now() - start;
  await verifyPassword(hazel, 'wrong');
  const known = Date.now() - start - unknown;
  expect(unknown).toBeGreaterThan(known / 4);
  expect(known).toBeGreaterThan(unknown / 4);
});

it('refuses when too many wait, and serves again afterwards', { timeout: 60_000 }, async () => {
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => verifyPassword(undefined, 'hamster-wheel')),
  );
  const refused = answers.filter((answer) => !answer.ok);
  expect(refused).toHaveLength(9);
  expect(refused[0]).toMatchObject({ refusal: { code: 'service_unavailable', retryAfterSeconds: 5 } });
  expect((await verifyPassword(hazel, 'hamster-wheel')).ok).toBe(true);
});
