/** Confirmation of funds under an authorized consent. Source: interface section 6. */
import type { Hono } from 'hono';
import { type ConsentEnv, requireConsent } from '#consents/consent.guard.ts';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { readJson } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import { confirmFunds } from '#funds/confirm-funds.flow.ts';
import {
  fundsQuestionSchema,
  readFundsQuestion,
  renderFundsConfirmation,
} from '#funds/funds-confirmation.schema.ts';

const forFunds = requireConsent({ type: 'funds-confirmation', scope: 'fundsconfirmations' });

export function fundsConfirmationsRoutes(): Hono<ConsentEnv> {
  const routes = makeRoutes<ConsentEnv>();

  routes.post('/open-banking/v1/funds-confirmations', forFunds, async (c) => {
    const body = await readJson(c, fundsQuestionSchema);
    const question = body.ok ? readFundsQuestion(body.value) : body;
    if (!question.ok) return answerRefusal(c, question.refusal);
    const { scope, access } = c.var;
    const confirmation = await confirmFunds(scope, access.consent, question.value);
    if (!confirmation.ok) return answerRefusal(c, confirmation.refusal);
    return answerJson(c, renderFundsConfirmation(confirmation.value), 201);
  });

  return routes;
}
