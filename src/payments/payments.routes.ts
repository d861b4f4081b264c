/** Payments: made once under a consent and an idempotency key, and read again. Source: interface section 6. */
import type { Context, Hono } from 'hono';
import { type ConsentEnv, requireConsent } from '#consents/consent.guard.ts';
import { parsePayment } from '#consents/payment-instruction.schema.ts';
import type { PaymentInstruction } from '#consents/payment-instruction.ts';
import { answerJson, answerJsonText, answerRefusal } from '#edge/answers.ts';
import { parseJsonObject, readText } from '#edge/body.ts';
import { deliverClaimed } from '#edge/outbox.flow.ts';
import { makeRoutes } from '#edge/routes.ts';
import { ok, type Result } from '#kernel/result.ts';
import { paymentHandlers } from '#payments/deliver-payment.flow.ts';
import { parseIdempotencyKey } from '#payments/idempotency.ts';
import { makePayment } from '#payments/make-payment.flow.ts';
import { renderPaymentAnswer } from '#payments/payment.schema.ts';
import { readPayment } from '#payments/read-payment.flow.ts';
import type { SettlementOf } from '#payments/settlement.ts';
import { type AccessEnv, requireEitherToken } from '#tokens/access.guard.ts';

const BASE = '/open-banking/v1';

interface ParsedCall {
  readonly key: string;
  readonly instruction: Result<PaymentInstruction>;
}

/**
 * Key and body, in the order 413, 415, 400. A currency the bank does not have is no fault of form: it is refused in its
 * place, behind what key and consent say.
 */
async function parseCall(c: Context<ConsentEnv>): Promise<Result<ParsedCall>> {
  const text = await readText(c, ['application/json']);
  if (!text.ok) return text;
  const key = parseIdempotencyKey(c.req.header('idempotency-key'), c.req.header('x-idempotency-key'));
  if (!key.ok) return key;
  const body = parseJsonObject(text.value);
  if (!body.ok) return body;
  const instruction = parsePayment(body.value);
  if (!instruction.ok && instruction.refusal.code === 'invalid_request') return instruction;
  return ok({ key: key.value, instruction });
}

export function paymentsRoutes(settlementOf: SettlementOf): Hono<AccessEnv> {
  const routes = makeRoutes<AccessEnv>();
  const handlers = paymentHandlers(settlementOf);

  const forPayment = requireConsent({ type: 'payment', scope: 'payments', standingLater: true });
  routes.post(`${BASE}/payments`, forPayment, async (c) => {
    const { scope, access } = c.var;
    // Without a settlement nothing is begun that could not be ended.
    const settlement = settlementOf(scope);
    if (!settlement.ok) return answerRefusal(c, settlement.refusal);
    const call = await parseCall(c);
    if (!call.ok) return answerRefusal(c, call.refusal);
    const { consent } = access;
    const made = await makePayment(scope, { ...call.value, consent, render: renderPaymentAnswer });
    if (!made.ok) return answerRefusal(c, made.refusal);
    const { answer, isReplay, outbox } = made.value;
    if (outbox.length > 0) scope.defer(deliverClaimed(scope, handlers, outbox));
    if (isReplay) c.header('Idempotency-Replayed', 'true');
    return answerJsonText(c, answer, 201);
  });

  // Whatever became of the consent.
  const forReading = requireEitherToken({ type: 'payment', scope: 'payments', clientScope: 'consents' });
  routes.get(`${BASE}/payments/:payment_id`, forReading, async (c) => {
    const { scope, access } = c.var;
    const payment = await readPayment(scope, access.token, c.req.param('payment_id'));
    if (!payment.ok) return answerRefusal(c, payment.refusal);
    return answerJson(c, renderPaymentAnswer(payment.value), 200);
  });

  return routes;
}
