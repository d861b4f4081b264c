/** Software statements: what is taken of one, and every way to be refused. */
import { afterEach, expect, it, vi } from 'vitest';
import { isSignedByClient } from '#clients/client-keys.flow.ts';
import { verifyStatement } from '#clients/verify-statement.flow.ts';
import { toBase64Url, utf8 } from '#kernel/encoding.ts';
import { testDirectory } from '../support/directory.ts';
import { PRODUCTION } from '../support/production.ts';
import { TEST_NOW_MS, testIsolate, testScope } from '../support/scope.ts';
import { makeClient, makeKey, signAssertion } from '../support/test-client.ts';
import type { Members } from '../support/tpp.ts';

const NOW = TEST_NOW_MS / 1000;
const INVALID = 'invalid_software_statement';
const UNAPPROVED = 'unapproved_software_statement';

afterEach(() => {
  vi.unstubAllGlobals();
});

async function verify(change: (claims: Members) => Members, settings: Members = {}) {
  const directory = await testDirectory({ settings });
  const claims = change(directory.claims(await makeKey()));
  return verifyStatement(testScope({ bindings: directory.bindings }), await directory.sign(claims));
}

function codeOf(answer: Awaited<ReturnType<typeof verify>>): string {
  return answer.ok ? 'ok' : answer.refusal.code;
}

it('says what the directory said, of known roles only', async () => {
  const directory = await testDirectory();
  const key = await makeKey();
  const claims = directory.claims(key);
  const answer = await verifyStatement(
    testScope({ bindings: directory.bindings }),
    await directory.sign(claims),
  );
  expect(answer).toEqual({
    ok: true,
    value: {
      statementId: claims['jti'],
      software: { directoryIssuer: directory.issuer, orgId: claims['org_id'], softwareId: 'nutkin' },
      organisationName: 'Nutkin Money Ltd',
      softwareName: 'Nutkin',
      roles: ['AISP'],
      redirectUris: claims['software_redirect_uris'],
      keys: { by: 'value', jwks: { keys: [key.publicJwk] } },
      metadata: {},
    },
  });
});

