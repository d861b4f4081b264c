/** A request found by its id, whosever it was: a client's call in the request log, an operator's command in the audit. */
import { describe, expect, it } from 'vitest';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import { testApp } from '../support/app.ts';
import { actionsOn, insertOperator } from '../support/operator.ts';
import { deliver, entryOf, messageOf } from '../support/requests.ts';

describe('finding a request', () => {
  it('tells of calls in every organisation’s request log, and is written down', async () => {
    const app = testApp();
    const operator = await insertOperator({ scope: 'read' });
    const requestId = crypto.randomUUID();
    const owners = await Promise.all([insertOrganisationWithKey(), insertOrganisationWithKey()]);
    const own = owners.map(({ organisationId }) => organisationId);
    await deliver([
      messageOf([
        ...own.map((organisationId) =>
          entryOf({ organisationId, requestId, status: 404, code: 'not_found' }),
        ),
        entryOf({ organisationId: own[0] ?? '' }),
      ]),
    ]);
    const answer = await operator.command(app, `/requests/${requestId}`);
    expect(answer.status).toBe(200);
    const { calls, actions } = await answer.json<{
      calls: { organisation_id: string }[];
      actions: unknown[];
    }>();
    expect(calls.map((call) => call.organisation_id).toSorted()).toEqual(own.toSorted());
    expect(calls[0]).toMatchObject({
      request_id: requestId,
      method: 'GET',
      route: '/open-banking/v1/accounts/{account_id}',
      status: 404,
      code: 'not_found',
    });
    expect(actions).toEqual([]);
    expect(await actionsOn(requestId)).toMatchObject([{ action: 'request.find', actor: operator.name }]);
  });

  it('tells of operators’ commands', async () => {
    const app = testApp();
    const operator = await insertOperator();
    const subject = crypto.randomUUID();
    const looked = await operator.command(app, `/clients/${subject}`);
    const answer = await operator.command(app, `/requests/${looked.headers.get('x-fapi-interaction-id')}`);
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { calls: [], actions: [{ action: 'client.find', subject }] },
    ]);
  });

  it.each(['none', crypto.randomUUID(), 'x'.repeat(300), '%27%20OR%201=1'])(
    'finds none for %s, and writes that down too',
    async (id) => {
      const operator = await insertOperator();
      const answer = await operator.command(testApp(), `/requests/${id}`);
      expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'not_found' }]);
      const subject = decodeURIComponent(id).slice(0, 100);
      expect((await actionsOn(subject)).at(-1)).toMatchObject({ detail: '{"found":false}' });
    },
  );
});
