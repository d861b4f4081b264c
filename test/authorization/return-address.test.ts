/** The URL an answer is sent to. */
import { expect, it } from 'vitest';
import { renderReturn } from '#authorization/return-address.ts';

const ISSUER = 'https://bank.example';

it('carries code, state and iss', () => {
  const url = new URL(
    renderReturn(ISSUER, { redirectUri: 'https://c.example/cb', state: 'a &=#é' }, { code: 'c.1' }),
  );
  expect([...url.searchParams]).toEqual([
    ['code', 'c.1'],
    ['state', 'a &=#é'],
    ['iss', ISSUER],
  ]);
});

it('carries error, its description, state and iss', () => {
  const url = new URL(
    renderReturn(ISSUER, { redirectUri: 'https://c.example/cb', state: 's' }, { error: 'access_denied' }),
  );
  expect(url.searchParams.get('error')).toBe('access_denied');
  expect(url.searchParams.get('error_description')).toMatch(/^[\x20-\x7e]+$/);
  expect(url.searchParams.get('state')).toBe('s');
  expect(url.searchParams.get('iss')).toBe(ISSUER);
});

it('invents no state', () => {
  expect(renderReturn(ISSUER, { redirectUri: 'https://c.example/cb' }, { code: 'c' })).not.toContain('state');
});

it.each([
  ['https://c.example/cb', 'https://c.example/cb?code=c'],
  ['https://c.example', 'https://c.example?code=c'],
  ['https://c.example/cb?a=b', 'https://c.example/cb?a=b&code=c'],
  ['https://c.example/cb?', 'https://c.example/cb?code=c'],
  ['https://c.example/cb?a=b&', 'https://c.example/cb?a=b&code=c'],
  ['https://C.example/%7Ecb/../x', 'https://C.example/%7Ecb/../x?code=c'],
])('keeps the redirect URI as registered: %s', (redirectUri, beginning) => {
  const url = renderReturn(ISSUER, { redirectUri }, { code: 'c' });
  expect(url).toBe(`${beginning}&iss=https%3A%2F%2Fbank.example`);
});
