/**
 * Takes an international payment from its hold to its outcome, each step once however often it is asked for. D1: one read
 * and one batch a step. Objects: none.
 */

import { violatedConstraint } from '#bank/constraint.ts';
import { releaseHoldStatements, transferStatements } from '#bank/transfer.statements.ts';
import type { Statement } from '#edge/database.ts';
import { retryKeyedWrite, retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { paymentEndStatements, paymentEventStatement } from '#payments/payment.statements.ts';
import { selectPayment } from '#payments/payment.store.ts';
import { holdKeyOf, isSent, OUTCOME_SEQUENCE, type Payment, SENT_SEQUENCE } from '#payments/payment.ts';
import { internationalEntries, returnedEntries } from '#payments/payment-entries.ts';
import type { Settlement, SettlementOutcome } from '#payments/settlement.ts';

/** Names what is posted for each step: a step that comes twice meets itself in the key of `journals`. */
const JOURNAL_SUFFIX = { settlement: 'sent', reversal: 'returned' } as const;

/** Keys in which a step that was taken meets itself. */
const STEP_RULES = /^(payment_events|journals)\./;

/** Runs the batch of a step; that the step was taken by another delivery is as good. */
async function takeStep(scope: Scope, batch: readonly [Statement, ...Statement[]]): Promise<void> {
  try {
    await retryKeyedWrite(scope, () => scope.database.batch(batch));
  } catch (error) {
    if (!STEP_RULES.test(violatedConstraint(error) ?? '')) throw error;
  }
}

function entriesOf({ instruction, quote, debtorAccountId, scheme }: Payment) {
  if (instruction.type !== 'international' || quote === undefined) {
    throw new Error('a payment that needs no settlement was to be settled');
  }
  return internationalEntries(instruction, quote, debtorAccountId, scheme);
}

function journalStatements(
  { database, now }: Scope,
  payment: Payment,
  kind: keyof typeof JOURNAL_SUFFIX,
): Statement[] {
  const { tenantId, paymentId } = payment;
  const booked = entriesOf(payment);
  const entries = kind === 'reversal' ? returnedEntries(booked) : booked;
  const journalId = `jrn_${paymentId}_${JOURNAL_SUFFIX[kind]}`;
  return transferStatements(database, { tenantId, journalId, kind, paymentId, now, entries });
}

/** What was held is booked: the money has left the account. */
function noteSent(scope: Scope, payment: Payment): Promise<void> {
  const { database, now: at } = scope;
  return takeStep(scope, [
    paymentEventStatement(database, payment, {
      sequence: SENT_SEQUENCE,
      status: 'pending',
      reason: 'sent',
      at,
    }),
    ...releaseHoldStatements(database, holdKeyOf(payment)),
    ...journalStatements(scope, payment, 'settlement'),
  ]);
}

/** The end of the payment; one that failed is given back by entries of its own. */
function noteOutcome(
  scope: Scope,
  payment: Payment,
  outcome: Exclude<SettlementOutcome, { status: 'pending' }>,
): Promise<void> {
  const { database, now: at } = scope;
  const event = { sequence: OUTCOME_SEQUENCE, ...outcome, at };
  return takeStep(scope, [
    ...paymentEndStatements(database, payment, event),
    ...(outcome.status === 'failed' ? journalStatements(scope, payment, 'reversal') : []),
  ]);
}

/** `later`: ask again. Throws where D1 or the network did not answer; then it is as far as it was. */
export async function settlePayment(
  scope: Scope,
  settlement: Settlement,
  { tenantId, paymentId }: Pick<Payment, 'tenantId' | 'paymentId'>,
): Promise<'over' | 'later'> {
  const payment = await retryRead(scope, () => selectPayment(scope.database, tenantId, paymentId));
  // Its tenant may have been removed.
  if (payment?.status !== 'pending') return 'over';
  const { uetr } = payment;
  if (uetr === undefined) throw new Error('a pending payment without a UETR');
  const order = { ...payment, uetr };
  if (!isSent(payment)) {
    await settlement.send(scope, order);
    await noteSent(scope, payment);
  }
  const outcome = await settlement.outcomeOf(scope, order);
  if (outcome.status === 'pending') return outcome.askAgain ? 'later' : 'over';
  await noteOutcome(scope, payment, outcome);
  return 'over';
}
