/** Reads the audit. D1: one read. Objects: none. Reading the audit is not itself audited. */
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { type ActionQuery, readActions } from '#operator/operator-action.store.ts';
import type { OperatorAction } from '#operator/operator-action.ts';

/** Rows in their order, at most `limit`. */
export function readAudit(scope: Scope, query: ActionQuery): Promise<readonly OperatorAction[]> {
  return retryRead(scope, () => readActions(scope.database, query));
}
