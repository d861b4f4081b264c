/** Lets through who holds an API key of this environment, within its organisation's window. */
import type { MiddlewareHandler } from 'hono';
import { admitOrganisation } from '#clients/admit-organisation.flow.ts';
import { findKeyOrganisation, refuseKey } from '#clients/find-key-organisation.flow.ts';
import type { Organisation } from '#clients/organisation.ts';
import { answerRefusal } from '#edge/answers.ts';
import type { AppEnv } from '#edge/scope.ts';
import { parseBearer } from '#kernel/bearer.ts';
import { refuse } from '#kernel/result.ts';

/** Routes behind `requireApiKey` find their caller in `c.var.organisation`. */
export interface ApiKeyEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { organisation: Organisation };
}

/**
 * Refuses with 401 `invalid_api_key`, 403 `wrong_environment`, 429 `rate_limit_exceeded`. `window` names the window the
 * call counts in beside the one of all sandbox routes.
 */
export function requireApiKey(window?: 'reset'): MiddlewareHandler<ApiKeyEnv> {
  return async function apiKeyGuard(c, next) {
    const { scope } = c.var;
    const key = parseBearer(c.req.header('authorization'));
    if (key === undefined) {
      const withoutCredentials = c.req.header('authorization') === undefined;
      const refused = refuse(
        'invalid_api_key',
        'no bearer key',
        withoutCredentials ? { withoutCredentials } : {},
      );
      const counted = await refuseKey(scope, refused.refusal);
      return answerRefusal(c, counted.ok ? refused.refusal : counted.refusal);
    }
    const organisation = await findKeyOrganisation(scope, key);
    if (!organisation.ok) return answerRefusal(c, organisation.refusal);
    const { organisationId } = organisation.value;
    const admitted = await admitOrganisation(scope, organisationId, 'sandbox');
    if (!admitted.ok) return answerRefusal(c, admitted.refusal);
    const within = window === undefined ? admitted : await admitOrganisation(scope, organisationId, window);
    if (!within.ok) return answerRefusal(c, within.refusal);
    c.set('organisation', organisation.value);
    return next();
  };
}
