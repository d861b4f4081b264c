/** What may stand in a key set from outside. */
import { exportJWK, generateKeyPair } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PublicJwk } from '#clients/client.ts';
import { assertionAlgorithmOf, parseKeySet } from '#clients/key-set.ts';
import { fromBase64Url, toBase64Url } from '#kernel/encoding.ts';

type Jwk = Record<string, unknown>;

const ZEROS = new Uint8Array(32);

let rsa: Jwk;
let ec: Jwk;
let ed: Jwk;

async function publicJwk(algorithm: string): Promise<Jwk> {
  const { publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { ...(await exportJWK(publicKey)) };
}

beforeAll(async () => {
  rsa = await publicJwk('PS256');
  ec = await publicJwk('ES256');
  ed = await publicJwk('EdDSA');
});

function modulus(bits: number): string {
  const bytes = new Uint8Array(Math.ceil(bits / 8)).fill(0xff);
  bytes[0] = 0xff >> (bytes.length * 8 - bits);
  return toBase64Url(bytes);
}

function evenModulus(): string {
  const bytes = fromBase64Url(String(rsa['n'])) ?? new Uint8Array();
  return toBase64Url(bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) & 0xfe));
}

function edwardsKey(y: number): Jwk {
  return { ...ed, x: toBase64Url(ZEROS.with(0, y)) };
}

describe('a key set that is taken', () => {
  it('of each kind', () => {
    expect(parseKeySet({ keys: [{ ...rsa, kid: 'a' }, { ...ec, kid: 'b' }, ed] }).ok).toBe(true);
  });

  it('of 20 keys', () => {
    const keys = Array.from({ length: 20 }, (_one, n) => ({ ...ec, kid: String(n) }));
    expect(parseKeySet({ keys }).ok).toBe(true);
  });

  it('of many keys: each that is made is a point of its curve', async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, (_one, n) => publicJwk(n % 2 ? 'ES256' : 'EdDSA')),
    );
    expect(parseKeySet({ keys: made })).toEqual({ ok: true, value: { keys: made } });
  });

  it.each([3, 5, 17, 35, 37, 257, 65_537, 65_539])(
    'with the RSA exponent %i where the platform imports it',
    async (e) => {
      const bytes = e > 0xffff ? [e >> 16, (e >> 8) & 0xff, e & 0xff] : e > 0xff ? [e >> 8, e & 0xff] : [e];
      const key = { kty: 'RSA', n: String(rsa['n']), e: toBase64Url(Uint8Array.from(bytes)) };
      const imported = crypto.subtle.importKey('jwk', key, { name: 'RSA-PSS', hash: 'SHA-256' }, false, [
        'verify',
      ]);
      const isImported = await imported.then(
        () => true,
        () => false,
      );
      expect(parseKeySet({ keys: [key] }).ok).toBe(isImported);
    },
  );

  it("of RSA with a small exponent, zeros before the numbers, and RFC 8032's first key", () => {
    const key = fromBase64Url(String(rsa['n'])) ?? ZEROS;
    const keys = [
      { ...rsa, e: 'Aw' },
      { ...rsa, e: 'AAEAAQ', n: toBase64Url(Uint8Array.from([0, ...key])) },
      { ...ed, x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
    ];
    expect(parseKeySet({ keys }).ok).toBe(true);
  });

  it.each([2048, 4096])('RSA of %i bits', (bits) => {
    expect(parseKeySet({ keys: [{ ...rsa, n: modulus(bits) }] }).ok).toBe(true);
  });
});

