/** The guard of calls under a consent: what it lets through, what it refuses, and how much it asks for that. */

import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { type ConsentEnv, requireConsent } from '#consents/consent.guard.ts';
import type { Permission } from '#consents/consent.ts';
import { endConsent } from '#consents/end-consent.flow.ts';
import { frameRequest } from '#edge/request-frame.ts';
import { authorizedConsent, awaitingConsent, type ConsentParts } from '../support/consents.ts';
import { countingEnv } from '../support/counting-env.ts';
import { TEST_NOW_MS, testIsolate, testScope } from '../support/scope.ts';
import { makeClient, type TestClient } from '../support/test-client.ts';
import { accessToken, bearer } from '../support/tokens.ts';

const SCOPES = ['openid', 'accounts', 'transactions'];

/** One isolate with a route behind the guard, which answers with what it was let through with. */
function probe(permission: Permission = 'ReadAccounts') {
  let nowMs = TEST_NOW_MS;
  const counted = countingEnv();
  const app = new Hono<ConsentEnv>();
  app.use(frameRequest({ clock: { nowMs: () => nowMs }, isolate: testIsolate(), log: () => {} }));
  app.get(
    '/open-banking/v1/probe',
    requireConsent({ type: 'account-access', scope: 'accounts', permission }),
    (c) => c.json({ scopes: c.var.access.scopes, accountIds: c.var.access.consent.accountIds }),
  );
  return {
    ...counted,
    advance: (seconds: number) => {
      nowMs += seconds * 1000;
    },
    get: async (headers: HeadersInit) => {
      const request = new Request('http://localhost:8787/open-banking/v1/probe', { headers });
      return app.fetch(request, { ...counted.env }, createExecutionContext());
    },
  };
}

interface Held {
  readonly client: TestClient;
  readonly consentId: string;
  readonly headers: Record<string, string>;
}

async function held(parts: ConsentParts = {}, consent = authorizedConsent): Promise<Held> {
  const client = await makeClient();
  const { clientId } = client;
  const { consentId } = await consent(testScope(), { ...parts, clientId });
  const token = await accessToken(clientId, { consentId, scopes: SCOPES, subject: 'subject' });
  return { client, consentId, headers: bearer(token, { 'x-consent-id': consentId }) };
}

async function codeOf(answer: Response): Promise<unknown> {
  const body: { code?: unknown } = await answer.json();
  return body.code;
}

it('lets through with the accounts the customer chose, asking two objects and nothing of D1', async () => {
  const { get, hops, reset } = probe();
  const { headers } = await held({ accountIds: ['one', 'two'] });
  expect((await get(headers)).status).toBe(200);
  reset();
  const answer = await get(headers);
  expect(await answer.json()).toEqual({ scopes: SCOPES, accountIds: ['one', 'two'] });
  expect(answer.headers.get('ratelimit')).toBe('"default";r=98;t=60');
  expect(hops).toMatchObject({ d1: 0, objects: 2 });
  expect([...hops.calls].sort()).toEqual(['CLIENTS.admit', 'CONSENTS.use']);
});

it('asks only the client where token or header refuse the call, which counts all the same', async () => {
  const { get, hops, reset } = probe();
  const { client, consentId, headers } = await held();
  await get(headers);
  const lacking = bearer(await accessToken(client.clientId, { consentId, scopes: ['openid'] }), {
    'x-consent-id': consentId,
  });
  const { 'x-consent-id': _none, ...withoutHeader } = headers;
  const refused: [Record<string, string>, number, string][] = [
    [withoutHeader, 400, 'missing_consent'],
    [{ ...headers, 'x-consent-id': 'other' }, 401, 'invalid_consent'],
    [lacking, 403, 'insufficient_scope'],
    [bearer(await accessToken(client.clientId)), 403, 'insufficient_scope'],
  ];
  for (const [index, [sent, status, code]] of refused.entries()) {
    reset();
    const answer = await get(sent);
    expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
    expect(answer.headers.get('ratelimit')).toBe(`"default";r=${98 - index};t=60`);
    expect(hops).toMatchObject({ calls: ['CLIENTS.admit'], rowsWritten: 0 });
  }
});

it('takes a consent of another type for what it is', async () => {
  const { get } = probe();
  const { client, consentId } = await held();
  const payment = consentId.replace('_ais_', '_pis_');
  const token = await accessToken(client.clientId, { consentId: payment, scopes: SCOPES });
  const answer = await get(bearer(token, { 'x-consent-id': payment }));
  expect([answer.status, await codeOf(answer)]).toEqual([403, 'wrong_consent_type']);
});

it('refuses what the customer was not asked for', async () => {
  const { get } = probe('ReadBalances');
  const { headers } = await held({ permissions: ['ReadAccounts'] });
  const answer = await get(headers);
  expect([answer.status, await codeOf(answer)]).toEqual([403, 'permission_denied']);
});

it.each([
  ['just before its end', 599, 200, undefined],
  ['at its end', 600, 401, 'consent_expired'],
])('judges a consent %s', async (_when, seconds, status, code) => {
  const { get, advance } = probe();
  const { client, consentId } = await held({ expiresAt: TEST_NOW_MS / 1000 + 600 });
  advance(seconds);
  const now = testScope({ nowMs: TEST_NOW_MS + seconds * 1000 });
  const token = await accessToken(client.clientId, { consentId, scopes: SCOPES }, now);
  const answer = await get(bearer(token, { 'x-consent-id': consentId }));
  expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
});

it('bites at once when the consent is revoked, and writes nothing in refusing', async () => {
  const { get, hops, reset } = probe();
  const { consentId, headers } = await held();
  expect((await get(headers)).status).toBe(200);
  await endConsent(testScope(), consentId, { by: 'customer' });
  reset();
  const answer = await get(headers);
  expect([answer.status, await codeOf(answer)]).toEqual([401, 'consent_revoked']);
  expect(hops.rowsWritten).toBe(0);
});

it('refuses a consent that awaits its customer', async () => {
  const { get } = probe();
  const awaiting = await held({}, async (scope, parts) => ({
    ...(await awaitingConsent(scope, parts)),
    code: '',
  }));
  const answer = await get(awaiting.headers);
  expect([answer.status, await codeOf(answer)]).toEqual([401, 'invalid_consent']);
});

it('bites at once when the client loses a role', async () => {
  const { get } = probe();
  const { client, headers } = await held();
  expect((await get(headers)).status).toBe(200);
  await client.change({ roles: ['PISP'], scopes: ['openid', 'payments'] });
  const answer = await get(headers);
  expect([answer.status, await codeOf(answer)]).toEqual([403, 'insufficient_scope']);
});

it('asks nobody for a client that knocks on after its 429', async () => {
  const { get, hops, reset } = probe();
  const { client, headers } = await held();
  await env.CLIENTS.get(env.CLIENTS.idFromName(client.clientId)).setLimit(2);
  expect([(await get(headers)).status, (await get(headers)).status]).toEqual([200, 200]);
  expect((await get(headers)).status).toBe(429);
  reset();
  for (let index = 0; index < 3; index += 1) {
    const answer = await get(headers);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('ratelimit')).toBe('"default";r=0;t=60');
  }
  expect(hops).toMatchObject({ objects: 0, d1: 0 });
});

it('lets nobody through with the consent of another client', async () => {
  const { get } = probe();
  const { consentId } = await held();
  const stranger = await makeClient();
  const token = await accessToken(stranger.clientId, { consentId, scopes: SCOPES });
  const answer = await get(bearer(token, { 'x-consent-id': consentId }));
  expect([answer.status, await codeOf(answer)]).toEqual([401, 'invalid_consent']);
});
