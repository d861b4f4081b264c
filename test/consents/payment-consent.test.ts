/** A payment consent's end: of payment and revocation D1 decides, and the object follows. Source: interface section 4. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Consent } from '#consents/consent.ts';
import { endStatement } from '#consents/consent-end.statements.ts';
import { endConsent } from '#consents/end-consent.flow.ts';
import { noteConsumed } from '#consents/learn-consent-end.flow.ts';
import { listConsents } from '#consents/list-consents.flow.ts';
import { readConsent, readConsentWithHistory } from '#consents/read-consent.flow.ts';
import { redeemCode, refreshGrant } from '#consents/redeem-grant.flow.ts';
import { openDatabase } from '#edge/database.ts';
import type { Scope } from '#edge/scope.ts';
import { newUuid } from '#kernel/ids.ts';
import { authorizedConsent, awaitingConsent, consentStub, REDIRECT_URI } from '../support/consents.ts';
import { INTERNATIONAL_PAYMENT, paymentRequestOf } from '../support/payments.ts';
import { testScope } from '../support/scope.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function later(scope: Scope, ms: number): Scope {
  return testScope({ nowMs: scope.nowMs + ms });
}

/** The row that a payment's batch writes. */
async function insertEnd(scope: Scope, consentId: string, outcome: 'consumed' | 'revoked') {
  const end = {
    consentId,
    outcome,
    at: scope.now,
    ...(outcome === 'consumed' ? { paymentId: 'pay_1' } : {}),
  };
  await endStatement(openDatabase(env.DB), end);
}

async function statusOf(scope: Scope, consentId: string): Promise<Consent | undefined> {
  return readConsent(scope, consentId);
}

async function payable(scope: Scope, payment?: object) {
  return authorizedConsent(scope, { request: paymentRequestOf(scope, payment) });
}

describe('the time of a payment consent', () => {
  it.each([
    ['a domestic one awaits its customer for a day', undefined, DAY_MS],
    ['an international one as long as its quote holds', INTERNATIONAL_PAYMENT, 15 * 60_000],
  ])('%s', async (_what, payment, lastsMs) => {
    const scope = testScope();
    const { consentId } = await awaitingConsent(scope, { request: paymentRequestOf(scope, payment) });
    expect(await statusOf(later(scope, lastsMs - 1), consentId)).toMatchObject({
      status: 'awaiting_authorization',
    });
    expect(await statusOf(later(scope, lastsMs), consentId)).toMatchObject({
      status: 'expired',
      statusUpdatedAt: scope.now + lastsMs / 1000,
    });
  });

  it.each([
    ['a domestic one is to be paid within a day of approval', undefined, DAY_MS],
    ['an international one as long as its quote holds', INTERNATIONAL_PAYMENT, 15 * 60_000],
  ])('%s', async (_what, payment, lastsMs) => {
    const scope = testScope();
    const { consentId } = await payable(scope, payment);
    expect(await statusOf(later(scope, lastsMs - 1), consentId)).toMatchObject({ status: 'authorized' });
    expect(await statusOf(later(scope, lastsMs), consentId)).toMatchObject({ status: 'expired' });
  });

  it('counts the day from approval, not from creation', async () => {
    const created = testScope();
    const approved = later(created, 23 * HOUR_MS);
    const request = paymentRequestOf(created);
    const consent = await awaitingConsent(created, { request });
    await consentStub(consent.consentId).approve({
      nowMs: approved.nowMs,
      consentId: consent.consentId,
      tenantId: 't',
      customerId: 'c',
      accountIds: ['a'],
      binding: {
        clientId: consent.clientId,
        redirectUri: REDIRECT_URI,
        scopes: ['payments'],
        authTime: approved.now,
        subject: 's',
      },
      codeDigest: 'digest',
      note: undefined,
    });
    expect(await statusOf(later(approved, DAY_MS - 1), consent.consentId)).toMatchObject({
      status: 'authorized',
    });
    expect(await statusOf(later(approved, DAY_MS), consent.consentId)).toMatchObject({ status: 'expired' });
  });
});