it('keeps of a key what keys are made of: what lies deeper could not be written back', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(25_000)}${']'.repeat(25_000)}`);
  const kept = { ...ec, kid: 'a', use: 'sig', key_ops: ['verify'], x5c: ['MII'], ext: true };
  const set = parseKeySet({ keys: [{ ...kept, n: deep, unknown: { deep }, nothing: null }] });
  expect(set).toEqual({ ok: true, value: { keys: [kept] } });
});

describe('a key set that is refused', () => {
  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['a list', () => []],
    ['no keys', () => ({})],
    ['keys no list', () => ({ keys: ec })],
    ['no key', () => ({ keys: [] })],
    ['21 keys', () => ({ keys: Array.from({ length: 21 }, (_one, n) => ({ ...ec, kid: String(n) })) })],
    ['a key no object', () => ({ keys: ['key'] })],
    [
      'a kid twice',
      () => ({
        keys: [
          { ...ec, kid: 'a' },
          { ...ed, kid: 'a' },
        ],
      }),
    ],
    ['a kid no string', () => ({ keys: [{ ...ec, kid: 7 }] })],
    ['a private EC key', () => ({ keys: [{ ...ec, d: 'x' }] })],
    ['a private RSA key', () => ({ keys: [{ ...rsa, p: 'x' }] })],
    ['a symmetric key', () => ({ keys: [{ kty: 'oct', k: 'AAAA' }] })],
    ['RSA of 2047 bits', () => ({ keys: [{ ...rsa, n: modulus(2047) }] })],
    [
      'RSA of 1024 bits behind zeros',
      () => ({ keys: [{ ...rsa, n: toBase64Url(new Uint8Array(256).fill(1, 128)) }] }),
    ],
    ['RSA of 4097 bits', () => ({ keys: [{ ...rsa, n: modulus(4097) }] })],
    ['RSA with exponent 1', () => ({ keys: [{ ...rsa, e: 'AQ' }] })],
    ['RSA with an even exponent', () => ({ keys: [{ ...rsa, e: 'BA' }] })],
    // The platform would not import it.
    ['RSA with exponent 257', () => ({ keys: [{ ...rsa, e: 'AQE' }] })],
    ['RSA with exponent 65537 in five bytes', () => ({ keys: [{ ...rsa, e: 'AAABAAE' }] })],
    ['RSA with an even modulus', () => ({ keys: [{ ...rsa, n: evenModulus() }] })],
    ['EC off its curve', () => ({ keys: [{ ...ec, y: ec['x'] }] })],
    ['EC at zero', () => ({ keys: [{ ...ec, x: toBase64Url(ZEROS), y: toBase64Url(ZEROS) }] })],
    ['EC beyond its field', () => ({ keys: [{ ...ec, x: toBase64Url(ZEROS.map(() => 0xff)) }] })],
    ['Ed25519 off its curve', () => ({ keys: [edwardsKey(2)] })],
    ['Ed25519 beyond its field', () => ({ keys: [{ ...ed, x: toBase64Url(ZEROS.map(() => 0xff)) }] })],
    ['Ed25519 of order 1', () => ({ keys: [edwardsKey(1)] })],
    ['Ed25519 of order 4', () => ({ keys: [edwardsKey(0)] })],
    // The encoding of a point of order 8, from "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko), table 1.
    ['Ed25519 of order 8', () => ({ keys: [{ ...ed, x: 'JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU' }] })],
    ['EC P-384', () => ({ keys: [{ ...ec, crv: 'P-384' }] })],
    ['EC with a short y', () => ({ keys: [{ ...ec, y: 'AAAA' }] })],
    ['X25519', () => ({ keys: [{ ...ed, crv: 'X25519' }] })],
    ['padded base64', () => ({ keys: [{ ...ed, x: `${String(ed['x'])}=` }] })],
  ])('%s', (_name, make) => {
    expect(parseKeySet(make())).toMatchObject({ ok: false, refusal: { code: 'invalid_client_metadata' } });
  });
});

describe('the algorithm in which a key signs assertions is that of its kind, unless it is for something else', () => {
  it.each<[PublicJwk, string | undefined]>([
    [{ kty: 'EC' }, 'ES256'],
    [{ kty: 'RSA', use: 'sig', alg: 'PS256' }, 'PS256'],
    [{ kty: 'OKP', key_ops: ['verify'] }, 'EdDSA'],
    [{ kty: 'RSA', alg: 'RS256' }, undefined],
    [{ kty: 'OKP', alg: 'Ed25519' }, 'EdDSA'],
    [{ kty: 'RSA', use: 'enc' }, undefined],
    [{ kty: 'EC', key_ops: ['deriveBits'] }, undefined],
    [{ kty: 'EC', key_ops: 'verify' }, undefined],
  ])('%j: %s', (jwk, algorithm) => {
    expect(assertionAlgorithmOf(jwk)).toBe(algorithm);
  });
});
