/** The client object: order of its decision, exact windows, single use, caps; under load and across evictions. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Admission, AdmissionRequest } from '#clients/admission.ts';
import { ClientObject } from '#clients/client.object.ts';
import { makeClient } from '../support/test-client.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const LONG = env.TEST_LENGTH === 'long';

function freshObject() {
  return env.CLIENTS.get(env.CLIENTS.idFromName(crypto.randomUUID()));
}

async function toldObject() {
  const object = freshObject();
  await object.tell({ version: 1, status: 'active', scopes: ['openid', 'accounts'] });
  return object;
}

function request(more: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return { nowMs: NOW, limit: 100, ...more };
}

function use(digest: string = crypto.randomUUID()) {
  return { digest, expiresAt: NOW / 1000 + 300 };
}

function outcomes(answers: readonly Admission[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of answers) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

describe('admit', () => {
  it('answers ended to a client it was never told of', async () => {
    const object = freshObject();
    expect(await object.admit(request())).toEqual({ outcome: 'ended' });
    expect(await object.countConsent(NOW, 10)).toMatchObject({ outcome: 'capped' });
  });

  it('answers version, scopes and window', async () => {
    const object = await toldObject();
    expect(await object.admit(request())).toEqual({
      outcome: 'admitted',
      version: 1,
      scopes: ['openid', 'accounts'],
      window: { limit: 100, remaining: 99, resetSeconds: 60, endsAtMs: NOW + 60_000 },
    });
  });

  it.each(['suspended', 'ended'] as const)(
    'answers %s before the limit, and counts nothing',
    async (status) => {
      const object = await toldObject();
      expect(await object.admit(request({ limit: 1 }))).toMatchObject({ outcome: 'admitted' });
      await object.tell({ version: 2, status, scopes: [] });
      expect(await object.admit(request({ limit: 1 }))).toEqual({ outcome: status });
    },
  );

  it('does not count or remember a limited request', async () => {
    const object = await toldObject();
    const once = use();
    await object.admit(request({ limit: 1 }));
    for (let n = 0; n < 3; n += 1) {
      expect(await object.admit(request({ limit: 1, once, nowMs: NOW + 59_999 }))).toMatchObject({
        outcome: 'limited',
        window: { limit: 1, remaining: 0, resetSeconds: 1, endsAtMs: NOW + 60_000 },
      });
    }
    expect(await object.admit(request({ limit: 1, once, nowMs: NOW + 60_000 }))).toMatchObject({
      outcome: 'admitted',
      window: { remaining: 0, resetSeconds: 60 },
    });
  });

  it('counts a replay', async () => {
    const object = await toldObject();
    const once = use();
    await object.admit(request({ once }));
    expect(await object.admit(request({ once }))).toMatchObject({
      outcome: 'replayed',
      window: { remaining: 98 },
    });
  });

  it('opens no second window inside the first when a clock goes back', async () => {
    const object = await toldObject();
    await object.admit(request({ limit: 2 }));
    expect(await object.admit(request({ limit: 2, nowMs: NOW - 90_000 }))).toMatchObject({
      outcome: 'admitted',
      window: { remaining: 0, endsAtMs: NOW + 60_000 },
    });
    expect(await object.admit(request({ limit: 2, nowMs: NOW + 10 }))).toMatchObject({ outcome: 'limited' });
  });

  it('puts an override in the place of the limit, and takes it away again', async () => {
    const object = await toldObject();
    await object.setLimit(2);
    expect(await object.admit(request())).toMatchObject({ window: { limit: 2, remaining: 1 } });
    await object.setLimit(null);
    expect(await object.admit(request())).toMatchObject({ window: { limit: 100, remaining: 98 } });
  });

  it('forgets single uses by its alarm, and only past ones', async () => {
    const object = await toldObject();
    // The object's own clock decides; a token already past by two minutes is forgotten at once.
    await object.admit(request({ once: { digest: 'past', expiresAt: NOW / 1000 } }));
    await object.admit(request({ once: { digest: 'living', expiresAt: NOW / 1000 + 1800 } }));
    await runInDurableObject(object, (_object, state) => {
      state.storage.sql.exec("UPDATE uses SET forget_at_ms = 1 WHERE digest = 'past'");
    });
    expect(await runDurableObjectAlarm(object)).toBe(true);
    expect(
      await object.admit(request({ once: { digest: 'living', expiresAt: NOW / 1000 + 1800 } })),
    ).toMatchObject({ outcome: 'replayed' });
    const left = await runInDurableObject(object, async (_object, state) => ({
      rows: state.storage.sql.exec('SELECT digest FROM uses').toArray(),
      count: state.storage.sql.exec('SELECT use_count FROM client').one()['use_count'],
      alarm: await state.storage.getAlarm(),
    }));
    expect(left.rows).toEqual([{ digest: 'living' }]);
    expect(left.count).toBe(1);
    expect(left.alarm).not.toBeNull();
  });

  it('limits a client whose memory of single uses is full', async () => {
    const object = await toldObject();
    await runInDurableObject(object, (_object, state) => {
      state.storage.sql.exec('UPDATE client SET use_count = 31999');
    });
    expect(await object.admit(request({ once: use() }))).toMatchObject({ outcome: 'admitted' });
    expect(await object.admit(request({ once: use() }))).toMatchObject({ outcome: 'limited' });
    expect(await object.admit(request())).toMatchObject({ outcome: 'admitted' });
  });
});

describe('under load', () => {
  it('admits exactly the limit of 200 parallel requests, across an eviction', async () => {
    const object = await toldObject();
    const first = await Promise.all(Array.from({ length: 60 }, () => object.admit(request())));
    await evictDurableObject(object);
    const second = await Promise.all(Array.from({ length: 140 }, () => object.admit(request())));
    expect(outcomes([...first, ...second])).toEqual({ admitted: 100, limited: 100 });
  });

  it('lets one of 50 parallel uses of each thing through, and none after an eviction', async () => {
    const object = await toldObject();
    const uses = Array.from({ length: LONG ? 200 : 10 }, () => use());
    const limit = 1_000_000;
    for (const once of uses) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => object.admit(request({ limit, once }))),
      );
      expect(outcomes(answers)).toEqual({ admitted: 1, replayed: 49 });
    }
    await evictDurableObject(object);
    for (const once of uses) {
      expect(await object.admit(request({ limit, once }))).toMatchObject({ outcome: 'replayed' });
    }
  });
});

describe('tell', () => {
  it('ignores older news', async () => {
    const object = await toldObject();
    await object.tell({ version: 3, status: 'active', scopes: ['openid'] });
    await object.tell({ version: 2, status: 'suspended', scopes: ['payments'] });
    expect(await object.admit(request())).toMatchObject({ version: 3, scopes: ['openid'] });
  });

  it('lifts a suspension but never an end', async () => {
    const object = await toldObject();
    await object.tell({ version: 2, status: 'suspended', scopes: [] });
    await object.tell({ version: 3, status: 'active', scopes: ['openid'] });
    expect(await object.admit(request())).toMatchObject({ outcome: 'admitted', version: 3 });
    await object.tell({ version: 2, status: 'ended', scopes: [] });
    await object.tell({ version: 9, status: 'active', scopes: ['openid'] });
    expect(await object.admit(request())).toEqual({ outcome: 'ended' });
  });

  it('keeps window and single uses', async () => {
    const object = await toldObject();
    const once = use();
    await object.admit(request({ once }));
    await object.tell({ version: 2, status: 'active', scopes: [] });
    expect(await object.admit(request({ once }))).toMatchObject({ outcome: 'replayed' });
  });
});

describe('replaceUnlessAuthenticated', () => {
  it('ends a client that never authenticated, again and again', async () => {
    const object = await toldObject();
    await object.admit(request());
    expect(await object.replaceUnlessAuthenticated()).toEqual({ outcome: 'replaced' });
    expect(await object.replaceUnlessAuthenticated()).toEqual({ outcome: 'replaced' });
    expect(await object.admit(request())).toEqual({ outcome: 'ended' });
  });

  it('leaves a client that has authenticated', async () => {
    const object = await toldObject();
    await object.admit(request({ authenticated: true }));
    expect(await object.replaceUnlessAuthenticated()).toEqual({ outcome: 'authenticated' });
    expect(await object.admit(request())).toMatchObject({ outcome: 'admitted' });
  });

  it('does not take a replayed or limited request for authentication', async () => {
    const object = await toldObject();
    const once = use();
    await object.admit(request({ once }));
    await object.admit(request({ once, authenticated: true }));
    await object.admit(request({ limit: 1, authenticated: true }));
    expect(await object.replaceUnlessAuthenticated()).toEqual({ outcome: 'replaced' });
  });

  it('bars a client nobody told it of', async () => {
    const object = freshObject();
    expect(await object.replaceUnlessAuthenticated()).toEqual({ outcome: 'replaced' });
    await object.tell({ version: 1, status: 'active', scopes: ['openid'] });
    expect(await object.admit(request())).toEqual({ outcome: 'ended' });
  });

  it('leaves a suspended client: a new registration is no way out', async () => {
    const object = await toldObject();
    await object.tell({ version: 2, status: 'suspended', scopes: [] });
    expect(await object.replaceUnlessAuthenticated()).toEqual({ outcome: 'suspended' });
    expect(await object.admit(request())).toEqual({ outcome: 'suspended' });
  });
});

describe('a client that never authenticates', () => {
  /** The status in D1 of a client whose row is there. */
  async function rowOfClient(clientId: string) {
    return env.DB.prepare('SELECT status, ended_at IS NOT NULL AS ended FROM clients WHERE client_id = ?')
      .bind(clientId)
      .first();
  }

  async function newClient() {
    const { clientId } = await makeClient();
    return { clientId, object: env.CLIENTS.get(env.CLIENTS.idFromName(clientId)) };
  }

  /** Moves what is due into the past, and lets the alarm come. */
  async function comeDue({ object }: Awaited<ReturnType<typeof newClient>>): Promise<void> {
    await runInDurableObject(object, (_object, state) => {
      state.storage.sql.exec('UPDATE row_end SET due_at_ms = 1');
    });
    await runDurableObjectAlarm(object);
  }

  it('lapses a day after it was registered, with its row', async () => {
    const client = await newClient();
    const [due] = await runInDurableObject(client.object, async (_object, state) => [
      await state.storage.getAlarm(),
    ]);
    expect(Number(due) - Date.now()).toBeGreaterThan(86_340_000);
    expect(Number(due) - Date.now()).toBeLessThanOrEqual(86_400_000);
    await runDurableObjectAlarm(client.object);
    expect(await client.object.admit(request())).toMatchObject({ outcome: 'admitted' });
    await comeDue(client);
    expect(await client.object.admit(request())).toEqual({ outcome: 'ended' });
    expect(await rowOfClient(client.clientId)).toEqual({ status: 'ended', ended: 1 });
    expect(await runDurableObjectAlarm(client.object)).toBe(false);
  });

  it('stays once it has authenticated itself', async () => {
    const client = await newClient();
    await client.object.admit(request({ authenticated: true, once: use() }));
    await comeDue(client);
    expect(await client.object.admit(request())).toMatchObject({ outcome: 'admitted' });
    expect(await rowOfClient(client.clientId)).toEqual({ status: 'active', ended: 0 });
  });

  it('stays while it is suspended', async () => {
    const client = await newClient();
    await client.object.tell({ version: 2, status: 'suspended', scopes: [] });
    await comeDue(client);
    expect(await client.object.admit(request())).toEqual({ outcome: 'suspended' });
    await client.object.tell({ version: 3, status: 'active', scopes: [] });
    await comeDue(client);
    expect(await client.object.admit(request())).toEqual({ outcome: 'ended' });
  });

  it('ends its row when the registration that replaces it dies half-way', async () => {
    const client = await newClient();
    expect(await client.object.replaceUnlessAuthenticated()).toEqual({ outcome: 'replaced' });
    expect(await rowOfClient(client.clientId)).toEqual({ status: 'active', ended: 0 });
    const due = await runInDurableObject(client.object, (_object, state) => state.storage.getAlarm());
    expect(Number(due) - Date.now()).toBeLessThanOrEqual(60_000);
    await comeDue(client);
    expect(await rowOfClient(client.clientId)).toEqual({ status: 'ended', ended: 1 });
  });

  it('ends its row later when D1 does not answer', async () => {
    const client = await newClient();
    await client.object.replaceUnlessAuthenticated();
    const away = () => {
      throw new Error('D1_ERROR: Network connection lost.');
    };
    const later = await runInDurableObject(client.object, async (_object, state) => {
      state.storage.sql.exec('UPDATE row_end SET due_at_ms = 1');
      const DB = { withSession: () => ({ prepare: away, batch: away }) } as unknown as D1Database;
      await new ClientObject(state, { ...env, DB }).alarm();
      return state.storage.getAlarm();
    });
    expect(Number(later)).toBeGreaterThan(Date.now());
    expect(await rowOfClient(client.clientId)).toEqual({ status: 'active', ended: 0 });
    await comeDue(client);
    expect(await rowOfClient(client.clientId)).toEqual({ status: 'ended', ended: 1 });
  });

  it('keeps the earlier of two alarms: what it used once is forgotten as before', async () => {
    const client = await newClient();
    await client.object.admit(request({ once: { digest: 'x', expiresAt: NOW / 1000 + 60 } }));
    const due = await runInDurableObject(client.object, (_object, state) => state.storage.getAlarm());
    expect(Number(due) - Date.now()).toBeLessThanOrEqual(121_000);
    await runInDurableObject(client.object, (_object, state) => {
      state.storage.sql.exec('UPDATE uses SET forget_at_ms = 1');
    });
    await runDurableObjectAlarm(client.object);
    const next = await runInDurableObject(client.object, (_object, state) => state.storage.getAlarm());
    expect(Number(next) - Date.now()).toBeGreaterThan(86_000_000);
  });
});

