/** Settings: taken whole and right, or the Worker answers nothing, naming the variable. */
import { describe, expect, it } from 'vitest';
import { findSettingFaults, parseSettings } from '#edge/settings.ts';
import { PRODUCTION } from '../support/production.ts';

const SANDBOX = { ENVIRONMENT: 'sandbox', ISSUER: 'https://sandbox.api.hamsterbank.ai' };
const DIRECTORY = {
  issuer: 'https://directory.example',
  jwks_uri: 'https://directory.example/jwks',
  algorithms: ['PS256'],
};

function settingsFrom(variables: Record<string, unknown>) {
  const settings = parseSettings(variables);
  if (!settings.ok) throw new Error(settings.refusal.reason);
  return settings.value;
}

describe('settings', () => {
  it('have the defaults of their environment', () => {
    expect(settingsFrom(SANDBOX)).toMatchObject({
      issuer: 'https://sandbox.api.hamsterbank.ai',
      issuerIsLoopback: false,
      rateLimitPerMinute: 100,
      liveClientsPerOrganisation: 20,
      bodyLimitBytes: 65_536,
      trustedDirectories: [],
    });
    expect(settingsFrom(PRODUCTION)).toMatchObject({ rateLimitPerMinute: 1_000, liveClientsPerSoftware: 5 });
    expect(settingsFrom({ ...SANDBOX, ISSUER: 'http://localhost:8787' })).toMatchObject({
      issuer: 'http://localhost:8787',
      issuerIsLoopback: true,
      liveClientsPerOrganisation: 10_000,
    });
  });

  it('make nothing local of production', () => {
    expect(settingsFrom({ ...PRODUCTION, ISSUER: 'https://localhost' }).issuerIsLoopback).toBe(false);
  });

  it('take a smoke-test key in a sandbox', () => {
    const key = `sk_sandbox_${'a1'.repeat(32)}`;
    expect(settingsFrom({ ...SANDBOX, SMOKE_API_KEY: key }).smokeApiKey).toBe(key);
    expect(settingsFrom({ ...SANDBOX, SMOKE_API_KEY: '' }).smokeApiKey).toBeUndefined();
  });

  it('take an issuer with its slash, and keep it without', () => {
    expect(settingsFrom({ ...SANDBOX, ISSUER: 'https://SANDBOX.example:443/' }).issuer).toBe(
      'https://sandbox.example',
    );
  });

  it('take the host of developers, with its port', () => {
    for (const host of ['developer.hamsterbank.ai', 'developer.example:8443']) {
      expect(settingsFrom({ ...PRODUCTION, DEVELOPER_HOST: host }).developerHost).toBe(host);
    }
    expect(settingsFrom({ ...PRODUCTION, DEVELOPER_HOST: '' }).developerHost).toBeUndefined();
  });

  it('take counts as text or numbers', () => {
    const counts = { RATE_LIMIT_PER_MINUTE: '500', BODY_LIMIT_BYTES: 1_000, LIVE_CLIENTS_PER_SOFTWARE: '' };
    expect(settingsFrom({ ...SANDBOX, ...counts })).toMatchObject({
      rateLimitPerMinute: 500,
      bodyLimitBytes: 1_000,
      liveClientsPerSoftware: 5,
    });
  });

  it('take directories, as JSON or not, with their keys or where those are', () => {
    const held = { ...DIRECTORY, jwks_uri: undefined, jwks: { keys: [] }, maximum_age_seconds: 60 };
    for (const value of [[DIRECTORY, held], JSON.stringify([DIRECTORY, held])]) {
      expect(settingsFrom({ ...SANDBOX, TRUSTED_DIRECTORIES: value }).trustedDirectories).toMatchObject([
        { issuer: DIRECTORY.issuer, jwksUri: DIRECTORY.jwks_uri, algorithms: ['PS256'], claims: {} },
        { jwks: { keys: [] }, maximumAgeSeconds: 60 },
      ]);
    }
  });
});

