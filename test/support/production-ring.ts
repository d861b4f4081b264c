/** A key ring of production's own, wrapped: the tests' common one lies unwrapped, which production refuses. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { KeyRing } from '#edge/key-ring.object.ts';
import { PRODUCTION } from './production.ts';

/** For the binding KEY_RING; each call is a new one. */
export function productionRing() {
  const stub = env.KEY_RING.get(env.KEY_RING.newUniqueId());
  const ring = async (nowMs: number) =>
    structuredClone(
      await runInDurableObject(stub, (_ring, state) =>
        new KeyRing(state, { ...env, ...PRODUCTION }).ring(nowMs),
      ),
    );
  return { idFromName: (name: string) => name, get: () => ({ ring }) };
}
