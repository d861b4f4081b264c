/** Whole numbers of queries. */
import { expect, it } from 'vitest';
import { parseWholeNumber } from '#kernel/whole-number.ts';

it.each([
  ['1', 1],
  ['100', 100],
  ['007', 7],
  ['000000000000100', 100],
  ['0', undefined],
  ['101', undefined],
  ['', undefined],
  [' 7', undefined],
  ['+7', undefined],
  ['-7', undefined],
  ['7.0', undefined],
  ['1e1', undefined],
  ['0x7', undefined],
  ['٧', undefined],
  ['0000000000000100', undefined],
])('%j, from 1 to 100, is %s', (text, number) => {
  expect(parseWholeNumber(text, 1, 100)).toBe(number);
});
