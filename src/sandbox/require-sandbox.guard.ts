/** What belongs to the sandbox does not exist in production. */
import type { MiddlewareHandler } from 'hono';
import { answerRefusal } from '#edge/answers.ts';
import type { AppEnv } from '#edge/scope.ts';
import { refuse } from '#kernel/result.ts';

/** In production answers 404 to whatever comes, as to any path that is not there. */
export function requireSandbox(): MiddlewareHandler<AppEnv> {
  return async function sandboxGuard(c, next) {
    if (c.var.scope.settings.environment === 'sandbox') return next();
    return answerRefusal(c, refuse('not_found', 'sandbox route in production').refusal);
  };
}
