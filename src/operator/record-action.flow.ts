/**
 * Writes down what an operator does, in one chain. D1: one read and one batch, which also makes the change where that is in
 * D1; both again when another operator's row came between. Objects: none.
 */
import { violatedConstraint } from '#bank/constraint.ts';
import { outage, retryKeyedWrite, retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { type ActionParts, insertAction, readChainEnd } from '#operator/operator-action.store.ts';
import { type Deed, nextAction } from '#operator/operator-action.ts';
import type { Operator } from '#operator/operator-key.ts';

/** How often a row is tied to the end of the chain anew: a bank's operators are few. */
const ATTEMPTS = 5;
const CHAIN_CONSTRAINTS: ReadonlySet<string | undefined> = new Set([
  'operator_actions.sequence',
  'audit_chain',
]);

/**
 * Writes the row and makes the changes; false, and nothing is written, where the condition does not hold. For a change that
 * is not in D1 call it first: no command goes unrecorded.
 */
export async function recordAction(
  scope: Scope,
  operator: Operator,
  { action, subject, detail }: Deed,
  parts: ActionParts = {},
): Promise<boolean> {
  let written: string | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const end = await retryRead(scope, () => readChainEnd(scope.database));
    // A write whose answer was lost has happened after all.
    if (written !== undefined && end.hash === written) return true;
    const row = await nextAction(end, {
      at: scope.now,
      actor: operator.name,
      action,
      subject,
      detail: JSON.stringify(detail),
      source: operator.source,
      requestId: scope.requestId,
    });
    try {
      return await retryKeyedWrite(scope, () => insertAction(scope.database, row, parts));
    } catch (error) {
      if (!CHAIN_CONSTRAINTS.has(violatedConstraint(error))) throw error;
      written = row.hash;
    }
  }
  throw outage('too many operators at once');
}
