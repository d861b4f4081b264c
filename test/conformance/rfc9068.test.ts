/** JWT access tokens: one test a MUST of RFC 9068. */
import { decodeJwt, decodeProtectedHeader, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { signingKeys } from '#edge/signing-keys.ts';
import { verifyAccessToken } from '#tokens/verify-token.flow.ts';
import { TEST_NOW_MS, testIsolate, testScope } from '../support/scope.ts';
import { accessToken } from '../support/tokens.ts';

const ISSUER = 'http://localhost:8787';
const NOW = TEST_NOW_MS / 1000;
const isolate = testIsolate();
const scope = testScope({ isolate });
const query = new URLSearchParams();

const CLAIMS = {
  iss: ISSUER,
  aud: `${ISSUER}/open-banking/v1`,
  sub: 'client',
  client_id: 'client',
  scope: 'consents',
  jti: 'token',
  iat: NOW,
  exp: NOW + 600,
};

async function signed(claims: JWTPayload, typ = 'at+jwt'): Promise<string> {
  return (await signingKeys(scope)).sign(claims, { algorithm: 'ES256', typ });
}

async function verdict(token: string, at = scope): Promise<string> {
  const result = await verifyAccessToken(at, `Bearer ${token}`, query);
  return result.ok ? 'ok' : result.refusal.code;
}

it('2.1: JWT access tokens MUST be signed and MUST NOT use "none"', async () => {
  expect(decodeProtectedHeader(await accessToken('client'))).toMatchObject({ alg: 'ES256' });
  const [, body] = (await signed(CLAIMS)).split('.');
  const header = btoa(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: 'x' })).replaceAll('=', '');
  expect(await verdict(`${header}.${body ?? ''}.`)).toBe('invalid_token');
});

it('2.1: the typ header is at+jwt', async () => {
  expect(decodeProtectedHeader(await accessToken('client'))['typ']).toBe('at+jwt');
});

it('2.2: iss, exp, aud, sub, client_id, iat and jti are REQUIRED', async () => {
  const payload = decodeJwt(await accessToken('client', { scopes: ['consents', 'accounts'] }));
  expect(payload).toEqual({ ...CLAIMS, scope: 'consents accounts', jti: expect.any(String) });
});

it('2.2: sub of a client-credentials token corresponds to the client itself', async () => {
  expect(decodeJwt(await accessToken('client')).sub).toBe('client');
});

it('3: each token has its own jti and names the grant it belongs to', async () => {
  const consent = { consentId: 'consent', subject: 'pairwise' };
  const first = decodeJwt(await accessToken('client', consent));
  const second = decodeJwt(await accessToken('client', consent));
  expect(first).toMatchObject({ consent_id: 'consent', sub: 'pairwise' });
  expect(first.jti).not.toBe(second.jti);
  expect(decodeJwt(await accessToken('client', { identityGrantId: 'grant' }))).toMatchObject({
    grant_id: 'grant',
  });
});

it('4: the resource server MUST verify that typ is at+jwt and reject any other value', async () => {
  expect(await verdict(await signed(CLAIMS))).toBe('ok');
  expect(await verdict(await signed(CLAIMS, 'application/at+jwt'))).toBe('ok');
  for (const typ of ['JWT', 'logout+jwt', 'at']) {
    expect([typ, await verdict(await signed(CLAIMS, typ))]).toEqual([typ, 'invalid_token']);
  }
});

it('4: the issuer MUST exactly match', async () => {
  for (const iss of [`${ISSUER}/`, 'https://issuer.example', undefined]) {
    expect(await verdict(await signed({ ...CLAIMS, iss } as JWTPayload))).toBe('invalid_token');
  }
});

it('4: aud MUST contain this resource server', async () => {
  for (const aud of [ISSUER, `${ISSUER}/open-banking/v2`, undefined]) {
    expect(await verdict(await signed({ ...CLAIMS, aud } as JWTPayload))).toBe('invalid_token');
  }
  expect(await verdict(await signed({ ...CLAIMS, aud: ['https://other.example', CLAIMS.aud] }))).toBe('ok');
});

it('4: the signature MUST be validated with the keys of the authorization server', async () => {
  const good = await signed(CLAIMS);
  const [header, body, signature] = good.split('.') as [string, string, string];
  const { kid } = decodeProtectedHeader(good);
  const stranger = await generateKeyPair('ES256');
  const forged = (headerOf: { alg: string; typ: string; kid?: string }) =>
    new SignJWT(CLAIMS).setProtectedHeader(headerOf).sign(stranger.privateKey);
  const changed = btoa(JSON.stringify({ ...CLAIMS, client_id: 'other' })).replace(/=+$/, '');
  const bad = [
    `${header}.${changed}.${signature}`,
    `${header}.${body}.${signature.slice(0, -4)}AAAA`,
    `${header}.${body}.`,
    `${header}.${body}`,
    await forged({ alg: 'ES256', typ: 'at+jwt', kid: kid ?? '' }),
    await forged({ alg: 'ES256', typ: 'at+jwt', kid: 'unknown' }),
    await forged({ alg: 'ES256', typ: 'at+jwt' }),
  ];
  for (const token of bad) expect(await verdict(token)).toBe('invalid_token');
});

it('4: the algorithm is ES256, whatever the header says', async () => {
  const rsa = (await signingKeys(scope)).publicJwks().keys.find(({ kty }) => kty === 'RSA');
  const secret = new TextEncoder().encode(JSON.stringify(rsa ?? {}));
  const hmac = await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).sign(secret);
  expect(await verdict(hmac)).toBe('invalid_token');
});

it.each([
  ['before', 599.999, 'ok'],
  ['at', 600, 'invalid_token'],
  ['after', 601, 'invalid_token'],
])('4: the current time MUST be before exp (%s it, warm and cold)', async (_when, seconds, expected) => {
  const token = await signed(CLAIMS);
  const nowMs = TEST_NOW_MS + seconds * 1000;
  expect(await verdict(token, testScope({ nowMs }))).toBe(expected);
  await verdict(token);
  expect(await verdict(token, testScope({ nowMs, isolate }))).toBe(expected);
});

it.each(['iat', 'sub', 'jti', 'client_id', 'scope'])('a token without %s is refused', async (name) => {
  const { [name as 'sub']: _left, ...rest } = CLAIMS;
  expect(await verdict(await signed(rest))).toBe('invalid_token');
});
