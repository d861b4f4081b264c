/** The order of refusal as a table: each row fails everything from its place on, so the first that applies shows. */
import { describe, expect, it } from 'vitest';
import { ok, refuse } from '#kernel/result.ts';
import {
  type AccessFacts,
  type AccessNeeds,
  decideAccess,
  isRefusedAnyway,
  refuseStanding,
} from '#tokens/access.ts';
import type { AccessToken } from '#tokens/access-token.ts';

const AIS = `consent_ais_${'a'.repeat(64)}`;
const PIS = `consent_pis_${'b'.repeat(64)}`;

function token(parts: Partial<AccessToken> = {}): AccessToken {
  return {
    clientId: 'client',
    subject: 'subject',
    scopes: ['openid', 'accounts'],
    tokenId: 'token',
    issuedAt: 0,
    expiresAt: 600,
    consentId: AIS,
    ...parts,
  };
}

const { consentId: _none, ...withoutConsent } = token();

/** Everything right: a call with an account-access consent. */
const GOOD: AccessFacts = {
  needs: { by: 'consent', type: 'account-access', scope: 'accounts', permission: 'ReadAccounts' },
  token: ok(token()),
  client: ok({ scopes: ['openid', 'accounts', 'transactions'] }),
  consentHeader: AIS,
  consent: { standing: 'authorized', permissions: ['ReadAccounts'] },
};

/** In the order of interface section 7: what is wrong, and the code it is refused with. */
const ORDER: readonly (readonly [string, Partial<AccessFacts>, string])[] = [
  ['the token', { token: refuse('invalid_token', 'test') }, 'invalid_token'],
  ['a client that has ended', { client: refuse('invalid_token', 'ended') }, 'invalid_token'],
  ['a client over its limit', { client: refuse('rate_limit_exceeded', 'limit') }, 'rate_limit_exceeded'],
  ['a token without a consent', { token: ok(withoutConsent) }, 'insufficient_scope'],
  ['no X-Consent-ID', { consentHeader: undefined }, 'missing_consent'],
  [
    'an X-Consent-ID that is not of the token',
    { consentHeader: `consent_ais_${'c'.repeat(64)}` },
    'invalid_consent',
  ],
  [
    'a consent of another type',
    { token: ok(token({ consentId: PIS })), consentHeader: PIS },
    'wrong_consent_type',
  ],
  ['a token without the scope', { token: ok(token({ scopes: ['openid'] })) }, 'insufficient_scope'],
  ['a consent that has expired', { consent: { standing: 'expired', permissions: [] } }, 'consent_expired'],
  [
    'a consent without the permission',
    { consent: { standing: 'authorized', permissions: [] } },
    'permission_denied',
  ],
];

function codeOf(facts: AccessFacts): string {
  const decision = decideAccess(facts);
  return decision.ok ? 'ok' : decision.refusal.code;
}

describe('a call under a consent', () => {
  it('passes with what token and client both still have', () => {
    const decision = decideAccess({ ...GOOD, client: ok({ scopes: ['accounts'] }) });
    expect(decision).toMatchObject({ ok: true, value: { scopes: ['accounts'] } });
  });

  it.each(ORDER)('is refused for %s', (_what, facts, code) => {
    expect(codeOf({ ...GOOD, ...facts })).toBe(code);
  });

  it.each(ORDER.flatMap((row, first) => ORDER.slice(first + 1).map((later) => ({ row, later }))))(
    'is refused for $row.0 before $later.0',
    ({ row: [, facts, code], later: [, laterFacts] }) => {
      // Where both are about the token, the earlier one's token is the one sent.
      const both = { ...GOOD, ...laterFacts, ...facts };
      expect(codeOf(both)).toBe(code);
    },
  );

  it.each([
    ['awaiting_authorization', 'invalid_consent'],
    ['rejected', 'invalid_consent'],
    ['expired', 'consent_expired'],
    ['revoked', 'consent_revoked'],
    ['consumed', 'consent_consumed'],
    ['quote_expired', 'quote_expired'],
  ] as const)('is refused while its consent is %s: %s', (standing, code) => {
    expect(codeOf({ ...GOOD, consent: { standing, permissions: ['ReadAccounts'] } })).toBe(code);
  });

  it.each([
    [undefined, 'missing_consent'],
    ['', 'missing_consent'],
    ['  ', 'missing_consent'],
    [`${AIS}, ${AIS}`, 'invalid_consent'],
    [', ', 'invalid_consent'],
    [AIS.toUpperCase(), 'invalid_consent'],
    [`${AIS} `, 'ok'],
  ])('takes X-Consent-ID %j as %s', (consentHeader, code) => {
    expect(codeOf({ ...GOOD, consentHeader })).toBe(code);
  });

  it('is refused when its consent is not there', () => {
    expect(codeOf({ ...GOOD, consent: undefined })).toBe('invalid_consent');
  });

  it.each(['awaiting_authorization', 'rejected', 'expired', 'quote_expired', 'revoked', 'consumed'] as const)(
    'whose state is judged later passes while its consent is %s, and is refused then',
    (standing) => {
      const needs: AccessNeeds = {
        by: 'consent',
        type: 'account-access',
        scope: 'accounts',
        standingLater: true,
      };
      expect(codeOf({ ...GOOD, needs, consent: { standing, permissions: [] } })).toBe('ok');
      expect(codeOf({ ...GOOD, needs, consent: undefined })).toBe('invalid_consent');
      const now = codeOf({ ...GOOD, consent: { standing, permissions: [] } });
      expect(refuseStanding(standing)?.refusal.code).toBe(now);
      expect(refuseStanding('authorized')).toBeUndefined();
    },
  );

  it('is refused when its client lost the scope since the token was issued', () => {
    expect(codeOf({ ...GOOD, client: ok({ scopes: ['openid'] }) })).toBe('insufficient_scope');
  });

  it('names the scope that would do', () => {
    const decision = decideAccess({ ...GOOD, token: ok(token({ scopes: [] })) });
    expect(decision).toMatchObject({ refusal: { scope: 'accounts' } });
  });

  it.each(ORDER)('asks the consent object only where the answer matters: %s', (_what, facts, code) => {
    const all = { ...GOOD, ...facts };
    if (!all.token.ok) return;
    const isForeseen = isRefusedAnyway({ ...all, token: all.token.value });
    const needsAnObject = 'consent' in facts || 'client' in facts;
    expect([code, isForeseen]).toEqual([code, !needsAnObject]);
  });
});

