/** API keys as text: their form and checksum, how they stand, and the addresses they may come from. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  environmentOfKey,
  hasKeyForm,
  keyLabelOf,
  keyScopesOf,
  keyStatusOf,
  LOCAL_API_KEY,
  newApiKey,
} from '#clients/api-key.ts';
import { isInIpRanges, parseIpRange } from '#clients/ip-range.ts';
import { toBase62 } from '#kernel/encoding.ts';

describe('the form of a key', () => {
  it.each([
    ['sandbox', 'sk_sandbox_'],
    ['production', 'sk_live_'],
  ] as const)(
    'names %s, has 256 bits and a checksum, and no letter but [A-Za-z0-9_]',
    async (environment, prefix) => {
      const keys = await Promise.all(Array.from({ length: 50 }, () => newApiKey(environment)));
      expect(new Set(keys).size).toBe(50);
      for (const key of keys) {
        expect(key).toMatch(new RegExp(`^${prefix}[A-Za-z0-9]{49}$`));
        expect(environmentOfKey(key)).toBe(environment);
        expect(await hasKeyForm(key)).toBe(true);
      }
    },
  );

  it('is lost with any one letter changed, left out or added, and with two changed over', async () => {
    const key = await newApiKey('sandbox');
    for (let at = 'sk_sandbox_'.length; at < key.length; at += 1) {
      const other = key[at] === 'x' ? 'y' : 'x';
      const [before, after] = [key.slice(0, at), key.slice(at + 1)];
      const next = key[at + 1] ?? '';
      expect(await hasKeyForm(`${before}${other}${after}`)).toBe(false);
      expect(await hasKeyForm(`${before}${after}`)).toBe(false);
      expect(await hasKeyForm(`${before}${other}${key[at]}${after}`)).toBe(false);
      if (next !== '' && next !== key[at]) {
        expect(await hasKeyForm(`${before}${next}${key[at]}${after.slice(1)}`)).toBe(false);
      }
    }
    expect(await hasKeyForm(key.replace('sk_sandbox_', 'sk_live_'))).toBe(false);
    expect(await hasKeyForm(LOCAL_API_KEY)).toBe(false);
  });

  it('says the largest secret in as many letters as the smallest', () => {
    expect(toBase62(new Uint8Array(32).fill(255), 43)).toMatch(/^[^0]\w{42}$/);
    expect(toBase62(new Uint8Array(32), 43)).toBe('0'.repeat(43));
    expect(toBase62(Uint8Array.of(0, 61), 2)).toBe('0z');
    expect(toBase62(Uint8Array.of(62), 2)).toBe('10');
  });

  it('opens no sandbox route in production', () => {
    expect(keyScopesOf('sandbox')).toEqual(['sandbox', 'requests', 'usage']);
    expect(keyScopesOf('production')).toEqual(['requests', 'usage']);
  });

  it('is told by its prefix and last four letters', () => {
    expect(keyLabelOf({ prefix: 'sk_live_', lastFour: 'aB3z' })).toBe('sk_live_...aB3z');
  });
});

it.each([
  [{}, 'active'],
  [{ expiresAt: 101 }, 'active'],
  [{ expiresAt: 100 }, 'expired'],
  [{ expiresAt: 99 }, 'expired'],
  [{ rolledAt: 50 }, 'rolled'],
  [{ rolledAt: 100, expiresAt: 100 }, 'expired'],
  [{ rolledAt: 100, expiresAt: 101 }, 'rolled'],
  [{ revokedAt: 100 }, 'revoked'],
  [{ revokedAt: 100, expiresAt: 50, rolledAt: 50 }, 'revoked'],
] as const)('%j at 100 is %s', (times, status) => {
  expect(keyStatusOf({ expiresAt: null, revokedAt: null, rolledAt: null, ...times }, 100)).toBe(status);
});

describe('ranges of addresses', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7/32'],
    [' 203.0.113.7/24 ', '203.0.113.0/24'],
    ['10.255.255.255/1', '0.0.0.0/1'],
    ['2001:DB8::1', '2001:db8::1/128'],
    ['2001:db8:0:0:1::/32', '2001:db8::/32'],
    ['2001:db8::ffff/127', '2001:db8::fffe/127'],
    ['::1', '::1/128'],
    ['::ffff:203.0.113.7', '203.0.113.7/32'],
    ['::ffff:203.0.113.7/128', '203.0.113.7/32'],
    ['::FFFF:cb00:7107/120', '203.0.113.0/24'],
  ])('%s is kept as %s', (text, kept) => {
    expect(parseIpRange(text)).toBe(kept);
    expect(parseIpRange(kept)).toBe(kept);
  });

  it.each([
    '',
    'localhost',
    '203.0.113',
    '203.0.113.256',
    '203.0.113.07',
    '203.0.113.7/33',
    '203.0.113.7/0',
    '203.0.113.7/-1',
    '203.0.113.7/',
    '203.0.113.7/24/24',
    '0x7f.0.0.1',
    '::/0',
    '::ffff:0:0/96',
    '::ffff:203.0.113.7/24',
    '::1/129',
    ':::1',
    'fe80::1%eth0',
    '[::1]',
    '::1]/x[',
    '2001:db8::/32 ',
  ])('%j is none, or one without its blanks', (text) => {
    expect(parseIpRange(text) ?? 'none').toBe(text === '2001:db8::/32 ' ? '2001:db8::/32' : 'none');
  });

  it.each([
    ['203.0.113.7', '203.0.113.0/24', true],
    ['203.0.114.7', '203.0.113.0/24', false],
    ['::ffff:203.0.113.7', '203.0.113.0/24', true],
    ['203.0.113.128', '203.0.113.128/25', true],
    ['203.0.113.127', '203.0.113.128/25', false],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['0.0.0.1', '::/96', false],
    ['unknown', '203.0.113.0/24', false],
    ['', '203.0.113.0/24', false],
  ])('%s in %s: %s', (address, range, isIn) => {
    expect(isInIpRanges(address, [range])).toBe(isIn);
  });

  it('takes each address that begins with the bits of the network, and no other', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const quad = fc.tuple(byte, byte, byte, byte);
    const binary = (parts: readonly number[]) =>
      parts.map((part) => part.toString(2).padStart(8, '0')).join('');
    fc.assert(
      fc.property(quad, quad, fc.integer({ min: 1, max: 32 }), (network, address, length) => {
        const range = parseIpRange(`${network.join('.')}/${length}`) ?? '';
        const same = binary(network).slice(0, length) === binary(address).slice(0, length);
        expect(isInIpRanges(address.join('.'), [range])).toBe(same);
        const mapped = `::ffff:${address.join('.')}`;
        expect(isInIpRanges(mapped, ['2001:db8::/32', range])).toBe(same);
      }),
    );
  });
});
