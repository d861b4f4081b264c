/** package-lock.json installs on every platform, whichever one it was written on. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { missingEntries } from '../../scripts/complete-lock.mjs';

type Lock = {
  packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>;
};

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;

it('has the optional builds of every platform (else run: npm run complete-lock)', () => {
  expect(missingEntries(lock)).toEqual([]);
});

it.each(['darwin-64', 'darwin-arm64', 'linux-64', 'linux-arm64', 'windows-64'])(
  'has workerd for %s',
  (platform) => {
    expect(lock.packages).toHaveProperty([`node_modules/@cloudflare/workerd-${platform}`]);
  },
);

it('notices a build that is missing', () => {
  const packages = { ...lock.packages };
  delete packages['node_modules/@cloudflare/workerd-darwin-arm64'];
  expect(missingEntries({ packages }).map(({ name }) => name)).toEqual(['@cloudflare/workerd-darwin-arm64']);
});

it('names no registry', () => {
  expect(Object.values(lock.packages).filter(({ resolved }) => resolved?.startsWith('http'))).toEqual([]);
});
