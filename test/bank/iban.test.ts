/** Account identifiers and BICs: canonical forms, and what is none. */
import { describe, expect, it } from 'vitest';
import {
  ACCOUNT_SCHEMES,
  type AccountScheme,
  parseBic,
  parseIban,
  parseIdentifier,
  SCHEME_FORMS,
} from '#bank/iban.ts';
import { SEED_ACCOUNTS } from '#sandbox/seed-accounts.ts';

describe('parseIban', () => {
  it.each([
    ['GB12HMBK60837112345678', 'GB12HMBK60837112345678'],
    ['GB12 HMBK 6083 7112 3456 78', 'GB12HMBK60837112345678'],
    ['gb12hmbk60837112345678', 'GB12HMBK60837112345678'],
    ['DE89370400440532013000', 'DE89370400440532013000'],
    ['PT50000201231234567890154', 'PT50000201231234567890154'],
    ['NO9386011117947', 'NO9386011117947'],
    ['MT84MALT011000012345MTLCAST001S', 'MT84MALT011000012345MTLCAST001S'],
  ])('%s is %s', (text, iban) => {
    expect(parseIban(text)).toBe(iban);
  });

  it.each([
    ['wrong check digits', 'GB13HMBK60837112345678'],
    ['two digits changed places', 'GB12HMBK60837112345687'],
    ['one character short', 'GB12HMBK6083711234567'],
    ['one character long', 'GB12HMBK608371123456789'],
    ['letters where the country has digits', 'GB12HMBKABCDEF12345678'],
    ['an unknown country', 'XX12HMBK60837112345678'],
    ['a country without IBANs', 'US12HMBK60837112345678'],
    ['nothing', ''],
    ['spaces alone', '    '],
    ['a hyphen', 'GB12-HMBK-6083-7112-3456-78'],
    ['a line break', 'GB12HMBK60837112345678\n'],
    ['a right-to-left mark', '\u200fGB12HMBK60837112345678'],
    ['digits of another script', 'GB\u0661\u0662HMBK60837112345678'],
    ['far too much', `GB12${'1'.repeat(10_000)}`],
  ])('refuses %s', (_name, text) => {
    expect(parseIban(text)).toBeUndefined();
  });

  it('takes every account of the sandbox', () => {
    for (const { iban } of SEED_ACCOUNTS) expect(parseIban(iban)).toBe(iban);
  });
});

describe('parseIdentifier', () => {
  it.each<[AccountScheme, string, string]>([
    ['SortCodeAccountNumber', '608371-12345678', '608371-12345678'],
    ['SortCodeAccountNumber', '60837112345678', '608371-12345678'],
    ['IBAN', 'gb12 hmbk 6083 7112 3456 78', 'GB12HMBK60837112345678'],
    ['AccountNumber', 'a1', 'A1'],
    ['AccountNumber', '1'.repeat(34), '1'.repeat(34)],
  ])('%s %s is %s', (scheme, id, canonical) => {
    expect(parseIdentifier(scheme, id)).toEqual({ scheme, id: canonical });
  });

  it.each<[AccountScheme, string]>([
    ['SortCodeAccountNumber', '60-83-71-12345678'],
    ['SortCodeAccountNumber', '608371-1234567'],
    ['SortCodeAccountNumber', '608371-123456789'],
    ['SortCodeAccountNumber', '60837-12345678'],
    ['SortCodeAccountNumber', '608371--12345678'],
    ['SortCodeAccountNumber', ''],
    ['IBAN', '608371-12345678'],
    ['AccountNumber', ''],
    ['AccountNumber', '1'.repeat(35)],
    ['AccountNumber', '12 34'],
    ['AccountNumber', '12\u0000'],
  ])('refuses %s %j', (scheme, id) => {
    expect(parseIdentifier(scheme, id)).toBeUndefined();
  });
});

it('says how the identifiers of each scheme look', () => {
  expect(Object.keys(SCHEME_FORMS).sort()).toEqual([...ACCOUNT_SCHEMES].sort());
});

describe('parseBic', () => {
  it.each([
    ['DEUTDEFF', 'DEUTDEFF'],
    ['deutdeff500', 'DEUTDEFF500'],
    ['CHASUS33XXX', 'CHASUS33XXX'],
  ])('%s is %s', (text, bic) => {
    expect(parseBic(text)).toBe(bic);
  });

  it.each([
    '',
    'DEUTDEF',
    'DEUTDEFF5',
    'DEUTDEFF50',
    'DEUTDEFF5000',
    'DEUTXXFF',
    '1234DEFF',
    'DEUT DEFF',
    'DEUTDEFF\n',
  ])('refuses %j', (text) => {
    expect(parseBic(text)).toBeUndefined();
  });
});
