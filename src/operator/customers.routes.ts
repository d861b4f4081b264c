/** Commands on what customers have: their consents, their payments, their log-in. */
import type { Hono } from 'hono';
import { answerRefusal } from '#edge/answers.ts';
import { readJson } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import { renderConsentFound, renderConsentState, renderPaymentFound } from '#operator/answer.schema.ts';
import { answerResult } from '#operator/answer-result.ts';
import { endConsentForBank } from '#operator/end-consent.flow.ts';
import { findConsentFor, findPaymentFor } from '#operator/find.flow.ts';
import { reasonBodySchema, unlockBodySchema } from '#operator/operator.schema.ts';
import { type OperatorEnv, requireOperator } from '#operator/require-operator.guard.ts';
import { unlockCustomer } from '#operator/unlock-customer.flow.ts';

export function operatorCustomersRoutes(): Hono<OperatorEnv> {
  const routes = makeRoutes<OperatorEnv>();
  routes.get('/operator/v1/consents/:consent_id', requireOperator('read'), async (c) => {
    const { scope, operator } = c.var;
    return answerResult(
      c,
      await findConsentFor(scope, operator, c.req.param('consent_id')),
      renderConsentFound,
    );
  });
  routes.post('/operator/v1/consents/:consent_id/end', requireOperator('write'), async (c) => {
    const body = await readJson(c, reasonBodySchema);
    if (!body.ok) return answerRefusal(c, body.refusal);
    const { scope, operator } = c.var;
    const command = { consentId: c.req.param('consent_id'), ...body.value };
    return answerResult(c, await endConsentForBank(scope, operator, command), renderConsentState);
  });
  routes.get('/operator/v1/payments/:payment_id', requireOperator('read'), async (c) => {
    const { scope, operator } = c.var;
    return answerResult(
      c,
      await findPaymentFor(scope, operator, c.req.param('payment_id')),
      renderPaymentFound,
    );
  });
  routes.post('/operator/v1/customers/unlock', requireOperator('write'), async (c) => {
    const body = await readJson(c, unlockBodySchema);
    if (!body.ok) return answerRefusal(c, body.refusal);
    const { tenant_id: tenantId, lift_lock: liftsLock, username, reason } = body.value;
    const { scope, operator } = c.var;
    const unlocked = await unlockCustomer(scope, operator, { tenantId, username, liftsLock, reason });
    return answerResult(c, unlocked, ({ customerId, locked }) => ({
      tenant_id: tenantId,
      customer_id: customerId,
      locked,
    }));
  });
  return routes;
}