it.each<[string, Members, string]>([
  ['iat 60 s ahead', { iat: NOW + 60 }, 'ok'],
  ['iat 61 s ahead', { iat: NOW + 61 }, INVALID],
  ['nbf 60 s ahead', { nbf: NOW + 60 }, 'ok'],
  ['nbf 61 s ahead', { nbf: NOW + 61 }, INVALID],
  ['exp in a second', { exp: NOW + 1 }, 'ok'],
  ['exp now', { exp: NOW }, UNAPPROVED],
  ['the greatest age', { iat: NOW - 31_536_000 }, 'ok'],
  ['a second more', { iat: NOW - 31_536_001 }, UNAPPROVED],
  ['no iat', { iat: undefined }, INVALID],
  ['iat as text', { iat: String(NOW) }, INVALID],
  ['exp as text', { exp: String(NOW + 60) }, INVALID],
  ['another issuer', { iss: 'https://elsewhere.example' }, UNAPPROVED],
  ['no issuer', { iss: undefined }, INVALID],
  ['an issuer that is no text', { iss: 7 }, INVALID],
  ['no jti', { jti: undefined }, INVALID],
  ['an empty jti', { jti: '' }, INVALID],
  ['a long jti', { jti: 'x'.repeat(201) }, INVALID],
  ['no org_id', { org_id: undefined }, INVALID],
  ['an org_id of 100 characters', { org_id: 'x'.repeat(100) }, 'ok'],
  ['an org_id of 101', { org_id: 'x'.repeat(101) }, INVALID],
  ['no software_id', { software_id: undefined }, INVALID],
  ['a software_id that is no text', { software_id: { x: 1 } }, INVALID],
  ['a software_id beyond ASCII', { software_id: 'n\u00fctkin' }, INVALID],
  ['no names', { org_name: undefined }, INVALID],
  ['a name of nothing to see', { software_client_name: '\u200b\u202e ' }, INVALID],
  ['a name that is no text', { software_client_name: ['Nutkin'] }, INVALID],
  ['no redirect URIs', { software_redirect_uris: undefined }, INVALID],
  ['redirect URIs as text', { software_redirect_uris: 'https://tpp.example' }, INVALID],
  ['no roles', { software_roles: undefined }, INVALID],
  ['an empty list of roles', { software_roles: [] }, 'ok'],
  ['roles as text', { software_roles: 'AISP' }, INVALID],
  ['an empty key set', { software_jwks: { keys: [] } }, INVALID],
  [
    'a private key',
    { software_jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b', d: 'c' }] } },
    INVALID,
  ],
  ['a key set that is none', { software_jwks: 'keys' }, INVALID],
  ['no keys at all', { software_jwks: undefined }, 'ok'],
  ['an endpoint that is no text', { software_jwks: undefined, software_jwks_endpoint: 7 }, INVALID],
])('judges a statement with %s', async (_what, changes, code) => {
  expect(codeOf(await verify((claims) => ({ ...claims, ...changes })))).toBe(code);
});

it('takes characters that mislead out of names', async () => {
  const answer = await verify((claims) => ({
    ...claims,
    org_name: 'Nut\u0000kin\u202e  Money\n',
    software_client_name: '\u200bNutkin\u2066',
  }));
  expect(answer).toMatchObject({ value: { organisationName: 'Nutkin Money', softwareName: 'Nutkin' } });
});

it('reads the claims under the names of the directory', async () => {
  const settings = {
    claims: {
      org_id: 'legal_entity_id',
      org_name: 'legal_entity_name',
      software_client_name: 'client_name',
      software_redirect_uris: 'redirect_uris',
      software_jwks_endpoint: 'jwks_uri',
    },
  };
  const answer = await verify(
    ({
      org_id,
      org_name,
      software_client_name,
      software_redirect_uris,
      software_jwks: _jwks,
      ...others
    }) => ({
      ...others,
      legal_entity_id: org_id,
      legal_entity_name: org_name,
      client_name: software_client_name,
      redirect_uris: software_redirect_uris,
      jwks_uri: 'https://tpp.example/jwks',
      tos_uri: 'https://tpp.example/terms',
    }),
    settings,
  );
  expect(answer).toMatchObject({
    value: {
      organisationName: 'Nutkin Money Ltd',
      softwareName: 'Nutkin',
      keys: { by: 'reference', jwksUri: 'https://tpp.example/jwks' },
      // A claim that another name stands for is no registration member.
      metadata: { tos_uri: 'https://tpp.example/terms' },
    },
  });
  expect(answer).not.toHaveProperty('value.metadata.redirect_uris');
});

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['an empty text', ''],
  ['a word', 'statement'],
  ['three words', 'a.b.c'],
  ['an encrypted JWT', `${toBase64Url(utf8('{"alg":"dir","enc":"A256GCM"}'))}.a.b.c.d`],
])('refuses %s', async (_what, sent) => {
  expect(codeOf(await verifyStatement(testScope(), sent))).toBe(INVALID);
});

it("counts only the directory's own keys and algorithms", async () => {
  const directory = await testDirectory();
  const other = await testDirectory();
  const scope = testScope({ bindings: directory.bindings });
  const claims = directory.claims(await makeKey());
  const judge = async (token: string) => codeOf(await verifyStatement(scope, token));
  expect(await judge(await directory.sign(claims))).toBe('ok');
  const foreign = {
    ...other.key,
    publicJwk: { ...other.key.publicJwk, kid: directory.key.publicJwk.kid ?? '' },
  };
  expect(await judge(await directory.sign(claims, { key: foreign }))).toBe(INVALID);
  expect(await judge(await directory.sign(claims, { header: { crit: ['x'], x: 1 } }))).toBe(INVALID);
  // A key that the directory has, used with an algorithm that it does not.
  const ecKey = await makeKey('ES256');
  const mixed = await testDirectory({ settings: { jwks: { keys: [ecKey.publicJwk] } } });
  const signedByEc = await mixed.sign(mixed.claims(await makeKey()), { key: ecKey });
  expect(codeOf(await verifyStatement(testScope({ bindings: mixed.bindings }), signedByEc))).toBe(INVALID);
});