describe('caps', () => {
  it('counts consents of one UTC day', async () => {
    const object = await toldObject();
    expect(await object.countConsent(NOW, 2)).toEqual({ outcome: 'counted' });
    expect(await object.countConsent(NOW, 2)).toEqual({ outcome: 'counted' });
    expect(await object.countConsent(NOW, 2)).toEqual({ outcome: 'capped', resetSeconds: 43_200 });
    expect(await object.countConsent(NOW + 43_200_000, 2)).toEqual({ outcome: 'counted' });
    expect(await object.countConsent(NOW, 1)).toMatchObject({ outcome: 'capped' });
  });

  it('counts live request_uris until they expire, each once', async () => {
    const object = await toldObject();
    const expiresAt = NOW / 1000 + 60;
    for (const id of ['a', 'b', 'b', 'a']) {
      expect(await object.openRequestUri(NOW, id, expiresAt, 2)).toEqual({ outcome: 'counted' });
    }
    expect(await object.openRequestUri(NOW + 59_999, 'c', expiresAt + 60, 2)).toEqual({
      outcome: 'capped',
      resetSeconds: 1,
    });
    expect(await object.openRequestUri(NOW + 60_000, 'c', expiresAt + 60, 2)).toEqual({ outcome: 'counted' });
  });

  it('counts exactly in parallel', async () => {
    const object = await toldObject();
    const answers = await Promise.all(Array.from({ length: 60 }, () => object.countConsent(NOW, 25)));
    expect(answers.filter(({ outcome }) => outcome === 'counted')).toHaveLength(25);
  });
});

