/** Lets through who holds an API key of this environment and of the scope a route needs, within its organisation's window. */
import type { MiddlewareHandler } from 'hono';
import { admitOrganisation } from '#clients/admit-organisation.flow.ts';
import type { ApiKey, KeyScope } from '#clients/api-key.ts';
import { findApiKey } from '#clients/find-api-key.flow.ts';
import type { Organisation } from '#clients/organisation.ts';
import { answerRefusal } from '#edge/answers.ts';
import type { AppEnv } from '#edge/scope.ts';
import { refuseStranger } from '#edge/source-limit.ts';
import { parseBearer } from '#kernel/bearer.ts';
import { refuse } from '#kernel/result.ts';

/** Routes behind `requireApiKey` find their caller in `c.var.organisation` and its key in `c.var.apiKey`. */
export interface ApiKeyEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { organisation: Organisation; apiKey: ApiKey };
}

export interface KeyNeeds {
  /** The scope the key must have; `any`: whatever it has. */
  readonly scope: KeyScope | 'any';
  /** A window the call counts in beside the one of all routes of its kind. */
  readonly window?: 'reset';
}

/**
 * Refuses, in this order, with 401 `invalid_api_key`, 403 `wrong_environment`, 403 `ip_not_allowed`, 429
 * `rate_limit_exceeded`, 403 `insufficient_scope`. The sandbox's routes share one window an organisation, all others another.
 */
export function requireApiKey({ scope: needed, window }: KeyNeeds): MiddlewareHandler<ApiKeyEnv> {
  return async function apiKeyGuard(c, next) {
    const { scope } = c.var;
    const header = c.req.header('authorization');
    const key = parseBearer(header);
    if (key === undefined) {
      const more = header === undefined ? ({ withoutCredentials: true } as const) : {};
      const { refusal } = await refuseStranger(scope, refuse('invalid_api_key', 'no bearer key', more));
      return answerRefusal(c, refusal);
    }
    const found = await findApiKey(scope, key);
    if (!found.ok) return answerRefusal(c, found.refusal);
    const { apiKey, organisation } = found.value;
    const { organisationId } = organisation;
    const general = needed === 'sandbox' ? 'sandbox' : 'developer';
    const admitted = await admitOrganisation(scope, organisationId, general);
    if (!admitted.ok) return answerRefusal(c, admitted.refusal);
    if (needed !== 'any' && !apiKey.scopes.includes(needed)) {
      const message = `This API key does not have the scope "${needed}".`;
      return answerRefusal(
        c,
        refuse('insufficient_scope', 'key lacks the scope', { message, scope: needed }).refusal,
      );
    }
    const within = window === undefined ? admitted : await admitOrganisation(scope, organisationId, window);
    if (!within.ok) return answerRefusal(c, within.refusal);
    c.set('organisation', organisation);
    c.set('apiKey', apiKey);
    return next();
  };
}
