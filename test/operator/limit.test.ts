/** An operator's own limit for a client, and what an operator sees of one. */
import { describe, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import { linkTpp } from '../support/linked-tpp.ts';
import { actionsOn, insertOperator } from '../support/operator.ts';
import { makeClient } from '../support/test-client.ts';

const reason = 'agreed with the TPP';

describe("a client's limit", () => {
  it("counts from the next window on, and gives way to the environment's again", async () => {
    const app = testApp();
    const tpp = await linkTpp(app);
    const operator = await insertOperator();
    const path = `/clients/${tpp.clientId}/limit`;
    const policy = async () => {
      app.advance(60_000);
      const answer = await app.request('/open-banking/v1/accounts', { headers: tpp.headers });
      return answer.headers.get('ratelimit-policy');
    };
    const set = await operator.command(app, path, { requests_per_minute: 7, reason }, 'PUT');
    expect([set.status, await set.json()]).toMatchObject([200, { requests_per_minute: 7, status: 'active' }]);
    expect(await policy()).toBe('"default";q=7;w=60');
    await operator.command(app, path, { requests_per_minute: null, reason }, 'PUT');
    expect(await policy()).toBe('"default";q=100;w=60');
    expect((await actionsOn(tpp.clientId)).map(({ action, detail }) => [action, detail])).toEqual([
      ['client.limit', JSON.stringify({ reason, requests_per_minute: 7 })],
      ['client.limit', JSON.stringify({ reason, requests_per_minute: null })],
    ]);
  });

  it.each([0, -1, 1.5, 1_000_001, '7', undefined])('refuses %j', async (requests_per_minute) => {
    const operator = await insertOperator();
    const { clientId } = await makeClient();
    const body = { requests_per_minute, reason };
    const answer = await operator.command(testApp(), `/clients/${clientId}/limit`, body, 'PUT');
    expect(answer.status).toBe(400);
    expect(await actionsOn(clientId)).toEqual([]);
  });
});

describe('looking at a client', () => {
  it('shows row and object beside each other, and is written down', async () => {
    const app = testApp();
    const tpp = await linkTpp(app);
    const operator = await insertOperator({ scope: 'read' });
    const answer = await operator.command(app, `/clients/${tpp.clientId}`);
    expect(await answer.json()).toMatchObject({
      client_id: tpp.clientId,
      status: 'active',
      object_status: 'active',
      requests_per_minute: null,
      consents_today: 1,
      organisation_id: tpp.organisation.organisationId,
      first_authenticated_at: '2026-11-22T12:00:00Z',
    });
    const unknown = crypto.randomUUID();
    expect((await operator.command(app, `/clients/${unknown}`)).status).toBe(404);
    expect((await actionsOn(tpp.clientId)).map(({ action }) => action)).toEqual(['client.find']);
    expect((await actionsOn(unknown)).map(({ detail }) => detail)).toEqual(['{"found":false}']);
  });
});
