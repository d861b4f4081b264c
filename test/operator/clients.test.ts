/** Commands on clients: what is suspended is refused everywhere at once, and what is resumed goes on. */
import { describe, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import { linkTpp } from '../support/linked-tpp.ts';
import { actionsOn, insertOperator } from '../support/operator.ts';
import { makeClient } from '../support/test-client.ts';

const REASON = { reason: 'asked by the regulator' };

describe('suspending a client', () => {
  it('refuses everything of it at the next request, in every isolate, until it is resumed', async () => {
    const app = testApp();
    const tpp = await linkTpp(app);
    const operator = await insertOperator();
    const other = testApp();
    const read = (isolate = app) => isolate.request('/open-banking/v1/accounts', { headers: tpp.headers });
    expect([(await read()).status, (await read(other)).status]).toEqual([200, 200]);

    const answer = await operator.command(app, `/clients/${tpp.clientId}/suspend`, REASON);
    expect([answer.status, await answer.json()]).toMatchObject([200, { status: 'suspended' }]);
    for (const isolate of [app, other, testApp()]) {
      expect((await read(isolate)).status).toBe(401);
      const token = await isolate.sendForm('/oauth/token', {
        grant_type: 'client_credentials',
        ...(await tpp.credentials()),
      });
      expect([token.status, await token.json()]).toMatchObject([401, { code: 'invalid_client' }]);
    }

    const resumed = await operator.command(app, `/clients/${tpp.clientId}/resume`, REASON);
    expect(await resumed.json()).toMatchObject({ status: 'active' });
    for (const isolate of [app, other, testApp()]) expect((await read(isolate)).status).toBe(200);
    expect((await actionsOn(tpp.clientId)).map(({ action, actor }) => [action, actor])).toEqual([
      ['client.suspend', operator.name],
      ['client.resume', operator.name],
    ]);
  });

  it('counts once, however often it is said', async () => {
    const operator = await insertOperator();
    const { clientId } = await makeClient();
    const versions = [];
    for (let n = 0; n < 3; n += 1) {
      const answer = await operator.command(testApp(), `/clients/${clientId}/suspend`, REASON);
      versions.push((await answer.json<{ version: number }>()).version);
    }
    expect(versions).toEqual([2, 2, 2]);
    const rows = await actionsOn(clientId);
    expect(rows).toHaveLength(1);
    expect(JSON.parse(rows[0]?.detail ?? '')).toEqual({ ...REASON, from: 'active', version: 2 });
  });

  it('refuses an unknown and an ended client, and a command without a reason', async () => {
    const operator = await insertOperator();
    const app = testApp();
    const ended = await makeClient({ status: 'ended' });
    const live = await makeClient();
    const code = async (path: string, body: unknown) => {
      const answer = await operator.command(app, path, body);
      return [answer.status, (await answer.json<{ code: string }>()).code];
    };
    expect(await code(`/clients/${crypto.randomUUID()}/suspend`, REASON)).toEqual([404, 'not_found']);
    expect(await code(`/clients/${ended.clientId}/resume`, REASON)).toEqual([409, 'conflict']);
    for (const body of [{}, { reason: ' ' }, { reason: 'because', more: 1 }]) {
      expect(await code(`/clients/${live.clientId}/suspend`, body)).toEqual([400, 'invalid_request']);
    }
    expect(await actionsOn(live.clientId)).toEqual([]);
  });
});
