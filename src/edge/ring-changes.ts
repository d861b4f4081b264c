/** What operators do to the signing keys: see them, have them replaced, remove one. Objects: one call each. D1: none. */
import { activeKey, isRetired, type KeyUse, type RingChange } from '#edge/key-ring.ts';
import { callObject, outage } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** A key as operators see it: nothing of it is secret. */
export interface RingKeyState {
  readonly kid: string;
  readonly use: KeyUse;
  /** `next` is published and does not sign yet; `retired` is published and signs no more. */
  readonly state: 'next' | 'active' | 'retired';
  readonly createdAtMs: number;
  readonly activeFromMs: number;
  readonly retiredAtMs: number | undefined;
}

function ringOf({ bindings }: Scope) {
  return bindings.KEY_RING.get(bindings.KEY_RING.idFromName('ring'));
}

/** The published keys, as the object has them. Throws an outage where it is misconfigured. */
export async function readRingKeys(scope: Scope): Promise<readonly RingKeyState[]> {
  const answer = await callObject(scope, () => ringOf(scope).ring(scope.nowMs));
  if (!answer.ok) throw outage(answer.reason);
  const { keys } = answer.ring;
  return keys.map((key) => ({
    kid: key.kid,
    use: key.use,
    state: isRetired(key, scope.nowMs)
      ? 'retired'
      : activeKey(keys, key.use, scope.nowMs)?.kid === key.kid
        ? 'active'
        : 'next',
    createdAtMs: key.createdAtMs,
    activeFromMs: key.activeFromMs,
    retiredAtMs: key.retiredAtMs,
  }));
}

/** Publishes next keys: see `KeyRing.rotate`. */
export async function rotateRing(scope: Scope, kid: string | undefined): Promise<RingChange> {
  return await callObject<Promise<RingChange>>(scope, () => ringOf(scope).rotate(scope.nowMs, kid));
}

/** Removes a key at once: see `KeyRing.compromised`. A repeated call finds it gone. */
export async function removeRingKey(scope: Scope, kid: string): Promise<RingChange> {
  return await callObject<Promise<RingChange>>(scope, () => ringOf(scope).compromised(scope.nowMs, kid));
}
