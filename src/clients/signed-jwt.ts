/**
 * JWTs that clients sign, before any key is asked: their algorithm, audience and times. A fault is said as what follows
 * the JWT's name: `has expired`. Times are epoch seconds. Source: RFC 7519 section 4.1, RFC 8725 section 3.
 */
import { CLIENT_ALGORITHMS } from '#clients/client.ts';
import type { Signed } from '#clients/signature.ts';
import { decodeUnverified } from '#kernel/jwt.ts';
import { ok, type Refused, type Result } from '#kernel/result.ts';

type Members = Readonly<Record<string, unknown>>;
type RefuseFault = (fault: string) => Refused;

/** A JWT taken apart; only its form and algorithm were checked. */
export interface SignedJwt {
  readonly signed: Signed;
  readonly header: Members;
  readonly claims: Members;
}

export interface JwtBounds {
  /** Each value of `aud` must be one of these, so that nobody else was meant too. */
  readonly audiences: readonly string[];
  readonly now: number;
  /** How far ahead `exp` may lie. */
  readonly lifetimeSeconds: number;
  /** How far the signer's clock may run ahead. */
  readonly aheadSeconds: number;
}

/** What makes a JWT one that is used once, until `expiresAt`. */
export interface JwtUse {
  readonly jwtId: string;
  readonly expiresAt: number;
}

export function parseSignedJwt(token: string, refuseFault: RefuseFault): Result<SignedJwt> {
  const decoded = decodeUnverified(token);
  if (decoded === undefined) return refuseFault('is not a signed JWT');
  const { header, claims } = decoded;
  const algorithm = CLIENT_ALGORITHMS.find((name) => name === header['alg']);
  if (algorithm === undefined) return refuseFault(`must be signed with ${CLIENT_ALGORITHMS.join(', ')}`);
  if (header['crit'] !== undefined) return refuseFault('has a crit header');
  return ok({ signed: { token, algorithm }, header, claims });
}

/** Whether `iat` or `nbf`, which may be left out, is no number or lies further ahead than a clock may run. */
export function isAhead(time: unknown, now: number, aheadSeconds: number): boolean {
  return time !== undefined && !(Number.isFinite(time) && Number(time) <= now + aheadSeconds);
}

/** Checks `aud`, `exp`, `iat`, `nbf` and `jti`. */
export function checkJwtUse(
  { aud, exp, iat, nbf, jti }: Members,
  { audiences, now, lifetimeSeconds, aheadSeconds }: JwtBounds,
  refuseFault: RefuseFault,
): Result<JwtUse> {
  if (typeof jti !== 'string' || jti === '') return refuseFault('needs a jti, a string');
  const named: readonly unknown[] = [aud].flat();
  if (named.length === 0 || !named.every((one) => audiences.includes(one as string))) {
    return refuseFault('must have the issuer or the URL of the endpoint as its aud');
  }
  if (typeof exp !== 'number') return refuseFault('needs exp, a number');
  if (exp <= now) return refuseFault('has expired');
  if (exp > now + lifetimeSeconds)
    return refuseFault(`has an exp more than ${lifetimeSeconds} seconds ahead`);
  if (isAhead(iat, now, aheadSeconds) || isAhead(nbf, now, aheadSeconds)) {
    return refuseFault(`has an iat or nbf that is no number or more than ${aheadSeconds} seconds ahead`);
  }
  return ok({ jwtId: jti, expiresAt: Math.ceil(exp) });
}
