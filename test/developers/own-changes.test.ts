/** What programs change of an organisation with their own credentials is in its audit log. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { findRegistration } from '#clients/find-registration.flow.ts';
import { followAudit } from '#developers/audit.ts';
import { recordDeed } from '#developers/record-deed.flow.ts';
import { EMPTY_CHAIN } from '#kernel/chain.ts';
import { endRegistration } from '#registration/end-registration.flow.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { deedsOf } from '../support/deeds.ts';
import { signUpMember } from '../support/developers.ts';
import { testScope } from '../support/scope.ts';
import { guideRequest, newTpp, REDIRECT_URI, type Tpp } from '../support/tpp.ts';

const authorized = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

function put(app: TestApp, { clientId, statement, registrationToken }: Tpp): Promise<Response> {
  return app.sendJson(`/register/${clientId}`, guideRequest(statement), {
    method: 'PUT',
    ...authorized(registrationToken),
  });
}

function end(app: TestApp, { clientId, registrationToken }: Tpp): Promise<Response> {
  return app.request(`/register/${clientId}`, { method: 'DELETE', ...authorized(registrationToken) });
}

async function tppOfMembers(app: TestApp): Promise<Tpp> {
  const tpp = await newTpp(app);
  await signUpMember({ organisationId: tpp.organisation.organisationId });
  return tpp;
}

describe('an application that uses its registration access token', () => {
  it('is named in the log with what it changed, and with nothing secret', async () => {
    const app = testApp();
    const tpp = await tppOfMembers(app);
    const { clientId, registrationToken } = tpp;
    const { organisationId } = tpp.organisation;
    expect((await put(app, tpp)).status).toBe(200);
    expect((await end(app, tpp)).status).toBe(204);
    expect((await end(app, tpp)).status).toBe(401);
    const rows = await deedsOf(organisationId);
    const done = rows.map(({ actorId, actor, action, subject }) => [actorId, actor, action, subject]);
    expect(done).toEqual([
      [clientId, 'registration token', 'application.change', clientId],
      [clientId, 'registration token', 'application.delete', clientId],
    ]);
    expect(JSON.parse(rows[0]?.detail ?? '')).toEqual({
      name: 'Nutkin',
      redirect_uris: [REDIRECT_URI],
      scope: 'openid accounts transactions',
    });
    expect(JSON.stringify(rows)).not.toContain(registrationToken);
    expect(await followAudit(EMPTY_CHAIN, rows)).toEqual({
      end: rows[1] && { sequence: 2, hash: rows[1].hash },
    });
  });

  it('has its end in the log whatever else changes it at the same moment', async () => {
    const app = testApp();
    const tpp = await tppOfMembers(app);
    const [deleted, ...changed] = await Promise.all([
      end(app, tpp),
      put(app, tpp),
      put(app, tpp),
      put(app, tpp),
    ]);
    expect(deleted?.status).toBe(204);
    const actions = (await deedsOf(tpp.organisation.organisationId)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'application.delete')).toHaveLength(1);
    const done = changed.filter(({ status }) => status === 200);
    expect(actions.filter((action) => action === 'application.change')).toHaveLength(done.length);
    expect((await put(app, tpp)).status).toBe(401);
  });

  it('writes no log that nobody could read', async () => {
    const app = testApp();
    const tpp = await newTpp(app);
    expect((await put(app, tpp)).status).toBe(200);
    expect((await end(app, tpp)).status).toBe(204);
    expect(await deedsOf(tpp.organisation.organisationId)).toEqual([]);
  });
});

it('ends no application where another change of it came first, and tells nobody that it ended', async () => {
  const app = testApp();
  const tpp = await tppOfMembers(app);
  const { clientId, organisation } = tpp;
  const scope = testScope();
  const seen = await findRegistration(scope, clientId);
  if (seen === undefined) throw new Error('no registration');
  expect((await put(app, tpp)).status).toBe(200);
  const doer = {
    organisationId: organisation.organisationId,
    actorId: 'dev_late',
    actor: 'late@example.com',
  };
  const deed = { action: 'application.delete', subject: clientId, detail: {} } as const;
  const isEnded = await endRegistration(scope, seen, (change) => recordDeed(scope, doer, deed, change));
  expect(isEnded).toBe(false);
  expect((await put(app, tpp)).status).toBe(200);
  const { results } = await env.DB.prepare('SELECT topic FROM outbox WHERE subject = ?').bind(clientId).all();
  expect(results.map(({ topic }) => topic)).not.toContain('client.ended');
  const actions = (await deedsOf(organisation.organisationId)).map(({ action }) => action);
  expect(actions).toEqual(['application.change', 'application.change']);
});

it('has each reset of the sandbox, by the key that asked for it', async () => {
  const app = testApp();
  const { organisationId, apiKey, keyId } = (await newTpp(app)).organisation;
  const answer = await app.request('/sandbox/reset', { method: 'POST', ...authorized(apiKey) });
  expect(answer.status).toBe(200);
  const rows = await deedsOf(organisationId);
  expect(rows).toMatchObject([
    {
      action: 'sandbox.reset',
      actorId: keyId,
      actor: `sk_sandbox_...${apiKey.slice(-4)}`,
      subject: organisationId,
    },
  ]);
});

it('takes what many applications of one organisation do at once', { timeout: 60_000 }, async () => {
  const app = testApp();
  const first = await tppOfMembers(app);
  const tpps = [
    first,
    ...(await Promise.all(
      Array.from({ length: 19 }, () => newTpp(app, { organisation: first.organisation })),
    )),
  ];
  const statuses = await Promise.all(tpps.map(async (tpp) => (await end(app, tpp)).status));
  expect(statuses).toEqual(tpps.map(() => 204));
});
