/**
 * The order in which a call of the open-banking API is refused: one function over facts.
 * Source: interface section 7, RFC 6750 section 3.1.
 */
import { type ConsentType, parseConsentId } from '#kernel/consent-id.ts';
import type { ErrorCode } from '#kernel/errors.ts';
import { ok, type Refused, type Result, refuse } from '#kernel/result.ts';
import { type AccessToken, isClientCredentials } from '#tokens/access-token.ts';

/** What a route asks of its caller. */
export type AccessNeeds =
  | {
      /** A client-credentials token with this scope. */
      readonly by: 'client';
      readonly scope: string;
      /** The consent whose own token, whatever its scopes, is as good (GET of one consent). */
      readonly orConsentId?: string | undefined;
    }
  | {
      /** A token of an authorized consent of this type. */
      readonly by: 'consent';
      readonly type: ConsentType;
      readonly scope: string;
      readonly permission?: string;
      /** The consent's state is judged later, by `refuseStanding` (POST /payments: key and body come before it). */
      readonly standingLater?: true;
    }
  | {
      /** A token of a consent of this type, whatever its state, or a client-credentials token (GET of one payment). */
      readonly by: 'either';
      readonly type: ConsentType;
      readonly scope: string;
      readonly clientScope: string;
    };

/** What a consent allows at this moment: everything its permissions say, or nothing and why. */
export type ConsentStanding =
  | 'authorized'
  | 'awaiting_authorization'
  | 'rejected'
  | 'expired'
  | 'quote_expired'
  | 'revoked'
  | 'consumed';

/** What the consent's object said; undefined where it knows no such consent of this client. */
export interface ConsentFacts {
  readonly standing: ConsentStanding;
  readonly permissions: readonly string[];
}

export interface AccessFacts {
  readonly needs: AccessNeeds;
  readonly token: Result<AccessToken>;
  /** The client object's answer: refused when the client is ended, suspended or over its limit. */
  readonly client: Result<{ readonly scopes: readonly string[] }>;
  /** `X-Consent-ID` as received; several headers arrive as one list. */
  readonly consentHeader: string | undefined;
  readonly consent: ConsentFacts | undefined;
}

/** What a call may be judged by before any object was asked. */
export type TokenFacts = Pick<AccessFacts, 'needs' | 'consentHeader'> & { readonly token: AccessToken };

/** What a call that passed may do. */
export interface AccessGranted {
  readonly token: AccessToken;
  /** Scopes of the token that the client still has: a role taken away bites at once. */
  readonly scopes: readonly string[];
}

/**
 * Scopes of the token that its client still holds. `consents` is every client's, whether its registration lists it
 * or not (interface section 3).
 */
function presentScopes(token: AccessToken, clientScopes: readonly string[]): readonly string[] {
  return token.scopes.filter((scope) => scope === 'consents' || clientScopes.includes(scope));
}

const STANDING_CODES = {
  awaiting_authorization: 'invalid_consent',
  rejected: 'invalid_consent',
  expired: 'consent_expired',
  quote_expired: 'quote_expired',
  revoked: 'consent_revoked',
  consumed: 'consent_consumed',
} as const satisfies Record<Exclude<ConsentStanding, 'authorized'>, ErrorCode>;

function insufficientScope(scope: string, reason: string): Refused {
  return refuse('insufficient_scope', reason, { scope });
}

/** Client routes: a token of the client itself with the scope, or the token of the very consent that is read. */
function checkClientNeeds(
  needs: Omit<Extract<AccessNeeds, { by: 'client' }>, 'by'>,
  granted: AccessGranted,
): Refused | undefined {
  const { token, scopes } = granted;
  if (token.consentId !== undefined && token.consentId === needs.orConsentId) return undefined;
  if (!isClientCredentials(token)) return insufficientScope(needs.scope, 'not a client-credentials token');
  if (!scopes.includes(needs.scope)) return insufficientScope(needs.scope, 'scope not in the token');
  return undefined;
}