describe('the last authentication', () => {
  it('is noted with each proof, the first kept; calls that prove nothing change neither', async () => {
    const object = await toldObject();
    await object.admit(request());
    expect(await object.standing(NOW)).toMatchObject({
      firstAuthenticatedAtMs: null,
      lastAuthenticatedAtMs: null,
    });
    const once = use('first');
    await object.admit(request({ authenticated: true, once }));
    await object.admit(request({ authenticated: true, nowMs: NOW + 5_000 }));
    await object.admit(request({ nowMs: NOW + 9_000 }));
    // A replay proves nothing.
    await object.admit(request({ authenticated: true, once, nowMs: NOW + 9_000 }));
    expect(await object.standing(NOW)).toMatchObject({
      firstAuthenticatedAtMs: NOW,
      lastAuthenticatedAtMs: NOW + 5_000,
    });
  });

  it('of an object that is older than its column is the first, until there is another', async () => {
    const object = await toldObject();
    await object.admit(request({ authenticated: true }));
    await runInDurableObject(object, (_object: ClientObject, state) => {
      state.storage.sql.exec('ALTER TABLE client DROP COLUMN last_authenticated_at_ms');
    });
    await evictDurableObject(object);
    expect(await object.standing(NOW)).toMatchObject({ status: 'active', lastAuthenticatedAtMs: NOW });
    await object.admit(request({ authenticated: true, nowMs: NOW + 7_000 }));
    expect(await object.standing(NOW)).toMatchObject({
      firstAuthenticatedAtMs: NOW,
      lastAuthenticatedAtMs: NOW + 7_000,
    });
  });
});
