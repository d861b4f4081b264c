/**
 * Writes down what an operator does, in one chain. D1: one read and one batch, which also makes the change where that is in
 * D1; both again when another operator's row came between. Objects: none.
 */
import { violatedConstraint } from '#bank/constraint.ts';
import { addToChain } from '#edge/chain.flow.ts';
import type { Scope } from '#edge/scope.ts';
import {
  type ActionParts,
  holdsAction,
  insertAction,
  readChainEnd,
} from '#operator/operator-action.store.ts';
import { type Deed, nextAction } from '#operator/operator-action.ts';
import type { Operator } from '#operator/operator-key.ts';

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
  return addToChain(scope, {
    readEnd: () => readChainEnd(scope.database),
    rowAfter: (end) =>
      nextAction(end, {
        at: scope.now,
        actor: operator.name,
        action,
        subject,
        detail: JSON.stringify(detail),
        source: operator.source,
        requestId: scope.requestId,
      }),
    insert: (row) => insertAction(scope.database, row, parts),
    holds: (row) => holdsAction(scope.database, row),
    isTaken: (error) => CHAIN_CONSTRAINTS.has(violatedConstraint(error)),
  });
}
