/** Redeeming codes and refresh tokens at the grant's object. Source: RFC 6749 sections 4.1.2, 4.1.3 and 6, RFC 7636. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { readConsentWithHistory } from '#consents/read-consent.flow.ts';
import { redeemCode, refreshGrant } from '#consents/redeem-grant.flow.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret, parseGrantSecret, renderGrantSecret } from '#kernel/ids.ts';
import { authorizedConsent, consentStub, identityGrant, REDIRECT_URI } from '../support/consents.ts';
import { TEST_NOW_MS, testScope } from '../support/scope.ts';

const scope = testScope();
const SCOPES = ['openid', 'accounts', 'transactions'];
const later = (seconds: number) => testScope({ nowMs: TEST_NOW_MS + seconds * 1000 });

function redemption(granted: { clientId: string; code: string }) {
  return {
    code: granted.code,
    clientId: granted.clientId,
    redirectUri: REDIRECT_URI,
    codeVerifier: undefined,
    wantsRefresh: true,
    clientScopes: SCOPES,
  };
}

it('gives what the customer granted, and a refresh token that works again and again', async () => {
  const granted = await authorizedConsent(scope);
  const redeemed = await redeemCode(scope, redemption(granted));
  if (!redeemed.ok) throw new Error(redeemed.refusal.reason);
  expect(redeemed.value).toMatchObject({ consentId: granted.consentId, refreshable: true });
  expect(redeemed.value.binding.scopes).toEqual(['openid', 'accounts', 'transactions']);
  const refreshing = { refreshToken: redeemed.value.refreshToken ?? '', clientId: granted.clientId };
  for (const seconds of [0, 1, 86_400]) {
    expect(await refreshGrant(later(seconds), refreshing)).toMatchObject({
      ok: true,
      value: { consentId: granted.consentId },
    });
  }
});

it.each([
  ['just before its end', 59.999, true],
  ['at its end', 60, false],
  ['after its end', 61, false],
])('takes a code %s: %s s', async (_when, seconds, isGood) => {
  const granted = await authorizedConsent(scope);
  expect((await redeemCode(later(seconds), redemption(granted))).ok).toBe(isGood);
});

it.each([
  [
    'of another client',
    async (given: ReturnType<typeof redemption>) => ({ ...given, clientId: crypto.randomUUID() }),
  ],
  [
    'without redirect_uri',
    async (given: ReturnType<typeof redemption>) => ({ ...given, redirectUri: undefined }),
  ],
  [
    'with another redirect_uri',
    async (given: ReturnType<typeof redemption>) => ({ ...given, redirectUri: `${REDIRECT_URI}/` }),
  ],
  [
    'with a verifier but no challenge',
    async (given: ReturnType<typeof redemption>) => ({ ...given, codeVerifier: newSecret() }),
  ],
  [
    'with another secret',
    async (given: ReturnType<typeof redemption>) => {
      const parsed = parseGrantSecret(given.code);
      if (parsed === undefined) throw new Error('no code');
      return { ...given, code: renderGrantSecret({ ...parsed, secret: newSecret() }) };
    },
  ],
  ['of no form', async (given: ReturnType<typeof redemption>) => ({ ...given, code: 'code' })],
])('refuses a code %s, and the code stays good', async (_what, spoil) => {
  const granted = await authorizedConsent(scope);
  const good = redemption(granted);
  expect(await redeemCode(scope, await spoil(good))).toMatchObject({
    ok: false,
    refusal: { code: 'invalid_grant' },
  });
  expect((await redeemCode(scope, good)).ok).toBe(true);
});

it('wants the verifier of a challenge, and only that one', async () => {
  const verifier = newSecret();
  const granted = await authorizedConsent(scope, { codeChallenge: await digestOf(verifier) });
  const good = { ...redemption(granted), codeVerifier: verifier };
  expect((await redeemCode(scope, { ...good, codeVerifier: undefined })).ok).toBe(false);
  expect((await redeemCode(scope, { ...good, codeVerifier: newSecret() })).ok).toBe(false);
  expect((await redeemCode(scope, good)).ok).toBe(true);
});

it('ends the grant when its client presents the code again', async () => {
  const granted = await authorizedConsent(scope);
  const first = await redeemCode(scope, redemption(granted));
  if (!first.ok) throw new Error(first.refusal.reason);
  expect((await redeemCode(later(300), redemption(granted))).ok).toBe(false);
  const reading = await readConsentWithHistory(later(301), granted.consentId);
  expect(reading?.consent).toMatchObject({ status: 'revoked', revokedBy: 'bank' });
  expect(reading?.history.map(({ event }) => event)).toEqual([
    'created',
    'authorized',
    'code_reused',
    'revoked',
  ]);
  const refreshing = { refreshToken: first.value.refreshToken ?? '', clientId: granted.clientId };
  expect((await refreshGrant(later(301), refreshing)).ok).toBe(false);
});

it('judges what the client may have before it spends the code', async () => {
  const granted = await authorizedConsent(scope);
  const good = redemption(granted);
  expect(await redeemCode(scope, { ...good, clientScopes: ['payments'] })).toMatchObject({
    ok: false,
    refusal: { code: 'invalid_scope' },
  });
  // Another's redemption learns nothing of it.
  expect(
    await redeemCode(scope, { ...good, clientId: crypto.randomUUID(), clientScopes: ['payments'] }),
  ).toMatchObject({ ok: false, refusal: { code: 'invalid_grant' } });
  expect((await redeemCode(scope, good)).ok).toBe(true);
});

it('does so for an identity-only grant too', async () => {
  const granted = await identityGrant(scope, ['openid']);
  const good = redemption(granted);
  expect((await redeemCode(scope, { ...good, clientScopes: ['accounts'] })).ok).toBe(false);
  expect((await redeemCode(scope, good)).ok).toBe(true);
});

it('lets nobody but its client end the grant by presenting its code again', async () => {
  const granted = await authorizedConsent(scope);
  await redeemCode(scope, redemption(granted));
  await redeemCode(scope, { ...redemption(granted), clientId: crypto.randomUUID() });
  expect((await readConsentWithHistory(scope, granted.consentId))?.consent.status).toBe('authorized');
});

it('answers the same attempt again after a lost answer, and is no reuse', async () => {
  const granted = await authorizedConsent(scope);
  const parsed = parseGrantSecret(granted.code);
  const request = {
    nowMs: TEST_NOW_MS,
    attempt: 'one',
    clientId: granted.clientId,
    secretDigest: await digestOf(parsed?.secret ?? ''),
    redirectUri: REDIRECT_URI,
    codeVerifier: undefined,
    clientScopes: SCOPES,
    refreshDigest: undefined,
  };
  const stub = consentStub(granted.consentId);
  const first = await stub.redeem(request);
  expect(await stub.redeem(request)).toEqual(first);
  expect((await stub.redeem({ ...request, attempt: 'two' })).ok).toBe(false);
});

const RACES = env.TEST_LENGTH === 'long' ? 100 : 8;

it(`lets one of 50 parallel redemptions succeed, for each of ${RACES} codes, whatever is evicted`, async () => {
  for (let race = 0; race < RACES; race += 1) {
    const granted = await authorizedConsent(scope);
    if (race % 2 === 1) await evictDurableObject(consentStub(granted.consentId));
    const results = await Promise.all(
      Array.from({ length: 50 }, () => redeemCode(scope, redemption(granted))),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    // Parallel redemptions are reuse like any other: the code may be in two hands.
    expect((await readConsentWithHistory(scope, granted.consentId))?.consent.status).toBe('revoked');
    await evictDurableObject(consentStub(granted.consentId));
    expect((await redeemCode(scope, redemption(granted))).ok).toBe(false);
  }
}, 300_000);

it('keeps no code and no refresh token, only digests', async () => {
  const granted = await authorizedConsent(scope);
  const redeemed = await redeemCode(scope, redemption(granted));
  if (!redeemed.ok) throw new Error(redeemed.refusal.reason);
  const kept = await runInDurableObject(consentStub(granted.consentId), (_object, state) =>
    JSON.stringify([...state.storage.kv.list()]),
  );
  for (const text of [granted.code, redeemed.value.refreshToken ?? '']) {
    expect(kept).not.toContain(parseGrantSecret(text)?.secret);
  }
});

it('gives an identity-only grant a refresh token only with offline_access', async () => {
  for (const scopes of [['openid'], ['openid', 'offline_access']]) {
    const granted = await identityGrant(scope, scopes);
    const redeemed = await redeemCode(scope, redemption(granted));
    if (!redeemed.ok) throw new Error(redeemed.refusal.reason);
    expect(redeemed.value.identityGrantId).toMatch(/^[0-9a-f]{64}$/);
    expect(redeemed.value.consentId).toBeUndefined();
    expect(redeemed.value.refreshToken !== undefined).toBe(scopes.includes('offline_access'));
  }
});

it('ends an identity-only grant after 90 days, and when its code is presented again', async () => {
  const granted = await identityGrant(scope, ['openid', 'offline_access']);
  const redeemed = await redeemCode(scope, redemption(granted));
  if (!redeemed.ok) throw new Error(redeemed.refusal.reason);
  const refreshing = { refreshToken: redeemed.value.refreshToken ?? '', clientId: granted.clientId };
  const end = 90 * 86_400;
  expect((await refreshGrant(later(end - 1), refreshing)).ok).toBe(true);
  expect((await refreshGrant(later(end), refreshing)).ok).toBe(false);
  expect((await redeemCode(scope, redemption(granted))).ok).toBe(false);
  expect((await refreshGrant(scope, refreshing)).ok).toBe(false);
});

it('calls no object for what is no code of ours', async () => {
  const invented = renderGrantSecret({ kind: 'consent', objectId: 'a'.repeat(64), secret: newSecret() });
  for (const code of ['', 'code', invented, `c.${'A'.repeat(64)}.${newSecret()}`]) {
    const answer = await redeemCode(scope, { ...redemption({ clientId: 'c', code }) });
    expect(answer).toMatchObject({ ok: false, refusal: { reason: 'no code of ours' } });
  }
});