describe('the variable', () => {
  it.each<[string, Record<string, unknown>]>([
    ['ENVIRONMENT', { ...SANDBOX, ENVIRONMENT: undefined }],
    ['ENVIRONMENT', { ...SANDBOX, ENVIRONMENT: '' }],
    ['ENVIRONMENT', { ...SANDBOX, ENVIRONMENT: 'Sandbox' }],
    ['ENVIRONMENT', { ...SANDBOX, ENVIRONMENT: 'sandbox ' }],
    ['ISSUER', { ...SANDBOX, ISSUER: undefined }],
    ['ISSUER', { ...SANDBOX, ISSUER: 'sandbox.api.hamsterbank.ai' }],
    ['ISSUER', { ...SANDBOX, ISSUER: 'http://sandbox.api.hamsterbank.ai' }],
    ['ISSUER', { ...SANDBOX, ISSUER: 'https://api.hamsterbank.ai/v1' }],
    ['ISSUER', { ...SANDBOX, ISSUER: 'https://api.hamsterbank.ai/?a' }],
    ['ISSUER', { ...SANDBOX, ISSUER: 'https://api.hamsterbank.ai/#' }],
    ['ISSUER', { ...SANDBOX, ISSUER: 'https://me@api.hamsterbank.ai' }],
    ['ISSUER', { ...SANDBOX, ISSUER: 'https://:secret@api.hamsterbank.ai' }],
    ['ISSUER', { ...PRODUCTION, ISSUER: 'http://localhost:8787' }],
    ['OTHER_ENVIRONMENT_URL', { ...SANDBOX, OTHER_ENVIRONMENT_URL: 'https://api.hamsterbank.ai/dashboard' }],
    ['OTHER_ENVIRONMENT_URL', { ...PRODUCTION, OTHER_ENVIRONMENT_URL: 'http://localhost:8787' }],
    ['KEY_WRAPPING_SECRET', { ...PRODUCTION, KEY_WRAPPING_SECRET: undefined }],
    ['KEY_WRAPPING_SECRET', { ...PRODUCTION, KEY_WRAPPING_SECRET: '' }],
    ['KEY_WRAPPING_SECRET', { ...PRODUCTION, KEY_WRAPPING_SECRET: 'A'.repeat(42) }],
    ['KEY_WRAPPING_SECRET', { ...SANDBOX, KEY_WRAPPING_SECRET: `${'A'.repeat(43)}=` }],
    ['KEY_WRAPPING_SECRET', { ...PRODUCTION, KEY_WRAPPING_SECRET: 'A'.repeat(43) }],
    ['KEY_WRAPPING_SECRET', { ...PRODUCTION, KEY_WRAPPING_SECRET: `${'hamster-'.repeat(5)}whe` }],
    ['ISSUER', { ...PRODUCTION, ISSUER: 'https://sandbox.api.hamsterbank.ai' }],
    ['CODE_SENDER', { ...PRODUCTION, CODE_SENDER: undefined }],
    ['CODE_SENDER', { ...PRODUCTION, CODE_SENDER: 'hamster-bank-code-sender' }],
    ...[
      'https://developer.hamsterbank.ai',
      'developer.hamsterbank.ai/',
      'Developer.hamsterbank.ai',
      'developer.hamsterbank.ai:443',
      'me@developer.hamsterbank.ai',
      'api.hamsterbank.ai',
      ' ',
      1,
    ].map((host): [string, Record<string, unknown>] => [
      'DEVELOPER_HOST',
      { ...PRODUCTION, DEVELOPER_HOST: host },
    ]),
    ['EMAIL_FROM', { ...PRODUCTION, EMAIL_FROM: 'Hamster <no-reply@hamsterbank.ai>' }],
    ['EMAIL_FROM', { ...SANDBOX, EMAIL_FROM: 'no-reply' }],
    ['SMOKE_API_KEY', { ...PRODUCTION, SMOKE_API_KEY: '' }],
    ['SANDBOX_SEED', { ...PRODUCTION, SANDBOX_SEED: '1' }],
    ['SEED_CUSTOMERS', { ...PRODUCTION, SEED_CUSTOMERS: 'true' }],
    ['SMOKE_API_KEY', { ...SANDBOX, SMOKE_API_KEY: 'sk_sandbox_short' }],
    ['SMOKE_API_KEY', { ...SANDBOX, SMOKE_API_KEY: `sk_live_${'a'.repeat(64)}` }],
    ['TRUSTED_DIRECTORIES', { ...PRODUCTION, TRUSTED_DIRECTORIES: undefined }],
    ['TRUSTED_DIRECTORIES', { ...PRODUCTION, TRUSTED_DIRECTORIES: '[]' }],
    ['RATE_LIMIT_PER_MINUTE', { ...SANDBOX, RATE_LIMIT_PER_MINUTE: '0' }],
    ['RATE_LIMIT_PER_MINUTE', { ...SANDBOX, RATE_LIMIT_PER_MINUTE: '-1' }],
    ['RATE_LIMIT_PER_MINUTE', { ...SANDBOX, RATE_LIMIT_PER_MINUTE: '1.5' }],
    ['RATE_LIMIT_PER_MINUTE', { ...SANDBOX, RATE_LIMIT_PER_MINUTE: 'many' }],
    ['BODY_LIMIT_BYTES', { ...SANDBOX, BODY_LIMIT_BYTES: 'Infinity' }],
    ['TRUSTED_DIRECTORIES', { ...SANDBOX, TRUSTED_DIRECTORIES: '{' }],
    ['TRUSTED_DIRECTORIES', { ...SANDBOX, TRUSTED_DIRECTORIES: '{}' }],
    ...[
      null,
      'https://directory.example',
      { ...DIRECTORY, issuer: '' },
      { ...DIRECTORY, algorithms: undefined },
      { ...DIRECTORY, algorithms: [] },
      { ...DIRECTORY, algorithms: ['RS256'] },
      { ...DIRECTORY, algorithms: ['none'] },
      { ...DIRECTORY, jwks_uri: undefined },
      { ...DIRECTORY, jwks_uri: 'http://directory.example/jwks' },
      { ...DIRECTORY, jwks_uri: 'https://' },
      { ...DIRECTORY, jwks: { keys: [{ kty: 'EC' }] } },
      { ...DIRECTORY, jwks_uri: 'http://directory.example/jwks', jwks: { keys: [{ kty: 'EC' }] } },
      { ...DIRECTORY, jwks_uri: undefined, jwks: { keys: [null] } },
      { ...DIRECTORY, jwks_uri: undefined, jwks: { keys: ['a'] } },
      { ...DIRECTORY, jwks_uri: undefined, jwks: null },
      { ...DIRECTORY, maximum_age_seconds: 0 },
      { ...DIRECTORY, maximum_age_seconds: 'old' },
      { ...DIRECTORY, claims: 'org_id' },
      { ...DIRECTORY, claims: { org_id: 1 } },
    ].map((entry): [string, Record<string, unknown>] => [
      'TRUSTED_DIRECTORIES',
      { ...SANDBOX, TRUSTED_DIRECTORIES: [entry] },
    ]),
    ...[
      { issuer: 'http://directory.example' },
      { issuer: 'https://sandbox.directory.example' },
      { issuer: 'https://directory-sandbox.example' },
      { issuer: 'https://sandbox.api.hamsterbank.ai/sandbox/directory' },
      { issuer: 'https://bank.example/sandbox/directory' },
      { issuer: 'directory', jwks_uri: undefined, jwks: { keys: [{ kty: 'EC' }] } },
      { jwks_uri: 'https://keystore.openbankingtest.org.uk/keystore/openbanking.jwks' },
      { jwks_uri: 'https://bank.example/sandbox/directory/jwks' },
      { jwks_uri: undefined, jwks: { keys: [] } },
      { jwks_uri: undefined, jwks: { keys: [{ kty: 'EC', d: 'AA' }] } },
    ].map((members): [string, Record<string, unknown>] => [
      'TRUSTED_DIRECTORIES',
      { ...PRODUCTION, TRUSTED_DIRECTORIES: [{ ...DIRECTORY, ...members }] },
    ]),
  ])('%s is refused in %j', (name, variables) => {
    expect(parseSettings(variables)).toMatchObject({
      ok: false,
      refusal: { code: 'service_unavailable', reason: expect.stringContaining(`setting ${name}:`) },
    });
  });

  it('KEY_WRAPPING_SECRET is never in a reason', () => {
    const parsed = parseSettings({ ...SANDBOX, KEY_WRAPPING_SECRET: 'hamster-wheel' });
    expect(JSON.stringify(parsed)).not.toContain('hamster-wheel');
  });
});

