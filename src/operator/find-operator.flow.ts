/** Finds the operator whose key a command brings. D1: one read; none for what is no key. Objects: none. */
import { boundedCache, defineIsolateSlot } from '#edge/isolate.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { limitSource, refuseStranger } from '#edge/source-limit.ts';
import { digestOf } from '#kernel/encoding.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import { readOperatorKey } from '#operator/operator-key.store.ts';
import { isOperatorKey, LOCAL_OPERATOR_KEY, type Operator } from '#operator/operator-key.ts';

/** Keys an isolate has seen to be good, by digest: they are no strangers, so their source is not limited. */
const PROVEN_MAXIMUM = 200;
const provenKeys = defineIsolateSlot(() => boundedCache<true>(PROVEN_MAXIMUM));

/**
 * Refuses with `invalid_api_key`, or `rate_limit_exceeded` (a source that keeps trying keys). Each call reads D1, so that a
 * revoked key ends at once.
 */
export async function findOperator(scope: Scope, key: string): Promise<Result<Operator>> {
  if (!(await isOperatorKey(key))) {
    return refuseStranger(scope, refuse('invalid_api_key', 'no operator key'));
  }
  if (key === LOCAL_OPERATOR_KEY && !scope.isLocal) {
    return refuseStranger(scope, refuse('invalid_api_key', 'local key elsewhere'));
  }
  const digest = await digestOf(key);
  const proven = provenKeys.of(scope.isolate);
  if (proven.get(digest) === undefined) {
    const within = await limitSource(scope);
    if (!within.ok) return within;
  }
  const known = await retryRead(scope, () => readOperatorKey(scope.database, digest));
  if (known === undefined) return refuse('invalid_api_key', 'unknown operator key');
  if (Math.min(known.revokedAt ?? Infinity, known.expiresAt ?? Infinity) <= scope.now) {
    proven.delete(digest);
    return refuse('invalid_api_key', 'operator key revoked or expired');
  }
  proven.set(digest, true);
  return ok({ name: known.name, scope: known.scope, source: scope.sourceAddress });
}
