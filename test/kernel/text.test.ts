/** Text from outside made safe to show. */
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERROR_GUIDE } from '#kernel/error-guide.ts';
import { ERRORS, type ErrorCode } from '#kernel/errors.ts';
import { cleanName, isPrintableAscii } from '#kernel/text.ts';

const numRuns = env.TEST_LENGTH === 'long' ? 20_000 : 500;
/** Text rich in what must go: controls, marks of direction, invisible characters, lone surrogates. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('\u202e', '\u200b', '\ud800', '\n', ' ', '\u3164', '\ufe0f', '\u2028', 'Hamster'),
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(''));

describe('cleanName', () => {
  it.each([
    ['Hamster Bank', 'Hamster Bank'],
    ['  Hamster \t Bank  ', 'Hamster Bank'],
    ['Hamster\r\nBank', 'Hamster Bank'],
    ['Hamster\u2028Bank', 'Hamster Bank'],
    ['Hamster\u00a0Bank', 'Hamster Bank'],
    ['Zażółć gęślą Ⅷ 東京 🐹', 'Zażółć gęślą Ⅷ 東京 🐹'],
    ['e\u0301', 'e\u0301'],
    ['Ham\u0000ster', 'Hamster'],
    ['Ham\u001b[31mster', 'Ham[31mster'],
    ['\u202eretsmaH\u202c', 'retsmaH'],
    ['\u2066Ham\u2069ster\u200f', 'Hamster'],
    ['Ham\u200bs\u200ct\u200de\u2060r\ufeff', 'Hamster'],
    ['Ham\u00adster', 'Hamster'],
    ['Ham\u034fs\u115ft\u3164e\uffa0r\ufe0f', 'Hamster'],
    ['Ham\u{e0041}ster', 'Hamster'],
    ['Ham\ud800ster\udc00', 'Hamster'],
    ['Ham\ue000ster', 'Hamster'],
    ['Ham\uffffster', 'Hamster'],
    ['\u200b \u200b', ''],
    ['', ''],
    ['<b>Bank</b> & "Co"', '<b>Bank</b> & "Co"'],
  ])('%j is shown as %j', (text, shown) => {
    expect(cleanName(text)).toBe(shown);
  });

  it.each([
    ['abcdef', 3, 'abc'],
    ['ab cdef', 3, 'ab'],
    ['🐹🐹🐹', 2, '🐹🐹'],
    ['abc', 3, 'abc'],
  ])('%j in at most %d characters is %j', (text, maximum, shown) => {
    expect(cleanName(text, maximum)).toBe(shown);
  });

  it('of any text is short, well formed, without what nobody sees, and clean already', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = cleanName(text, 40);
        expect([...shown].length).toBeLessThanOrEqual(40);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|\s\s|^\s|\s$/u);
        expect(cleanName(shown, 40)).toBe(shown);
      }),
      { numRuns },
    );
  });
});

it.each([
  ['', true],
  ['plain ~ text', true],
  ['tab\t', false],
  ['line\n', false],
  ['\u007f', false],
  ['é', false],
])('%j is printable ASCII: %s', (text, expected) => {
  expect(isPrintableAscii(text)).toBe(expected);
});

describe('every error of the list', () => {
  it.each(Object.entries(ERRORS))(
    '%s has a message that fits a header, and says when and what to do',
    (code, entry) => {
      expect(code).toMatch(/^[a-z_]+$/);
      // RFC 6750 section 3: error_description takes neither quotes nor backslashes.
      expect(entry.message).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
      const guide = ERROR_GUIDE[code as ErrorCode];
      expect(guide.when).toMatch(/\.$/);
      expect(guide.remedy).toMatch(/\.$/);
    },
  );
});
