/** How long a client is remembered, and what makes an isolate look again. */
import { expect, it } from 'vitest';
import { type FindClientNeeds, findClient } from '#clients/find-client.flow.ts';
import { countingEnv } from '../support/counting-env.ts';
import { TEST_NOW_MS, testIsolate, testScope } from '../support/scope.ts';
import { makeClient } from '../support/test-client.ts';

function isolateWithCounts() {
  const counted = countingEnv();
  const isolate = testIsolate();
  return {
    hops: counted.hops,
    find: (clientId: string, needs: FindClientNeeds = {}, afterMs = 0) =>
      findClient(
        testScope({ isolate, bindings: { ...counted.env }, nowMs: TEST_NOW_MS + afterMs }),
        clientId,
        needs,
      ),
  };
}

it('reads a client once and remembers it', async () => {
  const { clientId, client } = await makeClient();
  const { find, hops } = isolateWithCounts();
  expect(await find(clientId)).toEqual(client);
  expect(await find(clientId, {}, 3_600_000)).toEqual(client);
  expect(hops).toMatchObject({ d1: 1, objects: 0 });
});

it('gives a client in whatever status', async () => {
  const { clientId } = await makeClient({ status: 'ended' });
  expect(await isolateWithCounts().find(clientId)).toMatchObject({ status: 'ended' });
});

it('reads again for a newer version, and keeps no older one', async () => {
  const made = await makeClient();
  const { find, hops } = isolateWithCounts();
  await find(made.clientId);
  await made.change({ scopes: ['openid'] });
  expect(await find(made.clientId, { newerThan: 1 })).toMatchObject({ version: 2, scopes: ['openid'] });
  expect(await find(made.clientId, { newerThan: 1 })).toMatchObject({ version: 2 });
  expect(hops.d1).toBe(2);
  expect(await find(made.clientId, { newerThan: 2 })).toBeUndefined();
  expect(await find(made.clientId)).toMatchObject({ version: 2 });
  expect(hops.d1).toBe(3);
});

it('reads each time for a page', async () => {
  const made = await makeClient();
  const { find } = isolateWithCounts();
  await find(made.clientId);
  await made.change({ redirectUris: [] });
  expect(await find(made.clientId, { fresh: true })).toMatchObject({ redirectUris: [] });
});

it('reads again after a bad signature, not within 2 s', async () => {
  const { clientId } = await makeClient();
  const { find, hops } = isolateWithCounts();
  await find(clientId);
  await find(clientId, { recheck: true }, 1_999);
  expect(hops.d1).toBe(1);
  await find(clientId, { recheck: true }, 2_000);
  expect(hops.d1).toBe(2);
  await find(clientId, { recheck: true }, 3_999);
  expect(hops.d1).toBe(2);
});

// As many reads as an isolate remembers clients.
it('forgets no client for the sake of ids that are none', async () => {
  const { clientId } = await makeClient();
  const { find, hops } = isolateWithCounts();
  await find(clientId);
  const unknown = Array.from({ length: 2_001 }, () => crypto.randomUUID());
  for (let start = 0; start < unknown.length; start += 50) {
    await Promise.all(unknown.slice(start, start + 50).map((id) => find(id)));
  }
  const { d1 } = hops;
  await find(clientId);
  expect(hops.d1).toBe(d1);
});

it('finds a client made after it was asked for in vain', async () => {
  const { find } = isolateWithCounts();
  const clientId = crypto.randomUUID();
  expect(await find(clientId)).toBeUndefined();
  await makeClient({ clientId });
  expect(await find(clientId, {}, 2_000)).toMatchObject({ clientId });
  expect(await find(clientId, {}, 2_001)).toMatchObject({ clientId });
});

it('asks for an unknown client once in 2 s, and never for what is no client id', async () => {
  const { find, hops } = isolateWithCounts();
  const unknown = crypto.randomUUID();
  expect(await find(unknown)).toBeUndefined();
  expect(await find(unknown, {}, 1_999)).toBeUndefined();
  expect(hops.d1).toBe(1);
  await find(unknown, {}, 2_000);
  expect(hops.d1).toBe(2);
  for (const text of ['', 'me', `${unknown} `, '../etc', unknown.replaceAll('-', '')]) await find(text);
  expect(hops.d1).toBe(2);
});
