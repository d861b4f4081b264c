/** Which redirect URIs may be registered. */
import { expect, it } from 'vitest';
import { faultOfRedirectUri } from '#clients/redirect-uri.ts';

it.each([
  'https://tpp.example/callback',
  'https://tpp.example',
  'https://tpp.example:8443/cb?x=1&y=%20',
  'https://192.0.2.1/callback',
  'https://tpp.example/@home',
  'https://tpp.example/cb?mail=a@b.example',
  `https://tpp.example/${'a'.repeat(1_980)}`,
])('takes %s', (uri) => {
  expect(faultOfRedirectUri(uri, false)).toBeUndefined();
});

it.each([
  ['an empty text', ''],
  ['a path', '/callback'],
  ['http', 'http://tpp.example/callback'],
  ['http on loopback', 'http://localhost:8080/callback'],
  ['another scheme', 'com.example.app:/callback'],
  ['javascript', 'javascript:alert(1)'],
  ['a fragment', 'https://tpp.example/#here'],
  ['an empty fragment', 'https://tpp.example/#'],
  ['a wildcard host', 'https://*.tpp.example/'],
  ['a wildcard path', 'https://tpp.example/*'],
  ['user info', 'https://me:secret@tpp.example/'],
  ['a user name', 'https://me@tpp.example/'],
  ['an empty user name', 'https://@tpp.example/'],
  ['a space', 'https://tpp.example/a b'],
  ['a leading space', ' https://tpp.example/'],
  ['a newline', 'https://tpp.example/\nx'],
  ['a tab in the scheme', 'ht\ttps://tpp.example/'],
  ['a backslash', 'https:\\\\tpp.example/'],
  ['no host', 'https:///callback'],
  ['one slash', 'https:/tpp.example/'],
  ['a letter outside ASCII', 'https://tpp.example/caf\u00e9'],
  ['a port that is none', 'https://tpp.example:99999/'],
  ['2001 characters', `https://tpp.example/${'a'.repeat(1_981)}`],
])('refuses %s', (_what, uri) => {
  expect(faultOfRedirectUri(uri, false)).toMatch(/\w/);
});

it.each(['http://localhost/cb', 'http://127.0.0.1:3000/cb', 'http://[::1]:3000/cb'])(
  'takes %s where loopback is allowed',
  (uri) => {
    expect(faultOfRedirectUri(uri, true)).toBeUndefined();
    expect(faultOfRedirectUri(uri, false)).toBeDefined();
  },
);

it.each(['http://localhost.example/cb', 'http://tpp.example/cb', 'http://10.0.0.1/cb', 'ftp://localhost/'])(
  'refuses %s even there',
  (uri) => {
    expect(faultOfRedirectUri(uri, true)).toBeDefined();
  },
);