function checkConsentHeader(header: string | undefined, consentId: string): Refused | undefined {
  const value = header?.trim() ?? '';
  if (value === '') return refuse('missing_consent', 'no X-Consent-ID');
  if (value !== consentId) return refuse('invalid_consent', 'X-Consent-ID is not of the token');
  return undefined;
}

/** That the token is one of a consent of the type, named in X-Consent-ID too, with the scope. */
function checkConsentToken(
  { type, scope }: Extract<AccessNeeds, { by: 'consent' | 'either' }>,
  { token, scopes }: AccessGranted,
  consentHeader: string | undefined,
): Refused | undefined {
  const { consentId } = token;
  if (consentId === undefined) return insufficientScope(scope, 'no consent in the token');
  const header = checkConsentHeader(consentHeader, consentId);
  if (header !== undefined) return header;
  if (parseConsentId(consentId)?.type !== type) {
    return refuse('wrong_consent_type', `not a consent of type ${type}`);
  }
  if (!scopes.includes(scope)) {
    return insufficientScope(scope, 'scope not in the token');
  }
  return undefined;
}

/** Why a consent in this state opens nothing; undefined when it is authorized. */
export function refuseStanding(standing: ConsentStanding): Refused | undefined {
  if (standing === 'authorized') return undefined;
  return refuse(STANDING_CODES[standing], `consent is ${standing}`);
}

function checkConsent(
  { permission, standingLater }: Extract<AccessNeeds, { by: 'consent' }>,
  consent: ConsentFacts | undefined,
): Refused | undefined {
  if (consent === undefined) return refuse('invalid_consent', 'no such consent of this client');
  if (standingLater === true) return undefined;
  const standing = refuseStanding(consent.standing);
  if (standing !== undefined) return standing;
  if (permission !== undefined && !consent.permissions.includes(permission)) {
    return refuse('permission_denied', `consent without ${permission}`);
  }
  return undefined;
}

function checkNeeds(
  { needs, consent, consentHeader }: AccessFacts,
  granted: AccessGranted,
): Refused | undefined {
  if (needs.by === 'client') return checkClientNeeds(needs, granted);
  if (needs.by === 'either' && isClientCredentials(granted.token)) {
    return checkClientNeeds({ scope: needs.clientScope }, granted);
  }
  const refusal = checkConsentToken(needs, granted, consentHeader);
  return refusal ?? (needs.by === 'consent' ? checkConsent(needs, consent) : undefined);
}

/**
 * Judges a call. Refuses, the first that applies: `invalid_token`; what the client object refused (`invalid_token` of
 * an ended or suspended client, `rate_limit_exceeded`); `insufficient_scope` (no consent, or no client-credentials
 * token); `missing_consent`; `invalid_consent`; `wrong_consent_type`; `insufficient_scope`; the consent's state
 * (`invalid_consent`, `consent_expired`, `consent_revoked`, `consent_consumed`, `quote_expired`); `permission_denied`.
 */
export function decideAccess(facts: AccessFacts): Result<AccessGranted> {
  const { token, client } = facts;
  if (!token.ok) return token;
  if (!client.ok) return client;
  const granted = { token: token.value, scopes: presentScopes(token.value, client.value.scopes) };
  return checkNeeds(facts, granted) ?? ok(granted);
}

/** Whether token and header alone refuse the call: then the consent's object need not be asked. */
export function isRefusedAnyway({ needs, token, consentHeader }: TokenFacts): boolean {
  const permissions = needs.by === 'consent' && needs.permission !== undefined ? [needs.permission] : [];
  const supposing: AccessFacts = {
    needs,
    token: ok(token),
    client: ok({ scopes: token.scopes }),
    consentHeader,
    consent: { standing: 'authorized', permissions },
  };
  return !decideAccess(supposing).ok;
}
