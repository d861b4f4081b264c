/** What a source address is counted as. */
import { expect, it } from 'vitest';
import { limitSource, sourceOf } from '#edge/source-limit.ts';
import { testApp } from '../support/app.ts';
import { testScope } from '../support/scope.ts';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1', 'fe80:0:0:0::/64'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['unknown', 'unknown'],
  ['', ''],
  ['not:an:address', 'not:an:address'],
])('%s counts as %s', (address, source) => {
  expect(sourceOf(address)).toBe(source);
});

it('counts the addresses of one IPv6 network together', async () => {
  const keys: string[] = [];
  const SOURCE_LIMIT = {
    limit: async ({ key }: { key: string }) => {
      keys.push(key);
      return { success: true };
    },
  };
  for (const sourceAddress of ['2001:db8::1', '2001:db8::ffff:2', '2001:db8:0:1::1']) {
    const scope = { ...testScope({ bindings: { SOURCE_LIMIT } }), isLocal: false, sourceAddress };
    expect((await limitSource(scope)).ok).toBe(true);
  }
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[0]);
});

it('a limit that fails is an outage: nobody is let through, and nothing is called a bug', async () => {
  const SOURCE_LIMIT = { limit: () => Promise.reject(new Error('no answer')) };
  const app = testApp({ bindings: { SOURCE_LIMIT, LOCAL_SOURCE_LIMIT: SOURCE_LIMIT } });
  const answer = await app.sendForm('/oauth/token', { grant_type: 'client_credentials' });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await answer.json()).toMatchObject({ code: 'service_unavailable' });
});
