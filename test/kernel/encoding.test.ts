/** Encodings and identifiers: what is written is read back, and nothing else is read. */
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONSENT_ID_PREFIXES,
  type ConsentType,
  parseConsentId,
  renderConsentId,
} from '#kernel/consent-id.ts';
import { digestOf, equalInConstantTime, fromBase64Url, toBase64Url } from '#kernel/encoding.ts';
import {
  type GrantKind,
  isObjectId,
  isUuid,
  newSecret,
  newUuid,
  parseGrantSecret,
  renderGrantSecret,
} from '#kernel/ids.ts';

const numRuns = env.TEST_LENGTH === 'long' ? 20_000 : 500;
const HEX = '0123456789abcdef'.repeat(4);
const objectId = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
const secret = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => toBase64Url(bytes));

describe('base64url', () => {
  it.each([
    [[], ''],
    [[0x66], 'Zg'],
    [[0x66, 0x6f], 'Zm8'],
    [[0x66, 0x6f, 0x6f], 'Zm9v'],
    [[0xfb, 0xff], '-_8'],
  ])('%j is "%s" (RFC 4648 section 10)', (bytes, text) => {
    expect(toBase64Url(Uint8Array.from(bytes))).toBe(text);
    expect(fromBase64Url(text)).toEqual(Uint8Array.from(bytes));
  });

  it.each(['Z', 'Zg=', 'Zg==', 'Zm9vZ', '+_8', '/w', 'Zm 9v', 'Zm9v\n', 'Zé'])('refuses %j', (text) => {
    expect(fromBase64Url(text)).toBeUndefined();
  });

  it.each(['Zh', 'Zm9'])('refuses %j, a second text of the same bytes (RFC 4648 section 3.5)', (text) => {
    expect(fromBase64Url(text)).toBeUndefined();
  });

  it('reads back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(Uint8Array.from(bytes));
      }),
      { numRuns },
    );
  });

  it('writes back any text it reads', () => {
    const text = fc.string({
      unit: fc.constantFrom('A', 'B', 'a', 'b', '0', '1', '-', '_', '=', '+'),
      maxLength: 20,
    });
    fc.assert(
      fc.property(text, (candidate) => {
        const bytes = fromBase64Url(candidate);
        if (bytes !== undefined) expect(toBase64Url(bytes)).toBe(candidate);
      }),
      { numRuns },
    );
  });
});

it.each([
  ['', '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'],
  ['abc', 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0'],
])('the digest of "%s" is %s (FIPS 180-4)', async (text, digest) => {
  expect(await digestOf(text)).toBe(digest);
});

it('equal in constant time is equal', () => {
  const pair = fc.oneof(
    fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
    fc.string({ unit: 'grapheme' }).map((text) => [text, text] as [string, string]),
    fc.string({ unit: 'grapheme' }).map((text) => [text, `${text}\0`] as [string, string]),
  );
  fc.assert(
    fc.property(pair, ([left, right]) => {
      expect(equalInConstantTime(left, right)).toBe(left === right);
    }),
    { numRuns },
  );
});

describe('UUIDs', () => {
  it.each([
    ['93bac548-d2de-4546-b106-880a5018460d', true],
    ['93BAC548-D2DE-4546-B106-880A5018460D', true],
    ['00000000-0000-0000-0000-000000000000', true],
    ['', false],
    ['93bac548d2de4546b106880a5018460d', false],
    ['93bac548-d2de-4546-b106-880a5018460', false],
    ['93bac548-d2de-4546-b106-880a5018460g', false],
    ['93bac548-d2de-4546-b106-880a5018460d\n', false],
    ['urn:uuid:93bac548-d2de-4546-b106-880a5018460d', false],
  ])('%j: %s', (text, expected) => {
    expect(isUuid(text)).toBe(expected);
  });

  it('made here are of version 4', () => {
    expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

it.each([
  [HEX, true],
  [HEX.toUpperCase(), false],
  [HEX.slice(1), false],
  [`${HEX}0`, false],
  [`${HEX.slice(1)}\n`, false],
  ['', false],
])('object id %j: %s', (text, expected) => {
  expect(isObjectId(text)).toBe(expected);
});

describe('grant secrets', () => {
  const kind = fc.constantFrom<GrantKind>('consent', 'identity');

  it('are 256 random bits, never twice', () => {
    const made = Array.from({ length: 100 }, newSecret);
    expect(new Set(made).size).toBe(100);
    for (const one of made) expect(fromBase64Url(one)).toHaveLength(32);
  });

  it('are read back', () => {
    fc.assert(
      fc.property(kind, objectId, secret, (of, address, word) => {
        const grant = { kind: of, objectId: address, secret: word };
        expect(parseGrantSecret(renderGrantSecret(grant))).toEqual(grant);
      }),
      { numRuns },
    );
  });

  const GOOD = `c.${HEX}.${'A'.repeat(43)}`;

  it.each([
    '',
    '.',
    '..',
    `x.${HEX}.${'A'.repeat(43)}`,
    `C.${HEX}.${'A'.repeat(43)}`,
    `c.${HEX.toUpperCase()}.${'A'.repeat(43)}`,
    `c.${HEX}`,
    `c.${HEX}.`,
    `c.${HEX}.${'A'.repeat(42)}`,
    `c.${HEX}.${'A'.repeat(44)}`,
    `c.${HEX}.${'A'.repeat(42)}=`,
    `${GOOD}.`,
    `${GOOD}.x`,
    ` ${GOOD}`,
    `${GOOD}\n`,
  ])('%j is none', (text) => {
    expect(parseGrantSecret(text)).toBeUndefined();
  });

  it('of any text are none, or the text itself', () => {
    const near = fc
      .tuple(fc.nat(GOOD.length), fc.string({ maxLength: 2 }))
      .map(([place, piece]) => GOOD.slice(0, place) + piece + GOOD.slice(place + 1));
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (text) => {
        const grant = parseGrantSecret(text);
        if (grant !== undefined) expect(renderGrantSecret(grant)).toBe(text);
      }),
      { numRuns },
    );
  });
});

describe('consent ids', () => {
  const type = fc.constantFrom(...(Object.keys(CONSENT_ID_PREFIXES) as ConsentType[]));

  it('are read back', () => {
    fc.assert(
      fc.property(type, objectId, (of, address) => {
        const consent = { type: of, objectId: address };
        expect(parseConsentId(renderConsentId(consent))).toEqual(consent);
      }),
      { numRuns },
    );
  });

  it.each([
    '',
    'consent_ais_',
    HEX,
    `consent_ais_${HEX.toUpperCase()}`,
    `consent_ais_${HEX}0`,
    `consent_xxx_${HEX}`,
    `CONSENT_AIS_${HEX}`,
    `consent_ais_consent_ais_${HEX}`,
    `consent_ais_${HEX} `,
  ])('%j is none', (text) => {
    expect(parseConsentId(text)).toBeUndefined();
  });
});
