/** Lets a call through that an authorized consent allows. D1: none. Objects: two, the client's and the consent's, together. */
import type { MiddlewareHandler } from 'hono';
import { admitClient, isBlocked } from '#clients/admit-client.flow.ts';
import { setRateHeaders } from '#clients/rate-headers.ts';
import { type Consent, type Permission, permissionsOf } from '#consents/consent.ts';
import { standingOf } from '#consents/consent-standing.ts';
import { useConsent } from '#consents/use-consent.flow.ts';
import { answerRefusal } from '#edge/answers.ts';
import type { AppEnv } from '#edge/scope.ts';
import type { ConsentType } from '#kernel/consent-id.ts';
import { type ClientAccess, verifyRequestToken } from '#tokens/access.guard.ts';
import { decideAccess, isRefusedAnyway } from '#tokens/access.ts';

export interface ConsentAccess extends ClientAccess {
  /** Of the type the route asked for, this client's; authorized, unless the route judges that later. */
  readonly consent: Consent;
}

/** Routes behind `requireConsent` find caller and consent in `c.var.access`. */
export interface ConsentEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { access: ConsentAccess };
}

export interface ConsentNeeds {
  readonly type: ConsentType;
  readonly scope: string;
  readonly permission?: Permission;
  /** Lets a consent of any state through, for the route to judge by `standingOf` (consent-standing.ts) and `refuseStanding`. */
  readonly standingLater?: true;
}

/**
 * Requires the token of an authorized consent, named in X-Consent-ID too. Refuses in the order of `decideAccess`. The
 * consent in the signed token is the one asked; where token and header refuse the call already, only the client's
 * object is.
 */
export function requireConsent(needs: ConsentNeeds): MiddlewareHandler<ConsentEnv> {
  const asked = { by: 'consent', ...needs } as const;
  return async function consentGuard(c, next) {
    const { scope } = c.var;
    const token = await verifyRequestToken(c);
    if (!token.ok) return answerRefusal(c, token.refusal);
    const consentHeader = c.req.header('x-consent-id');
    const isRefused =
      isBlocked(scope, token.value.clientId) ||
      isRefusedAnyway({ needs: asked, token: token.value, consentHeader });
    const [client, consent] = await Promise.all([
      admitClient(scope, token.value.clientId, { endedAs: 'invalid_token' }),
      isRefused ? undefined : useConsent(scope, token.value),
    ]);
    setRateHeaders(c, client.ok ? client.value.window : client.refusal.window);
    if (!client.ok) return answerRefusal(c, client.refusal);
    const access = decideAccess({
      needs: asked,
      token,
      client,
      consentHeader,
      consent: consent && { standing: standingOf(consent), permissions: permissionsOf(consent) },
    });
    if (!access.ok) return answerRefusal(c, access.refusal);
    if (consent === undefined) throw new Error('a call was let through without its consent');
    c.set('access', { ...access.value, clientVersion: client.value.version, consent });
    return next();
  };
}