describe('consumption', () => {
  it('reads consumed everywhere once the payment stands in D1, though its object does not know', async () => {
    const scope = testScope();
    const { consentId, clientId } = await payable(scope);
    await insertEnd(scope, consentId, 'consumed');
    const expected = { status: 'consumed', paymentId: 'pay_1', statusUpdatedAt: scope.now };
    expect(await statusOf(scope, consentId)).toMatchObject(expected);
    const list = await listConsents(scope, { clientId, limit: 25 });
    expect(list).toMatchObject({ ok: true, value: { consents: [expected] } });
  });

  it('is noted once, however often it is told', async () => {
    const scope = testScope();
    const { consentId } = await payable(scope);
    const payment = { paymentId: 'pay_1', at: scope.now };
    await noteConsumed(scope, consentId, payment);
    await noteConsumed(later(scope, 5_000), consentId, payment);
    const reading = await readConsentWithHistory(scope, consentId);
    expect(reading?.consent).toMatchObject({ status: 'consumed', paymentId: 'pay_1', version: 3 });
    expect(reading?.history.map(({ event }) => event)).toEqual(['created', 'authorized', 'consumed']);
  });

  it('overrides an expiry that was noted beside the committed payment, and no expiry overrides it', async () => {
    const scope = testScope();
    const { consentId } = await payable(scope, INTERNATIONAL_PAYMENT);
    const end = later(scope, 16 * 60_000);
    // The object notes what is due, and leaves the end to D1.
    await consentStub(consentId).revoke({
      nowMs: end.nowMs,
      consentId,
      by: 'bank',
      clientId: undefined,
      note: undefined,
    });
    expect(await statusOf(end, consentId)).toMatchObject({ status: 'expired' });
    await noteConsumed(end, consentId, { paymentId: 'pay_1', at: scope.now + 899 });
    expect(await statusOf(end, consentId)).toMatchObject({ status: 'consumed', paymentId: 'pay_1' });
    expect(await statusOf(later(end, 90 * DAY_MS), consentId)).toMatchObject({ status: 'consumed' });
  });

  it('is no fate of other consents', async () => {
    const scope = testScope();
    const { consentId } = await authorizedConsent(scope);
    await noteConsumed(scope, consentId, { paymentId: 'pay_1', at: scope.now });
    expect(await statusOf(scope, consentId)).toMatchObject({ status: 'authorized' });
  });
});

describe('revocation', () => {
  it.each([
    ['awaiting its customer', awaitingConsent],
    ['authorized', authorizedConsent],
  ])('of a consent %s stands in D1 before it is acknowledged', async (_what, make) => {
    const scope = testScope();
    const { consentId, clientId } = await make(scope, { request: paymentRequestOf(scope) });
    const ended = await endConsent(scope, consentId, { by: 'tpp', clientId });
    expect(ended).toMatchObject({ ok: true, value: { status: 'revoked', revokedBy: 'tpp' } });
    await expect(insertEnd(scope, consentId, 'consumed')).rejects.toThrow();
    expect(await statusOf(scope, consentId)).toMatchObject({ status: 'revoked', revokedBy: 'tpp' });
    expect(await endConsent(scope, consentId, { by: 'bank' })).toMatchObject({
      ok: true,
      value: { status: 'revoked', revokedBy: 'tpp' },
    });
  });

  it('comes too late where the payment was first: the object learns it', async () => {
    const scope = testScope();
    const { consentId, clientId } = await payable(scope);
    await insertEnd(scope, consentId, 'consumed');
    const ended = await endConsent(scope, consentId, { by: 'tpp', clientId });
    expect(ended).toMatchObject({ ok: false, refusal: { code: 'consent_consumed' } });
    expect(await consentStub(consentId).read(scope.nowMs)).toMatchObject({
      consent: { status: 'consumed', paymentId: 'pay_1' },
    });
  });

  it('of an expired consent is refused where a payment begun before has consumed it', async () => {
    const scope = testScope();
    const { consentId } = await payable(scope);
    const end = later(scope, DAY_MS);
    expect(await endConsent(end, consentId, { by: 'tpp' })).toMatchObject({ value: { status: 'expired' } });
    await insertEnd(scope, consentId, 'consumed');
    expect(await endConsent(end, consentId, { by: 'tpp' })).toMatchObject({
      refusal: { code: 'consent_consumed' },
    });
  });

  it('that did not reach the object is finished by the next try', async () => {
    const scope = testScope();
    const { consentId } = await payable(scope);
    await insertEnd(scope, consentId, 'revoked');
    expect(await statusOf(scope, consentId)).toMatchObject({ status: 'revoked' });
    expect(await endConsent(later(scope, 5_000), consentId, { by: 'tpp' })).toMatchObject({
      value: { status: 'revoked', revokedBy: 'tpp', statusUpdatedAt: scope.now },
    });
  });

  it('of another client finds nothing and leaves no row', async () => {
    const scope = testScope();
    const { consentId } = await payable(scope);
    expect(await endConsent(scope, consentId, { by: 'tpp', clientId: newUuid() })).toMatchObject({
      refusal: { code: 'not_found' },
    });
    await expect(insertEnd(scope, consentId, 'consumed')).resolves.toBeUndefined();
  });
});

