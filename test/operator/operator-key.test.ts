/** Operators' keys: their form, and who is let through. */
import { describe, expect, it } from 'vitest';
import { isOperatorKey, LOCAL_OPERATOR_KEY, newOperatorKey } from '#operator/operator-key.ts';
import { testApp } from '../support/app.ts';
import { insertOperator } from '../support/operator.ts';
import { TEST_NOW_MS } from '../support/scope.ts';

const NOW = TEST_NOW_MS / 1000;

/** Asks for the audit, which any key opens. */
function ask(key: string | undefined, app = testApp()) {
  return app.request(
    '/operator/v1/audit',
    key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } },
  );
}

describe('the form of a key', () => {
  it('is known by its checksum', async () => {
    const key = await newOperatorKey();
    expect(key).toMatch(/^ok_[\w-]{49}$/);
    expect(await isOperatorKey(key)).toBe(true);
    expect(await isOperatorKey(LOCAL_OPERATOR_KEY)).toBe(true);
    const other = key[10] === 'a' ? 'b' : 'a';
    for (const wrong of [
      '',
      'ok_',
      `${key.slice(0, 10)}${other}${key.slice(11)}`,
      key.slice(0, -1),
      `${key}x`,
    ]) {
      expect([wrong, await isOperatorKey(wrong)]).toEqual([wrong, false]);
    }
  });

  it('refuses what has not the form without asking D1', async () => {
    const touched: string[] = [];
    const DB = {
      withSession: () => new Proxy({}, { get: (_, name) => () => void touched.push(String(name)) }),
    };
    const key = await newOperatorKey();
    const answer = await ask(
      `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`,
      testApp({ bindings: { DB } }),
    );
    expect(answer.status).toBe(401);
    expect(touched).toEqual([]);
  });
});

describe('a key in force', () => {
  it('opens what its scope opens', async () => {
    const reader = await insertOperator({ scope: 'read' });
    expect((await ask(reader.key)).status).toBe(200);
    const answer = await reader.command(testApp(), `/clients/${crypto.randomUUID()}/suspend`, {
      reason: 'trial',
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'insufficient_scope' });
  });

  it('ends at its expiry, and at once when it is revoked', async () => {
    const { key } = await insertOperator({ expiresAt: NOW + 60 });
    const app = testApp();
    expect((await ask(key, app)).status).toBe(200);
    app.advance(60_000);
    expect((await ask(key, app)).status).toBe(401);
    const revoked = await insertOperator({ revokedAt: NOW });
    expect((await ask(revoked.key)).status).toBe(401);
    expect((await ask(await newOperatorKey())).status).toBe(401);
  });

  it('of the local sandbox opens nothing elsewhere', async () => {
    await insertOperator({ key: LOCAL_OPERATOR_KEY });
    expect((await ask(LOCAL_OPERATOR_KEY)).status).toBe(200);
    const deployed = testApp({
      origin: 'https://sandbox.api.hamsterbank.ai',
      bindings: { ISSUER: 'https://sandbox.api.hamsterbank.ai' },
    });
    expect((await ask(LOCAL_OPERATOR_KEY, deployed)).status).toBe(401);
    expect((await ask(LOCAL_OPERATOR_KEY, testApp({ origin: 'http://evil.example' }))).status).toBe(401);
  });
});

it('a source that keeps trying keys is limited before D1', async () => {
  const LOCAL_SOURCE_LIMIT = { limit: async () => ({ success: false }) };
  const app = testApp({ bindings: { LOCAL_SOURCE_LIMIT, DB: { withSession: () => ({}) } } });
  for (const key of [undefined, 'ok_x', await newOperatorKey()]) {
    const answer = await ask(key, app);
    expect([key, answer.status]).toEqual([key, 429]);
  }
});
