/** Codes and refresh tokens of a grant: when each is good. Source: RFC 6749 section 4.1.3, RFC 7636 section 4.6, RFC 9700. */
import { CODE_LIFETIME_SECONDS, type CodeBinding } from '#consents/consent.ts';
import type { GrantAnswer, RedeemRequest, RefreshRequest } from '#consents/grant-calls.ts';
import { equalInConstantTime } from '#kernel/encoding.ts';

/** The one code of a grant's life. */
export interface GrantCode {
  readonly digest: string;
  /** Epoch milliseconds from which it is expired. */
  readonly expiresAtMs: number;
  /** The attempt that spent it. */
  readonly spentBy?: string;
}

/** What a grant's object keeps to answer for its code and refresh token: digests alone. */
export interface Grant {
  readonly binding: CodeBinding;
  /** Forgotten once it expired unspent; kept once spent, for the grant's life, to notice its reuse. */
  readonly code?: GrantCode;
  readonly refreshDigest?: string;
}

export function newGrant(binding: CodeBinding, codeDigest: string, nowMs: number): Grant {
  return { binding, code: { digest: codeDigest, expiresAtMs: nowMs + CODE_LIFETIME_SECONDS * 1000 } };
}

/** Epoch milliseconds at which the code, being unspent, is to be forgotten. */
export function codePurgeAtMs(grant: Grant | undefined): number | undefined {
  return grant?.code?.spentBy === undefined ? grant?.code?.expiresAtMs : undefined;
}

/** The grant without a code that expired unspent. */
export function withoutExpiredCode(grant: Grant, nowMs: number): Grant {
  const purgeAtMs = codePurgeAtMs(grant);
  if (purgeAtMs === undefined || nowMs < purgeAtMs) return grant;
  const { code: _expired, ...rest } = grant;
  return rest;
}

/**
 * `good`: spend it. `repeated`: this very attempt spent it, its answer was lost. `reused`: it was spent before, by its
 * own client's other attempt: the grant ends. `refused`: nothing happens, the code stays as it is.
 */
export type CodeVerdict =
  | { readonly verdict: 'good' | 'repeated' | 'reused' }
  | { readonly verdict: 'refused'; readonly reason: string; readonly code?: 'invalid_scope' };

export type CodeAttempt = Omit<RedeemRequest, 'refreshDigest' | 'codeVerifier'> & {
  /** SHA-256 of the code_verifier, base64url: what an S256 challenge is. */
  readonly verifierDigest: string | undefined;
};

function refused(reason: string): CodeVerdict {
  return { verdict: 'refused', reason };
}

function checkVerifier(challenge: string | undefined, digest: string | undefined): string | undefined {
  if (challenge === undefined) return digest === undefined ? undefined : 'code_verifier without a challenge';
  if (digest === undefined) return 'challenge without its code_verifier';
  return equalInConstantTime(challenge, digest) ? undefined : 'code_verifier does not match';
}

/** Judges a code. Whose it is and the whole secret come first: until both are right, nothing can happen to the grant. */
export function judgeCode(grant: Grant | undefined, attempt: CodeAttempt): CodeVerdict {
  const code = grant?.code;
  if (grant === undefined || code === undefined) return refused('no such code');
  if (grant.binding.clientId !== attempt.clientId) return refused('code of another client');
  if (!equalInConstantTime(code.digest, attempt.secretDigest)) return refused('secret of the code is wrong');
  if (code.spentBy !== undefined) {
    return { verdict: code.spentBy === attempt.attempt ? 'repeated' : 'reused' };
  }
  if (attempt.nowMs >= code.expiresAtMs) return refused('code expired');
  if (attempt.redirectUri !== grant.binding.redirectUri) return refused('redirect_uri differs');
  const verifier = checkVerifier(grant.binding.codeChallenge, attempt.verifierDigest);
  if (verifier !== undefined) return refused(verifier);
  // Judged before the code is spent: a role that is given back soon must not find the customer's consent used up.
  return grant.binding.scopes.some((value) => attempt.clientScopes.includes(value))
    ? { verdict: 'good' }
    : { verdict: 'refused', reason: 'no scope of the code is left to the client', code: 'invalid_scope' };
}

/** The grant with its code spent, and the refresh token in force, where there is one. */
export function spendCode(grant: Grant, attempt: string, refreshDigest: string | undefined): Grant {
  return {
    ...grant,
    ...(grant.code === undefined ? {} : { code: { ...grant.code, spentBy: attempt } }),
    ...(refreshDigest === undefined ? {} : { refreshDigest }),
  };
}

/** The grant with no refresh token in force. */
export function withoutRefreshToken({ refreshDigest: _void, ...grant }: Grant): Grant {
  return grant;
}

/** Why a refresh token is refused, or undefined where it is the grant's own. */
export function refuseRefresh(grant: Grant | undefined, request: RefreshRequest): string | undefined {
  if (grant?.refreshDigest === undefined) return 'no refresh token in force';
  if (grant.binding.clientId !== request.clientId) return 'refresh token of another client';
  return equalInConstantTime(grant.refreshDigest, request.secretDigest)
    ? undefined
    : 'secret of the refresh token is wrong';
}

/** How a grant's object answers a code that it refuses. */
export function refuseGrant({
  reason,
  code,
}: Extract<CodeVerdict, { readonly verdict: 'refused' }>): GrantAnswer {
  return { ok: false, reason, ...(code === undefined ? {} : { code }) };
}
