/** Retention: an object forgets a consent 30 days after its end, and the row in D1 answers for it from then on. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { endConsent } from '#consents/end-consent.flow.ts';
import { readConsentWithHistory } from '#consents/read-consent.flow.ts';
import { testApp } from '../support/app.ts';
import { authorizedConsent, awaitingConsent, consentStub } from '../support/consents.ts';
import { linkTpp } from '../support/linked-tpp.ts';
import { newPayable, openPaying, sendPayment } from '../support/paying.ts';
import { testScope } from '../support/scope.ts';

const DAY_MS = 86_400_000;

/** What the object keeps, and when its alarm comes, by its callers' clock. */
function objectOf(consentId: string) {
  return runInDurableObject(consentStub(consentId), (_object, { storage }) => ({
    rows: [...storage.kv.list()].length,
    dueMs: storage.kv.get<{ dueMs: number }>('alarm')?.dueMs,
  }));
}

async function endedConsent() {
  const scope = testScope();
  const { consentId, clientId } = await authorizedConsent(scope);
  await endConsent(scope, consentId, { by: 'bank', note: 'trial' });
  return { scope, consentId, clientId };
}

describe('the object of a consent that is over', () => {
  it('is due to forget it 30 days later, and then keeps nothing', async () => {
    const { scope, consentId } = await endedConsent();
    expect((await objectOf(consentId)).dueMs).toBe(scope.nowMs + 30 * DAY_MS);
    expect(await runDurableObjectAlarm(consentStub(consentId))).toBe(true);
    expect(await objectOf(consentId)).toEqual({ rows: 0, dueMs: undefined });
    expect(await runDurableObjectAlarm(consentStub(consentId))).toBe(false);
  });

  it('is left while the consent lives, and begins with the end that time brings', async () => {
    const scope = testScope();
    const { consentId } = await awaitingConsent(scope);
    expect((await objectOf(consentId)).dueMs).toBe(scope.nowMs + DAY_MS);
    await runDurableObjectAlarm(consentStub(consentId));
    expect((await objectOf(consentId)).dueMs).toBe(scope.nowMs + 31 * DAY_MS);
    expect(await readConsentWithHistory(scope, consentId)).toHaveProperty('consent.status', 'expired');
  });
});

describe('a consent that its object has forgotten', () => {
  it('is read from its row, without its history, and ended again without effect', async () => {
    const { scope, consentId, clientId } = await endedConsent();
    await runDurableObjectAlarm(consentStub(consentId));
    expect(await readConsentWithHistory(scope, consentId)).toMatchObject({
      consent: { consentId, status: 'revoked', revokedBy: 'bank' },
      history: [],
    });
    expect(await endConsent(scope, consentId, { by: 'tpp', clientId })).toMatchObject({
      ok: true,
      value: { status: 'revoked', revokedBy: 'bank' },
    });
    const others = await endConsent(scope, consentId, { by: 'tpp', clientId: crypto.randomUUID() });
    expect(others).toMatchObject({ ok: false, refusal: { code: 'not_found' } });
    expect(await objectOf(consentId)).toEqual({ rows: 0, dueMs: undefined });
  });

  it('answers its TPP as before, and opens nothing', async () => {
    const app = testApp();
    const tpp = await linkTpp(app);
    const path = `/open-banking/v1/consents/${tpp.consentId}`;
    const own = { authorization: `Bearer ${tpp.ownToken}` };
    await app.request(path, { method: 'DELETE', headers: own });
    const before = await (await app.request(path, { headers: own })).json();
    await runDurableObjectAlarm(consentStub(tpp.consentId));
    const after = await app.request(path, { headers: own });
    expect([after.status, await after.json()]).toEqual([200, before]);
    expect((await app.request(path, { method: 'DELETE', headers: own })).status).toBe(204);
    expect((await app.request('/open-banking/v1/accounts', { headers: tpp.headers })).status).toBe(401);
    const refresh = await app.sendForm('/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: tpp.refreshToken,
      ...(await tpp.credentials()),
    });
    expect(refresh.status).toBe(400);
  });

  it('stays consumed where its payment was made', async () => {
    const app = testApp();
    const payable = await newPayable(await openPaying());
    expect((await sendPayment(app, payable)).status).toBe(201);
    const scope = testScope();
    // First its code, then its grant of 24 hours, then all of it.
    for (let n = 0; n < 3; n += 1) await runDurableObjectAlarm(consentStub(payable.consentId));
    expect((await objectOf(payable.consentId)).rows).toBe(0);
    expect(await readConsentWithHistory(scope, payable.consentId)).toHaveProperty(
      'consent.status',
      'consumed',
    );
    expect(await endConsent(scope, payable.consentId, { by: 'bank' })).toMatchObject({
      refusal: { code: 'consent_consumed' },
    });
    expect((await sendPayment(app, payable)).status).toBe(401);
  });
});
