/** The scope of a token at each issue. */
import { describe, expect, it } from 'vitest';
import { scopeOfClient, scopeOfGrant } from '#grants/token-scope.ts';
import type { Result } from '#kernel/result.ts';

const AIS = `consent_ais_${'0'.repeat(64)}`;
const PIS = `consent_pis_${'0'.repeat(64)}`;
const AISP = { scopes: ['openid', 'offline_access', 'accounts', 'transactions'] };

function shown(result: Result<readonly string[]>): string {
  return result.ok ? result.value.join(' ') : result.refusal.code;
}

describe('client credentials', () => {
  it.each<[string | undefined, string]>([
    [undefined, 'consents accounts transactions'],
    ['consents', 'consents'],
    ['accounts', 'accounts'],
    ['transactions accounts transactions', 'transactions accounts'],
    ['openid', 'invalid_scope'],
    ['offline_access', 'invalid_scope'],
    ['consents openid', 'invalid_scope'],
    ['payments', 'invalid_scope'],
    ['hamster', 'invalid_scope'],
    ['accounts  transactions', 'invalid_scope'],
    [' accounts', 'invalid_scope'],
    ['"', 'invalid_scope'],
  ])('%s is answered with %s', (requested, answer) => {
    expect(shown(scopeOfClient(AISP, requested))).toBe(answer);
  });

  it('names consents once where it was registered', () => {
    expect(shown(scopeOfClient({ scopes: ['openid', 'consents'] }, undefined))).toBe('consents');
  });
});

describe('a customer grant', () => {
  const granted = ['openid', 'accounts', 'transactions'];

  it.each<[string, readonly string[], string | undefined, string | undefined, string]>([
    ['all of it', granted, AIS, undefined, 'openid accounts transactions'],
    ['narrowed', granted, AIS, 'accounts', 'accounts'],
    ['narrowed without openid', granted, AIS, 'transactions accounts', 'transactions accounts'],
    ['widened', ['openid', 'accounts'], AIS, 'accounts transactions', 'invalid_scope'],
    ['of another type of consent', granted, PIS, undefined, 'openid'],
    ['identity alone', granted, undefined, undefined, 'openid'],
    [
      'identity with offline_access',
      ['openid', 'offline_access'],
      undefined,
      undefined,
      'openid offline_access',
    ],
    ['of nothing', ['payments'], AIS, undefined, 'invalid_scope'],
  ])('%s', (_name, scopes, consentId, requested, answer) => {
    const grant = { granted: scopes, ...(consentId === undefined ? {} : { consentId }) };
    expect(shown(scopeOfGrant(AISP, grant, requested))).toBe(answer);
  });

  it('loses what the client lost', () => {
    const grant = { granted, consentId: AIS };
    expect(shown(scopeOfGrant({ scopes: ['openid', 'accounts'] }, grant, undefined))).toBe('openid accounts');
    expect(shown(scopeOfGrant({ scopes: ['openid', 'accounts'] }, grant, 'transactions'))).toBe(
      'invalid_scope',
    );
    expect(shown(scopeOfGrant({ scopes: ['payments'] }, grant, undefined))).toBe('invalid_scope');
  });
});