it('refuses a statement without a signature, and one whose claims were changed', async () => {
  const directory = await testDirectory();
  const scope = testScope({ bindings: directory.bindings });
  const claims = directory.claims(await makeKey());
  const [header, , signature] = (await directory.sign(claims)).split('.');
  const changed = toBase64Url(utf8(JSON.stringify({ ...claims, software_roles: ['PISP'] })));
  expect(codeOf(await verifyStatement(scope, `${header}.${changed}.${signature}`))).toBe(INVALID);
  const none = toBase64Url(utf8('{"alg":"none"}'));
  expect(codeOf(await verifyStatement(scope, `${none}.${changed}.`))).toBe(INVALID);
});

it('takes a statement without a kid, tried with each key of the directory', async () => {
  const keys = await Promise.all([makeKey('PS256'), makeKey('PS256'), makeKey('ES256')]);
  const settings = { jwks: { keys: keys.map((key) => key.publicJwk) } };
  const directory = await testDirectory({ key: keys[1], settings });
  const token = await directory.sign(directory.claims(await makeKey()), { header: { kid: undefined } });
  expect(codeOf(await verifyStatement(testScope({ bindings: directory.bindings }), token))).toBe('ok');
});

it.each([
  ['the last of 20 keys of its algorithm', 19, undefined, 'ok'],
  ['the 21st', 20, undefined, INVALID],
  ['the 21st of that kid', 20, 'same', INVALID],
  ['the last of 1,000, by its kid', 999, 'own', 'ok'],
])('tries few keys for one statement: %s', async (_what, before, kid, expected) => {
  const [key, other, ofCurve] = await Promise.all([makeKey('PS256'), makeKey('PS256'), makeKey('ES256')]);
  const keys = Array.from({ length: before }, (_one, n) => ({
    ...other.publicJwk,
    kid: kid === 'same' ? kid : `other-${n}`,
  }));
  // What does not fit the algorithm is not tried, and does not count.
  const unfit = Array.from({ length: 100 }, (_one, n) => ({ ...ofCurve.publicJwk, kid: `curve-${n}` }));
  const jwks = { keys: [...unfit, ...keys, { ...key.publicJwk, kid: kid ?? 'own' }] };
  const directory = await testDirectory({ key, settings: { jwks } });
  const token = await directory.sign(directory.claims(await makeKey()), { header: { kid } });
  expect(codeOf(await verifyStatement(testScope({ bindings: directory.bindings }), token))).toBe(expected);
});

it("fetches a directory's keys once, and again for an unknown kid at most once in 30 s", async () => {
  const [first, second] = await Promise.all([makeKey('PS256'), makeKey('PS256')]);
  const url = `https://keys.example.com/${crypto.randomUUID()}`;
  const settings = { jwks: undefined, jwks_uri: url };
  const directory = await testDirectory({ key: first, settings });
  let served = [first];
  let fetched = 0;
  vi.stubGlobal('fetch', async () => {
    fetched += 1;
    return Response.json({ keys: served.map((key) => key.publicJwk) });
  });
  const isolate = testIsolate();
  const judge = async (key: typeof first, afterMs: number) =>
    codeOf(
      await verifyStatement(
        testScope({ bindings: directory.bindings, isolate, nowMs: TEST_NOW_MS + afterMs }),
        await directory.sign(directory.claims(second), { key }),
      ),
    );
  expect(await judge(first, 0)).toBe('ok');
  expect(await judge(first, 1_000)).toBe('ok');
  expect(fetched).toBe(1);
  served = [first, second];
  expect(await judge(second, 29_999)).toBe(INVALID);
  expect(await judge(second, 30_000)).toBe('ok');
  expect(fetched).toBe(2);
});

