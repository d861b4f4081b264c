/** What counts as one bearer token. */
import { expect, it } from 'vitest';
import { parseBearer } from '#kernel/bearer.ts';

it.each([
  ['Bearer abc', 'abc'],
  ['bearer  a.b-c_d~e+f/g== ', 'a.b-c_d~e+f/g=='],
  ['BEARER x', 'x'],
  [undefined, undefined],
  ['', undefined],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['Bearer a b', undefined],
  ['Bearer a, Bearer b', undefined],
  ['Bearer a=b', undefined],
  ['Basic abc', undefined],
  ['xBearer abc', undefined],
])('%s -> %s', (header, token) => {
  expect(parseBearer(header)).toBe(token);
});
