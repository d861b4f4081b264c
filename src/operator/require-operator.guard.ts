/** Lets through who holds an operator's key of the scope that a command needs. */
import type { MiddlewareHandler } from 'hono';
import { answerRefusal } from '#edge/answers.ts';
import type { AppEnv } from '#edge/scope.ts';
import { refuseStranger } from '#edge/source-limit.ts';
import { parseBearer } from '#kernel/bearer.ts';
import { refuse, refuseOpenly } from '#kernel/result.ts';
import { findOperator } from '#operator/find-operator.flow.ts';
import type { Operator, OperatorScope } from '#operator/operator-key.ts';

/** Routes behind `requireOperator` find who gives the command in `c.var.operator`. */
export interface OperatorEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { operator: Operator };
}

/** Refuses with 401 `invalid_api_key`, 403 `insufficient_scope` (a key that may only read), 429 `rate_limit_exceeded`. */
export function requireOperator(scopeNeeded: OperatorScope): MiddlewareHandler<OperatorEnv> {
  return async function operatorGuard(c, next) {
    const { scope } = c.var;
    const header = c.req.header('authorization');
    const key = parseBearer(header);
    if (key === undefined) {
      const more = header === undefined ? ({ withoutCredentials: true } as const) : {};
      const { refusal } = await refuseStranger(scope, refuse('invalid_api_key', 'no bearer key', more));
      return answerRefusal(c, refusal);
    }
    const operator = await findOperator(scope, key);
    if (!operator.ok) return answerRefusal(c, operator.refusal);
    if (scopeNeeded === 'write' && operator.value.scope !== 'write') {
      return answerRefusal(
        c,
        refuseOpenly('insufficient_scope', 'This operator key may only read.', { scope: 'write' }).refusal,
      );
    }
    c.set('operator', operator.value);
    return next();
  };
}
