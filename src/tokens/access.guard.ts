/** Lets a client's own token through: verified, its client admitted and counted, its scope enough. */
import type { Context, MiddlewareHandler } from 'hono';
import { admitClient } from '#clients/admit-client.flow.ts';
import { setRateHeaders } from '#clients/rate-headers.ts';
import { answerRefusal } from '#edge/answers.ts';
import type { AppEnv } from '#edge/scope.ts';
import { type AccessNeeds, decideAccess } from '#tokens/access.ts';
import type { AccessToken } from '#tokens/access-token.ts';
import { verifyAccessToken } from '#tokens/verify-token.flow.ts';

/** Who calls, as every route behind a guard of the open-banking API knows it. */
export interface ClientAccess {
  readonly token: AccessToken;
  /** Scopes of the token that the client still has. */
  readonly scopes: readonly string[];
  /** Newest version of the client's record: `findClient(scope, clientId, {newerThan: clientVersion - 1})`. */
  readonly clientVersion: number;
}

/** Routes behind `requireClientToken` find their caller in `c.var.access`. */
export interface AccessEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { access: ClientAccess };
}

/** The request's token, verified; the query is looked at too, where a token must never stand. */
export async function verifyRequestToken<E extends AppEnv>(c: Context<E>) {
  return verifyAccessToken(c.var.scope, c.req.header('authorization'), new URL(c.req.url).searchParams);
}

export interface ClientTokenNeeds {
  readonly scope: string;
  /** Name of the path parameter with a consent id whose own token is let through too. */
  readonly orTokenOf?: string;
}

/** Judges a call that needs no word of the consent's object, and puts its caller where the route finds it. */
function guardBy(needsOf: (c: Context<AccessEnv>) => AccessNeeds): MiddlewareHandler<AccessEnv> {
  return async function clientTokenGuard(c, next) {
    const token = await verifyRequestToken(c);
    if (!token.ok) return answerRefusal(c, token.refusal);
    const client = await admitClient(c.var.scope, token.value.clientId, { endedAs: 'invalid_token' });
    setRateHeaders(c, client.ok ? client.value.window : client.refusal.window);
    if (!client.ok) return answerRefusal(c, client.refusal);
    const access = decideAccess({
      needs: needsOf(c),
      token,
      client,
      consentHeader: c.req.header('x-consent-id'),
      consent: undefined,
    });
    if (!access.ok) return answerRefusal(c, access.refusal);
    c.set('access', { ...access.value, clientVersion: client.value.version });
    return next();
  };
}

/**
 * Requires a client-credentials token with the scope. Refuses in the order of `decideAccess`: `invalid_token`,
 * `rate_limit_exceeded`, `insufficient_scope`. Objects: one, the client's; D1: none.
 */
export function requireClientToken({ scope, orTokenOf }: ClientTokenNeeds): MiddlewareHandler<AccessEnv> {
  return guardBy((c) => ({ by: 'client', scope, orConsentId: orTokenOf && c.req.param(orTokenOf) }));
}

/**
 * Requires a token of a consent of the type (with its X-Consent-ID), whose state is not asked, or a client-credentials
 * token. Refuses as `decideAccess` does. Objects: one, the client's; D1: none.
 */
export function requireEitherToken(
  needs: Omit<Extract<AccessNeeds, { by: 'either' }>, 'by'>,
): MiddlewareHandler<AccessEnv> {
  return guardBy(() => ({ by: 'either', ...needs }));
}
