/** Commands on the signing keys. D1: one read and one batch for the audit. Objects: the key ring's, two or three calls. */
import { type RingKeyState, readRingKeys, removeRingKey, rotateRing } from '#edge/ring-changes.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse, refuseOpenly } from '#kernel/result.ts';
import type { Operator } from '#operator/operator-key.ts';
import { recordAction } from '#operator/record-action.flow.ts';

export interface KeyCommand {
  readonly does: 'rotate' | 'remove';
  /** Absent: every key the bank signs with (rotating alone). */
  readonly kid?: string | undefined;
  readonly reason: string;
}

/**
 * The keys as they are afterwards. Rotating publishes a successor which signs ten minutes later; removing ends a key at once,
 * within 60 s in every isolate, and with it every token it signed. Refuses with `not_found` and `service_unavailable`.
 */
export async function turnKeys(
  scope: Scope,
  operator: Operator,
  { does, kid, reason }: KeyCommand,
): Promise<Result<readonly RingKeyState[]>> {
  const keys = await readRingKeys(scope);
  if (kid !== undefined && !keys.some((key) => key.kid === kid)) {
    return refuseOpenly('not_found', 'There is no such key.');
  }
  await recordAction(scope, operator, {
    action: `signing_key.${does}`,
    subject: kid ?? 'all',
    detail: { reason },
  });
  const change =
    does === 'remove' && kid !== undefined ? await removeRingKey(scope, kid) : await rotateRing(scope, kid);
  // A call that was repeated for a lost answer finds the key gone: then it was removed.
  if (!change.ok && change.reason !== 'no such key') {
    return refuse('service_unavailable', change.reason, { retryAfterSeconds: 60 });
  }
  return ok(await readRingKeys(scope));
}
