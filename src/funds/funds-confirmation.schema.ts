/** Confirmations of funds on the wire. Source: interface section 6. */
import * as v from 'valibot';
import {
  checkShownText,
  type Faults,
  instructedAmountSchema,
  parseWireAmount,
  refuseFaults,
  textOf,
} from '#consents/payment-parts.schema.ts';
import type { FundsConfirmation, FundsQuestion } from '#funds/funds-confirmation.ts';
import type { WireFundsConfirmation } from '#funds/funds-confirmation-answer.schema.ts';
import { isCurrency, renderAmount } from '#kernel/money.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import { renderInstant } from '#kernel/time.ts';

/** Source: ISO 20022 Max35Text, as the UK's Open Banking Read/Write API has it. */
const REFERENCE_MAXIMUM = 35;

/** The body of POST /funds-confirmations. */
export const fundsQuestionSchema = v.object({
  reference: v.pipe(
    textOf(REFERENCE_MAXIMUM),
    v.description('Your own name for what you ask about, with a letter or digit; the customer sees it.'),
  ),
  instructed_amount: v.pipe(
    instructedAmountSchema,
    v.description('What the account is to hold at least, in the currency of the account.'),
  ),
});

/**
 * What a body of this shape asks. Refuses with `invalid_request` naming each member, then `unsupported_currency` where
 * no account of the bank could be in that currency.
 */
export function readFundsQuestion({
  reference,
  instructed_amount,
}: v.InferOutput<typeof fundsQuestionSchema>): Result<FundsQuestion> {
  const faults: Faults = [];
  checkShownText(faults, 'reference', reference);
  const amountMinor = parseWireAmount(faults, 'instructed_amount', instructed_amount);
  if (faults.length > 0) return refuseFaults(faults);
  const { currency } = instructed_amount;
  if (!isCurrency(currency)) return refuse('unsupported_currency', 'no account is in this currency');
  if (amountMinor === undefined) throw new Error('an amount without fault and without value');
  return ok({ reference, amount: { amountMinor, currency } });
}

export function renderFundsConfirmation(confirmation: FundsConfirmation): WireFundsConfirmation {
  const { fundsConfirmationId, consentId, fundsAvailable, reference, amount, createdAt } = confirmation;
  return {
    funds_confirmation_id: fundsConfirmationId,
    consent_id: consentId,
    funds_available: fundsAvailable,
    reference,
    instructed_amount: renderAmount(amount),
    created_at: renderInstant(createdAt),
  };
}