describe('a call of the client itself', () => {
  const own: AccessToken = { ...withoutConsent, subject: 'client', scopes: ['consents', 'accounts'] };
  const OWN: AccessFacts = {
    needs: { by: 'client', scope: 'consents' },
    token: ok(own),
    client: ok({ scopes: ['openid'] }),
    consentHeader: undefined,
    consent: undefined,
  };

  it('passes with the scope consents, which every client has, whatever X-Consent-ID says', () => {
    expect(decideAccess(OWN)).toMatchObject({ ok: true, value: { scopes: ['consents'] } });
    expect(codeOf({ ...OWN, consentHeader: 'x' })).toBe('ok');
  });

  it.each([
    ['the token of a consent', token({ scopes: ['consents'] })],
    ['the token of an identity-only grant', { ...own, identityGrantId: 'c'.repeat(64) }],
    ['a token without the scope', { ...own, scopes: ['accounts'] }],
  ])('is refused with %s', (_what, other) => {
    expect(codeOf({ ...OWN, token: ok(other) })).toBe('insufficient_scope');
  });

  it("passes with the very consent's token where the route says so", () => {
    const needs = { by: 'client', scope: 'consents', orConsentId: AIS } as const;
    expect(codeOf({ ...OWN, needs, token: ok(token()) })).toBe('ok');
    expect(codeOf({ ...OWN, needs: { ...needs, orConsentId: PIS }, token: ok(token()) })).toBe(
      'insufficient_scope',
    );
  });
});

describe('the read of one payment', () => {
  const needs: AccessNeeds = { by: 'either', type: 'payment', scope: 'payments', clientScope: 'consents' };
  const ofConsent = token({ consentId: PIS, scopes: ['openid', 'payments'] });
  const BY_CONSENT: AccessFacts = {
    needs,
    token: ok(ofConsent),
    client: ok({ scopes: ['openid', 'payments'] }),
    consentHeader: PIS,
    consent: undefined,
  };
  const own: AccessToken = { ...withoutConsent, subject: 'client', scopes: ['consents'] };
  const BY_CLIENT: AccessFacts = { ...BY_CONSENT, token: ok(own), consentHeader: undefined };

  it('passes with the token of the consent, whatever its state, and with one of the client itself', () => {
    expect(codeOf(BY_CONSENT)).toBe('ok');
    expect(codeOf(BY_CLIENT)).toBe('ok');
  });

  it.each<[string, Partial<AccessFacts>, string]>([
    ['the token', { token: refuse('invalid_token', 'test') }, 'invalid_token'],
    ['a client over its limit', { client: refuse('rate_limit_exceeded', 'limit') }, 'rate_limit_exceeded'],
    [
      'an identity-only token',
      { token: ok({ ...own, identityGrantId: 'c'.repeat(64), scopes: ['openid'] }) },
      'insufficient_scope',
    ],
    [
      'a client token without its scope',
      { token: ok({ ...own, scopes: ['payments'] }) },
      'insufficient_scope',
    ],
    ['no X-Consent-ID', { consentHeader: undefined }, 'missing_consent'],
    ['another X-Consent-ID', { consentHeader: AIS }, 'invalid_consent'],
    [
      'a consent of another type',
      { token: ok(token({ scopes: ['payments'] })), consentHeader: AIS },
      'wrong_consent_type',
    ],
    ['a token without the scope', { token: ok({ ...ofConsent, scopes: ['openid'] }) }, 'insufficient_scope'],
  ])('is refused for %s', (_what, facts, code) => {
    expect(codeOf({ ...BY_CONSENT, ...facts })).toBe(code);
  });
});
