/** POST /sandbox/reset: a new tenant, no consent of before, ten times an hour. */
import { createExecutionContext, createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { createScheduled } from '#app.ts';
import { liveConsentsStatement } from '#consents/consent.store.ts';
import { endConsentsOfOrganisation } from '#consents/end-consent.flow.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import { openDatabase } from '#edge/database.ts';
import { resetResponseSchema } from '#sandbox/sandbox-answer.schema.ts';
import { sandboxTenants } from '#sandbox/tenants.flow.ts';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import { testApp } from '../support/app.ts';
import { authorizedConsent, awaitingConsent } from '../support/consents.ts';
import { TEST_NOW_MS, testScope } from '../support/scope.ts';
import { accessToken, bearer } from '../support/tokens.ts';

const HOUR_MS = 3_600_000;
const LATER_MS = TEST_NOW_MS + 60_000;

it('gives a new tenant and ends what was awaiting and authorized', async () => {
  const { organisationId, apiKey } = await insertOrganisationWithKey();
  const scope = testScope();
  const before = await sandboxTenants.ready(scope, organisationId);
  const awaiting = await awaitingConsent(scope, { organisationId });
  const authorized = await authorizedConsent(scope, { organisationId, tenantId: before });
  const stranger = await awaitingConsent(scope);
  const app = testApp({ nowMs: LATER_MS });
  const answer = await app.request('/sandbox/reset', { method: 'POST', headers: bearer(apiKey) });
  expect(answer.status).toBe(200);
  const body: unknown = await answer.json();
  expect(v.parse(resetResponseSchema, body)).toEqual(body);
  expect(body).toEqual({
    reset_at: '2026-11-22T12:01:00Z',
    consents_ended: 2,
    customers: [
      {
        username: 'hazel',
        account_ids: ['acc_1234567890', 'acc_2345678901', 'acc_5678901234', 'acc_6789012345'],
      },
      { username: 'basil', account_ids: ['acc_2345678901', 'acc_3456789012'] },
      { username: 'clover', account_ids: ['acc_4567890123', 'acc_7890123456', 'acc_8901234567'] },
      { username: 'teasel', account_ids: [] },
    ],
  });
  const after = testScope({ nowMs: LATER_MS });
  expect(await sandboxTenants.peek(after, organisationId)).not.toBe(before);
  for (const { consentId } of [awaiting, authorized]) {
    expect(await readConsent(after, consentId)).toMatchObject({ status: 'revoked', revokedBy: 'bank' });
  }
  expect(await readConsent(after, stranger.consentId)).toMatchObject({ status: 'awaiting_authorization' });
  const token = await accessToken(authorized.clientId, { consentId: authorized.consentId });
  const refused = await app.request('/open-banking/v1/accounts', {
    headers: bearer(token, { 'x-consent-id': authorized.consentId }),
  });
  expect(refused.status).toBe(401);
});

it('works before the first log-in too', async () => {
  const { organisationId, apiKey } = await insertOrganisationWithKey();
  const app = testApp();
  const answer = await app.request('/sandbox/reset', { method: 'POST', headers: bearer(apiKey) });
  expect(await answer.json()).toMatchObject({ consents_ended: 0 });
  expect(await sandboxTenants.peek(testScope(), organisationId)).toBeDefined();
});

it('counts ten an hour, and needs a key', async () => {
  const { apiKey } = await insertOrganisationWithKey();
  const app = testApp();
  const reset = () => app.request('/sandbox/reset', { method: 'POST', headers: bearer(apiKey) });
  for (let count = 0; count < 10; count += 1) expect((await reset()).status).toBe(200);
  const refused = await reset();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('3600');
  app.advance(HOUR_MS);
  expect((await reset()).status).toBe(200);
  expect((await app.request('/sandbox/reset', { method: 'POST' })).status).toBe(401);
});

it('leaves one tenant when two resets race', async () => {
  const { organisationId, apiKey } = await insertOrganisationWithKey();
  await sandboxTenants.ready(testScope(), organisationId);
  const app = testApp();
  await Promise.all(
    [1, 2].map(() => app.request('/sandbox/reset', { method: 'POST', headers: bearer(apiKey) })),
  );
  const live = await env.DB.prepare(
    'SELECT count(*) AS tenants FROM tenants WHERE organisation_id = ?1 AND last_used_at > 0',
  )
    .bind(organisationId)
    .first<number>('tenants');
  expect(live).toBe(1);
});

it('ends the rest by the outbox, and nothing made after the reset', async () => {
  const { organisationId, apiKey } = await insertOrganisationWithKey();
  const app = testApp({ nowMs: LATER_MS });
  await app.request('/sandbox/reset', { method: 'POST', headers: bearer(apiKey) });
  // As if the request had stopped after its batch: a consent of before is left.
  const left = await awaitingConsent(testScope(), { organisationId });
  const fresh = await awaitingConsent(testScope({ nowMs: LATER_MS + 1_000 }), { organisationId });
  const scheduled = createScheduled({ clock: { nowMs: () => LATER_MS + 60_000 }, log: () => {} });
  const time = { scheduledTime: LATER_MS + 60_000 };
  await scheduled(createScheduledController(time), env, createExecutionContext());
  const scope = testScope({ nowMs: LATER_MS + 60_000 });
  expect(await readConsent(scope, left.consentId)).toMatchObject({ status: 'revoked' });
  expect(await readConsent(scope, fresh.consentId)).toMatchObject({ status: 'awaiting_authorization' });
});

it('stops at its maximum and says so', async () => {
  const { organisationId } = await insertOrganisationWithKey();
  const scope = testScope();
  for (let count = 0; count < 7; count += 1) await awaitingConsent(scope, { organisationId });
  const ending = { by: 'bank', createdTo: scope.now, maximum: 5 } as const;
  expect(await endConsentsOfOrganisation(scope, organisationId, ending)).toEqual({ ended: 5, done: false });
  expect(await endConsentsOfOrganisation(scope, organisationId, ending)).toEqual({ ended: 2, done: true });
});

it('lists live consents by their index, without a scan or a sort', async () => {
  const query = { organisationId: 'o', createdFrom: 0, createdTo: 1, limit: 1 };
  const { sql, params } = liveConsentsStatement(openDatabase(env.DB), query).prepare().getQuery();
  const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...params)
    .all<{ detail: string }>();
  const details = plan.results.map((row) => row.detail).join('\n');
  expect(details).toContain('SEARCH consents USING INDEX consents_by_organisation');
  expect(details).not.toMatch(/SCAN|TEMP B-TREE/);
});
