/**
 * Tells the log, which is kept elsewhere, where the operators' audit ends, so that whoever cuts rows off it is found out.
 * D1: one read. Objects: none.
 */
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { readChainEnd } from '#operator/operator-action.store.ts';
import { OPERATORS_LOG } from '#operator/operator-action.ts';

/** One line `audit_heads`; none while the audit is empty. */
export async function logAuditEnd(scope: Scope): Promise<void> {
  const { sequence, hash } = await retryRead(scope, () => readChainEnd(scope.database));
  if (sequence === 0) return;
  scope.log('info', {
    event: 'audit_heads',
    request_id: scope.requestId,
    heads: [`${OPERATORS_LOG}:${sequence}:${hash}`],
  });
}
