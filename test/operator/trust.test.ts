/** Commands on trust: directories, signing keys, operators' keys. */
import { describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { linkTpp } from '../support/linked-tpp.ts';
import { actionsOn, insertOperator, type TestOperator } from '../support/operator.ts';
import { newTpp } from '../support/tpp.ts';

const REASON = { reason: 'incident 42' };
const ISSUER = 'http://localhost:8787/sandbox/directory';

describe('directories', () => {
  it('refuses the statements of a distrusted one, in every isolate after 30 s, until it is trusted again', async () => {
    const app = testApp();
    const operator = await insertOperator();
    const other = testApp();
    await newTpp(other);
    const change = (does: string) =>
      operator.command(app, `/directories/${does}`, { issuer: ISSUER, ...REASON });
    const answer = await change('distrust');
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { directories: [{ issuer: ISSUER, trusted: false }] },
    ]);
    await change('distrust');
    other.advance(30_000);
    for (const isolate of [other, testApp()]) {
      await expect(newTpp(isolate)).rejects.toThrow(/unapproved_software_statement/);
    }
    await change('trust');
    await newTpp(testApp());
    expect((await actionsOn(ISSUER)).map(({ action }) => action)).toEqual([
      'directory.distrust',
      'directory.trust',
    ]);
    const unknown = { issuer: 'https://nobody.example', ...REASON };
    expect((await operator.command(app, '/directories/distrust', unknown)).status).toBe(404);
  });
});

interface ListedKey {
  readonly kid: string;
  readonly use: string;
  readonly state: string;
}

async function keysOf(app: TestApp, operator: TestOperator): Promise<readonly ListedKey[]> {
  const answer = await operator.command(app, '/signing-keys');
  return (await answer.json<{ signing_keys: ListedKey[] }>()).signing_keys;
}

describe('signing keys', () => {
  it('are replaced ten minutes ahead, and a compromised one takes its tokens with it', async () => {
    const app = testApp();
    const tpp = await linkTpp(app);
    const operator = await insertOperator();
    const active = (await keysOf(app, operator)).find(
      ({ use, state }) => use === 'ES256' && state === 'active',
    );
    if (active === undefined) throw new Error('no active key');
    const rotated = await operator.command(app, '/signing-keys/rotate', { kid: active.kid, ...REASON });
    const { signing_keys: keys } = await rotated.json<{ signing_keys: ListedKey[] }>();
    const next = keys.find(({ use, state }) => use === 'ES256' && state === 'next');
    expect(next).toBeDefined();

    const read = () => app.request('/open-banking/v1/accounts', { headers: tpp.headers });
    expect((await read()).status).toBe(200);
    const removed = await operator.command(app, `/signing-keys/${active.kid}/remove`, REASON);
    expect(removed.status).toBe(200);
    expect(await keysOf(app, operator)).not.toContainEqual(expect.objectContaining({ kid: active.kid }));
    app.advance(60_000);
    expect((await read()).status).toBe(401);
    expect((await actionsOn(active.kid)).map(({ action }) => action)).toEqual([
      'signing_key.rotate',
      'signing_key.remove',
    ]);
    expect((await operator.command(app, `/signing-keys/${active.kid}/remove`, REASON)).status).toBe(404);
  });
});

describe("operators' keys", () => {
  it('are made by operators, shown once, one in force a name, and revoked at the next call', async () => {
    const app = testApp();
    const operator = await insertOperator();
    const name = `new-${crypto.randomUUID().slice(0, 8)}`;
    const wanted = { name, scope: 'read', expires_in_days: 30, ...REASON };
    const made = await operator.command(app, '/operator-keys', wanted);
    const { operator_key: key } = await made.json<{ operator_key: string }>();
    expect([made.status, key]).toEqual([200, expect.stringMatching(/^ok_/)]);
    const ask = () =>
      app.request('/operator/v1/operator-keys', { headers: { authorization: `Bearer ${key}` } });
    const listed = await ask();
    expect(listed.status).toBe(200);
    const text = await listed.text();
    expect(text).toContain(name);
    expect(text).not.toContain(key);
    expect((await operator.command(app, '/operator-keys', wanted)).status).toBe(409);
    expect((await operator.command(app, `/operator-keys/${name}/revoke`, REASON)).status).toBe(200);
    expect((await ask()).status).toBe(401);
    expect((await operator.command(app, `/operator-keys/${name}/revoke`, REASON)).status).toBe(404);
    expect((await operator.command(app, '/operator-keys', wanted)).status).toBe(200);
    const rows = await actionsOn(name);
    expect(rows.map(({ action }) => action)).toEqual([
      'operator_key.create',
      'operator_key.revoke',
      'operator_key.create',
    ]);
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  it('cannot end themselves, nor have names that mislead', async () => {
    const operator = await insertOperator();
    const revoke = await operator.command(testApp(), `/operator-keys/${operator.name}/revoke`, REASON);
    expect(revoke.status).toBe(409);
    for (const name of ['', 'A', 'ada ', 'Ada', '-ada', 'ada\u0000', 'a'.repeat(51)]) {
      const body = { name, scope: 'read', ...REASON };
      expect((await operator.command(testApp(), '/operator-keys', body)).status).toBe(400);
    }
  });
});
