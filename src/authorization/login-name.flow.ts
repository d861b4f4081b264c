/** The digest that a submitted name is counted under. D1: none. Objects: none. */
import { oneTimeCodeDigest } from '#edge/secrets.ts';
import type { KeySet } from '#edge/signing-keys.ts';

/** Keyed, as people type passwords into name fields. `name` is normalised. */
export function digestOfName(keys: Pick<KeySet, 'secrets'>, tenantId: string, name: string): Promise<string> {
  return oneTimeCodeDigest(keys, ['login-name', tenantId, name]);
}
