/** Admission below the routes: nothing fails open, a repeated call is no replay, and isolates remember the blocked. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { AdmissionRequest } from '#clients/admission.ts';
import { admitClient } from '#clients/admit-client.flow.ts';
import { tellClientObject } from '#clients/call-client.flow.ts';
import { isOutage } from '#edge/outage.ts';
import { countingEnv } from '../support/counting-env.ts';
import { TEST_NOW_MS, testIsolate, testScope } from '../support/scope.ts';
import { makeClient } from '../support/test-client.ts';

const ONCE = { digest: 'digest', expiresAt: TEST_NOW_MS / 1000 + 60 };

/** Client objects whose answers to `admit` are lost: the first `losses` of them, before or after they happened. */
function losing(losses: number, when: 'before' | 'after') {
  let calls = 0;
  const namespace = {
    idFromName: (name: string) => env.CLIENTS.idFromName(name),
    get: (id: DurableObjectId) => ({
      async admit(request: AdmissionRequest) {
        calls += 1;
        const isLost = calls <= losses;
        if (isLost && when === 'before') throw Object.assign(new Error('gone'), { retryable: true });
        const answer = await env.CLIENTS.get(id).admit(request);
        if (isLost) throw Object.assign(new Error('gone'), { retryable: true });
        return answer;
      },
    }),
  };
  return { bindings: { CLIENTS: namespace }, calls: () => calls };
}

describe('an object that does not answer', () => {
  it('is asked once more', async () => {
    const { clientId } = await makeClient();
    const { bindings, calls } = losing(1, 'before');
    expect(await admitClient(testScope({ bindings }), clientId, { once: ONCE })).toMatchObject({ ok: true });
    expect(calls()).toBe(2);
  });

  it('lets nobody through', async () => {
    const { clientId } = await makeClient();
    const { bindings, calls } = losing(9, 'before');
    const failed: unknown = await admitClient(testScope({ bindings }), clientId).catch(
      (error: unknown) => error,
    );
    expect(isOutage(failed)).toBe(true);
    expect(calls()).toBe(2);
  });

  it('whose answer was lost after it counted does not take the repetition for a replay', async () => {
    const { clientId } = await makeClient();
    const { bindings } = losing(1, 'after');
    expect(await admitClient(testScope({ bindings }), clientId, { once: ONCE })).toMatchObject({ ok: true });
    expect(await admitClient(testScope(), clientId, { once: ONCE })).toMatchObject({
      ok: false,
      refusal: { code: 'invalid_client' },
    });
  });
});

describe('a client that has ended', () => {
  it.each(['ended', 'suspended'] as const)(
    '%s: refused as the caller says, without a window',
    async (status) => {
      const client = await makeClient();
      await tellClientObject(testScope(), { clientId: client.clientId, version: 2, status, scopes: [] });
      expect(await admitClient(testScope(), client.clientId)).toMatchObject({
        refusal: { code: 'invalid_client' },
      });
      const asToken = await admitClient(testScope(), client.clientId, { endedAs: 'invalid_token' });
      expect(asToken).toMatchObject({ refusal: { code: 'invalid_token' } });
      expect(asToken.ok ? undefined : asToken.refusal.window).toBeUndefined();
    },
  );
});

describe('a client that keeps knocking after its window is full', () => {
  it('costs each isolate one object call a window', async () => {
    const { clientId } = await makeClient();
    await env.CLIENTS.get(env.CLIENTS.idFromName(clientId)).setLimit(3);
    const counting = countingEnv();
    const isolates = [testIsolate(), testIsolate()] as const;
    const knock = (isolate: (typeof isolates)[number], afterMs: number) =>
      admitClient(
        testScope({ isolate, nowMs: TEST_NOW_MS + afterMs, bindings: { ...counting.env } }),
        clientId,
      );
    for (let n = 0; n < 3; n += 1) expect(await knock(isolates[0], n)).toMatchObject({ ok: true });
    counting.reset();
    for (let n = 0; n < 20; n += 1) {
      for (const isolate of isolates) {
        expect(await knock(isolate, 1_000 + n)).toMatchObject({
          refusal: { code: 'rate_limit_exceeded', retryAfterSeconds: 59 },
        });
      }
    }
    expect(counting.hops.objects).toBe(2);
    expect(await knock(isolates[1], 60_000)).toMatchObject({ ok: true, value: { window: { remaining: 2 } } });
  });
});