describe('a production that is configured completely', () => {
  it('is taken', () => {
    expect(findSettingFaults(PRODUCTION)).toEqual([]);
    const named = { ...DIRECTORY, issuer: 'OpenBanking Ltd' };
    expect(findSettingFaults({ ...PRODUCTION, TRUSTED_DIRECTORIES: [named] })).toEqual([]);
  });

  it.each(Object.keys(PRODUCTION))('and then lacks %s is refused by its name', (name) => {
    const faults = findSettingFaults({ ...PRODUCTION, [name]: undefined });
    expect(faults.map((fault) => fault.name)).toEqual([name]);
    expect(parseSettings({ ...PRODUCTION, [name]: undefined })).toMatchObject({
      refusal: { reason: expect.stringContaining(`setting ${name}:`) },
    });
  });

  it('is told all its faults at once', () => {
    const variables = { ...PRODUCTION, ISSUER: 'http://api.example', KEY_WRAPPING_SECRET: 'short' };
    expect(findSettingFaults(variables).map(({ name }) => name)).toEqual(['ISSUER', 'KEY_WRAPPING_SECRET']);
  });

  it('is told what is missing, apart from what is wrong', () => {
    const variables = { ...PRODUCTION, ISSUER: undefined, KEY_WRAPPING_SECRET: 'short' };
    expect(findSettingFaults(variables)).toEqual([
      { name: 'ISSUER', why: expect.stringMatching(/^is missing/) },
      { name: 'KEY_WRAPPING_SECRET', why: 'must be 32 bytes in base64url' },
    ]);
  });
});

describe('a sandbox that is deployed', () => {
  it.each(['http://localhost:8787', 'https://localhost', 'http://sandbox.example'])(
    'may not be %s',
    (issuer) => {
      expect(findSettingFaults({ ...SANDBOX, ISSUER: issuer }).map(({ name }) => name)).toEqual(['ISSUER']);
    },
  );

  it('needs nothing but its name and issuer', () => {
    expect(findSettingFaults(SANDBOX)).toEqual([]);
  });
});