it.each([
  [1_000, 'ok'],
  [1_001, 'service_unavailable'],
])("takes a directory's set of %i keys: %s", async (count, expected) => {
  const key = await makeKey('PS256');
  const others = Array.from({ length: count - 1 }, (_one, n) => ({ ...key.publicJwk, kid: `other-${n}` }));
  vi.stubGlobal('fetch', async () => Response.json({ keys: [...others, key.publicJwk] }));
  const url = `https://keys.example.com/${crypto.randomUUID()}`;
  const directory = await testDirectory({ key, settings: { jwks: undefined, jwks_uri: url } });
  const token = await directory.sign(directory.claims(await makeKey()));
  expect(codeOf(await verifyStatement(testScope({ bindings: directory.bindings }), token))).toBe(expected);
});

it("ignores keys of a directory's set that this bank cannot use", async () => {
  const key = await makeKey('PS256');
  const curve = { kty: 'EC', crv: 'P-521', x: 'AA', y: 'AA', kid: 'curve' };
  const others = [curve, { kty: 'AKP', alg: 'ML-DSA-65', pub: 'AA', kid: 'new' }, 'no key', null];
  let served: unknown[] = [...others, key.publicJwk];
  vi.stubGlobal('fetch', async () => Response.json({ keys: served }));
  const judge = async () => {
    const url = `https://keys.example.com/${crypto.randomUUID()}`;
    const directory = await testDirectory({ key, settings: { jwks: undefined, jwks_uri: url } });
    const token = await directory.sign(directory.claims(await makeKey()));
    return codeOf(await verifyStatement(testScope({ bindings: directory.bindings }), token));
  };
  expect(await judge()).toBe('ok');
  served = others;
  expect(await judge()).toBe('service_unavailable');
});

it("keeps a directory's keys apart from those of a client that names the same address", async () => {
  const key = await makeKey('PS256');
  const others = Array.from({ length: 20 }, (_one, n) => ({ ...key.publicJwk, kid: `other-${n}` }));
  vi.stubGlobal('fetch', async () => Response.json({ keys: [...others, key.publicJwk] }));
  const url = `https://keys.example.com/${crypto.randomUUID()}`;
  const directory = await testDirectory({ key, settings: { jwks: undefined, jwks_uri: url } });
  const isolate = testIsolate();
  const scope = testScope({ bindings: directory.bindings, isolate });
  const { client, key: own } = await makeClient({ keys: { by: 'reference', jwksUri: url } });
  const assertion = { token: await signAssertion(client.clientId, own), algorithm: own.algorithm };
  expect(await isSignedByClient(scope, client, assertion)).toBe(false);
  const token = await directory.sign(directory.claims(await makeKey()));
  expect(codeOf(await verifyStatement(scope, token))).toBe('ok');
});

it('answers service_unavailable, not a refusal, while a directory has no keys to give', async () => {
  vi.stubGlobal('fetch', async () => new Response('down', { status: 500 }));
  const url = `https://keys.example.com/${crypto.randomUUID()}`;
  const directory = await testDirectory({ settings: { jwks: undefined, jwks_uri: url } });
  const token = await directory.sign(directory.claims(await makeKey()));
  const answer = await verifyStatement(testScope({ bindings: directory.bindings }), token);
  expect(answer).toMatchObject({
    ok: false,
    refusal: { code: 'service_unavailable', retryAfterSeconds: 30 },
  });
});

it('trusts the sandbox directory in the sandbox alone', async () => {
  const scope = testScope();
  const production = testScope({ bindings: PRODUCTION });
  const issuer = (settings: { issuer: string }) => `${settings.issuer}/sandbox/directory`;
  const directory = await testDirectory();
  const judge = async (at: typeof scope) => {
    const claims = { ...directory.claims(await makeKey()), iss: issuer(at.settings) };
    return codeOf(await verifyStatement(at, await directory.sign(claims)));
  };
  // Known there, so that its signature is what fails; unknown here.
  expect(await judge(scope)).toBe(INVALID);
  expect(await judge(production)).toBe(UNAPPROVED);
});
