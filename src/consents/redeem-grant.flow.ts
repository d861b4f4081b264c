/**
 * Redeems authorization codes and refresh tokens at the grant's object, for a client that has authenticated itself.
 * D1: none; an identity-only grant with a refresh token: one call. Objects: one; none for what is no code or refresh token
 * of ours. A payment's code that comes twice ends its consent, at that one's hops. Source: RFC 6749 sections 4.1.3 and 6.
 */
import { CODE_REUSED } from '#consents/consent-record.ts';
import { endConsent } from '#consents/end-consent.flow.ts';
import type { GrantAnswer, Granted } from '#consents/grant-calls.ts';
import { enterIdentityGrant, isIdentityGrantStanding } from '#consents/identity-grants.flow.ts';
import { callObject } from '#edge/outage.ts';
import { reachObject } from '#edge/reach-object.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret, newUuid, parseGrantSecret, renderGrantSecret } from '#kernel/ids.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

export interface CodeRedemption {
  readonly code: string;
  /** Who authenticated. */
  readonly clientId: string;
  readonly redirectUri: string | undefined;
  readonly codeVerifier: string | undefined;
  /** What the client may have at present. */
  readonly clientScopes: readonly string[];
  /** Whether the client is registered for refresh tokens; an identity-only grant brings one with offline_access alone. */
  readonly wantsRefresh: boolean;
}

export interface Refreshing {
  readonly refreshToken: string;
  readonly clientId: string;
}

export interface RedeemedGrant extends Granted {
  readonly refreshToken?: string;
}

type Parsed = NonNullable<ReturnType<typeof parseGrantSecret>>;

function reachGrant({ bindings }: Scope, { kind, objectId }: Parsed) {
  return kind === 'consent'
    ? reachObject(bindings.CONSENTS, objectId)
    : reachObject(bindings.IDENTITY_GRANTS, objectId);
}

/** One answer for all: who presents a wrong code learns nothing of why. */
function refuseGrant(reason: string) {
  return refuse('invalid_grant', reason);
}

/**
 * Redeems a code, once. Refuses with `invalid_grant`, and with `invalid_scope` where nothing of it is left to the client,
 * which spends nothing; presented again by its own client it ends the grant, so that of
 * parallel redemptions one succeeds and its tokens end with the grant when the others arrive.
 */
export async function redeemCode(scope: Scope, redemption: CodeRedemption): Promise<Result<RedeemedGrant>> {
  const { code, clientId, redirectUri, codeVerifier, clientScopes, wantsRefresh } = redemption;
  const parsed = parseGrantSecret(code);
  const reach = parsed === undefined ? undefined : reachGrant(scope, parsed);
  if (parsed === undefined || reach === undefined) return refuseGrant('no code of ours');
  const refreshSecret = wantsRefresh ? newSecret() : undefined;
  const [secretDigest, refreshDigest] = await Promise.all([
    digestOf(parsed.secret),
    refreshSecret === undefined ? undefined : digestOf(refreshSecret),
  ]);
  const attempt = newUuid();
  const { nowMs } = scope;
  const answer: GrantAnswer = await callObject<Promise<GrantAnswer>>(scope, () =>
    reach().redeem({
      nowMs,
      attempt,
      clientId,
      secretDigest,
      redirectUri,
      codeVerifier,
      clientScopes,
      refreshDigest,
    }),
  );
  if (!answer.ok) {
    // Refused only once nobody can pay by it any more, or has already.
    if (answer.reusedConsentId !== undefined) await endConsent(scope, answer.reusedConsentId, CODE_REUSED);
    return refuse(answer.code ?? 'invalid_grant', answer.reason);
  }
  const { granted } = answer;
  if (refreshSecret === undefined || !granted.refreshable) return ok(granted);
  // Its customer can see it before its client can use it.
  if (granted.holder !== undefined && !(await enterIdentityGrant(scope, clientId, granted.holder))) {
    return refuseGrant('stopped by its customer');
  }
  return ok({ ...granted, refreshToken: renderGrantSecret({ ...parsed, secret: refreshSecret }) });
}

/** The grant behind a refresh token, which stays as it is (FAPI 2.0: not rotated). Refuses with `invalid_grant`. */
export async function refreshGrant(
  scope: Scope,
  { refreshToken, clientId }: Refreshing,
): Promise<Result<RedeemedGrant>> {
  const parsed = parseGrantSecret(refreshToken);
  const reach = parsed === undefined ? undefined : reachGrant(scope, parsed);
  if (parsed === undefined || reach === undefined) return refuseGrant('no refresh token of ours');
  const secretDigest = await digestOf(parsed.secret);
  const answer: GrantAnswer = await callObject<Promise<GrantAnswer>>(scope, () =>
    reach().refresh({ nowMs: scope.nowMs, clientId, secretDigest }),
  );
  if (!answer.ok) return refuseGrant(answer.reason);
  const { holder } = answer.granted;
  return holder === undefined || (await isIdentityGrantStanding(scope, clientId, holder))
    ? ok(answer.granted)
    : refuseGrant('stopped by its customer');
}
