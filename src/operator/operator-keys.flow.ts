/** Makes, lists and revokes operators' keys. D1: one read and one batch; the list: one read. Objects: none. */
import { violatedConstraint } from '#bank/constraint.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';
import { hasKeyInForce, insertKeyStatement, revokeKeyStatement } from '#operator/operator-key.statements.ts';
import { readOperatorKeys } from '#operator/operator-key.store.ts';
import {
  type KeptOperatorKey,
  keptOf,
  newOperatorKey,
  type Operator,
  type OperatorScope,
} from '#operator/operator-key.ts';
import { recordAction } from '#operator/record-action.flow.ts';

export interface KeyWanted {
  readonly name: string;
  readonly scope: OperatorScope;
  /** Epoch seconds. */
  readonly expiresAt: number | undefined;
  readonly reason: string;
}

/** The new key, told this once. Refuses with `conflict` where the name has one in force. */
export async function createOperatorKey(
  scope: Scope,
  operator: Operator,
  { reason, ...wanted }: KeyWanted,
): Promise<Result<{ readonly key: string; readonly kept: KeptOperatorKey }>> {
  const key = await newOperatorKey();
  const kept = await keptOf(key, { ...wanted, createdBy: operator.name, now: scope.now });
  const detail = { reason, key_id: kept.keyId, scope: kept.scope, expires_at: kept.expiresAt };
  try {
    await recordAction(
      scope,
      operator,
      { action: 'operator_key.create', subject: kept.name, detail },
      { changes: [insertKeyStatement(scope.database, kept)] },
    );
  } catch (error) {
    if (violatedConstraint(error) !== 'operator_keys.name') throw error;
    return refuseOpenly('conflict', 'This name has a key in force: revoke it first, or take another name.');
  }
  return ok({ key, kept });
}

/** Ends the key in force of a name at the next call. Refuses with `not_found`, and `conflict` for the operator's own. */
export async function revokeOperatorKey(
  scope: Scope,
  operator: Operator,
  { name, reason }: { readonly name: string; readonly reason: string },
): Promise<Result<readonly KeptOperatorKey[]>> {
  if (name === operator.name) {
    return refuseOpenly('conflict', 'Another operator has to revoke your key.');
  }
  const revoked = await recordAction(
    scope,
    operator,
    { action: 'operator_key.revoke', subject: name, detail: { reason } },
    { condition: hasKeyInForce(name), changes: [revokeKeyStatement(scope.database, name, scope.now)] },
  );
  return revoked
    ? ok(await listOperatorKeys(scope))
    : refuseOpenly('not_found', 'No key of that name is in force.');
}

export function listOperatorKeys(scope: Scope): Promise<readonly KeptOperatorKey[]> {
  return retryRead(scope, () => readOperatorKeys(scope.database));
}