const ROUNDS = env.TEST_LENGTH === 'long' ? 1_000 : 20;

it(`of payment and revocation exactly one happens, in ${ROUNDS} rounds`, async () => {
  const scope = testScope();
  for (let round = 0; round < ROUNDS; round += 1) {
    const { consentId } = await payable(scope);
    const pay = async () =>
      insertEnd(scope, consentId, 'consumed').then(
        () => true,
        () => false,
      );
    const revoke = async () => (await endConsent(scope, consentId, { by: 'tpp' })).ok;
    // Either may start first.
    const [first, second] = await Promise.all(round % 2 === 0 ? [pay(), revoke()] : [revoke(), pay()]);
    const [paid, revoked] = round % 2 === 0 ? [first, second] : [second, first];
    expect([paid, revoked].filter(Boolean)).toHaveLength(1);
    expect(await statusOf(scope, consentId)).toMatchObject({ status: paid ? 'consumed' : 'revoked' });
  }
});

async function redeemed(scope: Scope, clientId: string, code: string) {
  return redeemCode(scope, {
    code,
    clientId,
    redirectUri: REDIRECT_URI,
    codeVerifier: undefined,
    clientScopes: ['payments', 'openid'],
    wantsRefresh: true,
  });
}

async function paying(scope: Scope, payment?: object) {
  const { consentId, clientId, code } = await payable(scope, payment);
  const grant = await redeemed(scope, clientId, code);
  if (!grant.ok) throw new Error(grant.refusal.reason);
  return { consentId, clientId, code, refreshToken: grant.value.refreshToken ?? '' };
}

describe('the grant of a payment consent', () => {
  it('ends with the consent', async () => {
    const scope = testScope();
    const { clientId, refreshToken } = await paying(scope, INTERNATIONAL_PAYMENT);
    const refresh = { clientId, refreshToken };
    expect(await refreshGrant(later(scope, 899_000), refresh)).toMatchObject({ ok: true });
    expect(await refreshGrant(later(scope, 900_000), refresh)).toMatchObject({ ok: false });
  });

  it('lives a day on once the payment was made', async () => {
    const scope = testScope();
    const { consentId, clientId, refreshToken } = await paying(scope);
    const paid = later(scope, HOUR_MS);
    await noteConsumed(paid, consentId, { paymentId: 'pay_1', at: paid.now });
    const refresh = { clientId, refreshToken };
    expect(await refreshGrant(later(paid, DAY_MS - 1), refresh)).toMatchObject({
      ok: true,
      value: { consentId },
    });
    expect(await refreshGrant(later(paid, DAY_MS), refresh)).toMatchObject({ ok: false });
  });

  it('is revoked in D1 before a code that comes twice is refused', async () => {
    const scope = testScope();
    const { consentId, clientId, code, refreshToken } = await paying(scope);
    expect(await redeemed(scope, clientId, code)).toMatchObject({ refusal: { code: 'invalid_grant' } });
    await expect(insertEnd(scope, consentId, 'consumed')).rejects.toThrow();
    const reading = await readConsentWithHistory(scope, consentId);
    expect(reading).toMatchObject({ consent: { status: 'revoked', revokedBy: 'bank' } });
    expect(reading?.history.map(({ event }) => event)).toEqual([
      'created',
      'authorized',
      'code_reused',
      'revoked',
    ]);
    expect(await refreshGrant(scope, { clientId, refreshToken })).toMatchObject({ ok: false });
  });

  it('loses its refresh token when the code comes twice after the payment', async () => {
    const scope = testScope();
    const { consentId, clientId, code, refreshToken } = await paying(scope);
    await insertEnd(scope, consentId, 'consumed');
    await noteConsumed(scope, consentId, { paymentId: 'pay_1', at: scope.now });
    expect(await redeemed(scope, clientId, code)).toMatchObject({ refusal: { code: 'invalid_grant' } });
    expect(await statusOf(scope, consentId)).toMatchObject({ status: 'consumed' });
    expect(await refreshGrant(scope, { clientId, refreshToken })).toMatchObject({ ok: false });
  });
});
