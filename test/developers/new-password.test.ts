/** Which passwords and addresses an account may have. */
import { describe, expect, it } from 'vitest';
import { normaliseEmail } from '#developers/email.ts';
import { findPasswordProblem } from '#developers/new-password.ts';

const OWN = ['ada.lovelace@engines.example', 'Ada Lovelace', 'Analytical Engines'];

describe('a password', () => {
  it.each([
    'eleven tame rodents sing',
    'x7#Kq!0vLw2z',
    '            with spaces',
    'пароль-из-двенадцати',
    '密碼密碼一二三四五六七八',
    '🐹🎡🌾🥜🌰🍎🍐🍊🍋🍌🍉🍇',
    'lovelace wrote the first program',
    'my hamster eats 12 sunflower seeds',
    'a'.repeat(4).concat('bcdefg').repeat(25),
  ])('%s may be chosen', (password) => {
    expect(findPasswordProblem(password, OWN)).toBeUndefined();
  });

  it.each([
    ['', 'at least 12'],
    ['elevenchars', 'at least 12'],
    // Eleven letters, each of two code points until they are composed.
    ['e\u0301'.repeat(11), 'at least 12'],
    ['x'.repeat(257), 'at most 256'],
    ['aaaaaaaaaaaa', 'guessed'],
    ['abababababab', 'guessed'],
    ['123456789012', 'guessed'],
    ['098765432109', 'guessed'],
    ['abcdefghijklmnop', 'guessed'],
    ['qwertyuiopas', 'guessed'],
    ['1q2w3e4r5t6y', 'guessed'],
    ['password1234', 'guessed'],
    ['Password1234!', 'guessed'],
    ['P@ssw0rdP@ssw0rd', 'guessed'],
    ['letmeinplease1', 'guessed'],
    ['iloveyou2026!', 'guessed'],
    ['correct horse battery staple', 'guessed'],
    ['hamster-wheel', 'guessed'],
    ['Hamster Bank 1', 'guessed'],
    ['ada.lovelace@engines.example', 'guessed'],
    ['lovelace2026!', 'guessed'],
    ['Analytical Engines', 'guessed'],
  ])('%j may not: %s', (password, why) => {
    expect(findPasswordProblem(password, OWN)).toContain(why);
  });

  it('may have 12 and 256 characters, and no more than that', () => {
    const varied = (length: number) => 'xK7 qv#L2m'.repeat(26).slice(0, length);
    expect([11, 12, 256, 257].map((length) => findPasswordProblem(varied(length), []) === undefined)).toEqual(
      [false, true, true, false],
    );
  });
});

it('is judged at once, however many ways there are to read it as common words', () => {
  // Each "password" reads as one word and as two: 2 to the 24th readings, none of which fits.
  const password = `${'password'.repeat(24)}qx`;
  const begin = performance.now();
  expect(findPasswordProblem(password, OWN)).toBeUndefined();
  expect(performance.now() - begin).toBeLessThan(500);
});

describe('an address', () => {
  it.each([
    ['Ada@Example.COM ', 'ada@example.com'],
    ["o'brien+test@mail.example.co.uk", "o'brien+test@mail.example.co.uk"],
    ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
  ])('%j is %s', (text, email) => {
    expect(normaliseEmail(text)).toBe(email);
  });

  it.each([
    '',
    'ada',
    'ada@example',
    '@example.com',
    'ada@@example.com',
    'a b@example.com',
    'ada@example.com\r\nBcc: x@example.com',
    'ada@-example.com',
    'ada@exam_ple.com',
    '.ada@example.com',
    'a..b@example.com',
    '"ada"@example.com',
    'аda@example.com',
    'ada@example.com,eve@example.com',
    '<ada@example.com>',
    'ada@[127.0.0.1]',
    'ada@127.0.0.1',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.com`,
  ])('%j is none', (text) => {
    expect(normaliseEmail(text)).toBeUndefined();
  });
});
