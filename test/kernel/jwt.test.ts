/** JWTs taken apart before anything of them is believed. */
import { expect, it } from 'vitest';
import { toBase64Url, utf8 } from '#kernel/encoding.ts';
import { decodeUnverified } from '#kernel/jwt.ts';

const part = (text: string) => toBase64Url(utf8(text));
const HEADER = part('{"alg":"ES256"}');
const CLAIMS = part('{"iss":"me"}');

it('gives header and claims', () => {
  const decoded = { header: { alg: 'ES256' }, claims: { iss: 'me' } };
  expect(decodeUnverified(`${HEADER}.${CLAIMS}.sig`)).toEqual(decoded);
});

it.each([
  ['nothing', ''],
  ['two parts', `${HEADER}.${CLAIMS}`],
  ['four parts', `${HEADER}.${CLAIMS}.a.b`],
  ['an empty part', `${HEADER}..a`],
  ['no base64url', `${HEADER}.+/=.a`],
  ['a list', `${HEADER}.${part('[]')}.a`],
  ['null', `${part('null')}.${CLAIMS}.a`],
  ['text', `${HEADER}.${part('"a"')}.a`],
  ['no JSON', `${HEADER}.${part('{')}.a`],
  ['no UTF-8', `${HEADER}.${toBase64Url(new Uint8Array([0x22, 0xff, 0x22]))}.a`],
])('%s is none', (_what, token) => {
  expect(decodeUnverified(token)).toBeUndefined();
});
