/** Uses up a signed registration body. D1: none. Objects: one. */
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newUuid } from '#kernel/ids.ts';

export interface SignedBodyUse {
  /** Of our organisation, as the body's software statement proved it. */
  readonly organisationId: string;
  readonly softwareId: string;
  /** Whether the keys that signed it are those of the software statement, not ones that came with the body. */
  readonly isCertified: boolean;
  /** `jti` of the body. */
  readonly bodyId: string;
  /** `exp` of the body, epoch seconds. */
  readonly expiresAt: number;
}

/**
 * Whether this is its first use; `full` where the software has too many bodies that are not past. What its own keys signed
 * is counted apart: a statement without keys is all that others need to sign bodies with keys of theirs.
 */
export async function useSignedBody(
  scope: Scope,
  { organisationId, softwareId, isCertified, bodyId, expiresAt }: SignedBodyUse,
): Promise<'first' | 'used' | 'full'> {
  const { ORGANISATIONS } = scope.bindings;
  const [share, digest] = await Promise.all([
    digestOf(JSON.stringify([softwareId, isCertified])),
    digestOf(JSON.stringify([softwareId, bodyId])),
  ]);
  const attempt = newUuid();
  const { outcome } = await callObject(scope, () =>
    ORGANISATIONS.get(ORGANISATIONS.idFromName(organisationId)).useOnce({
      share,
      digest,
      expiresAt,
      now: scope.now,
      attempt,
    }),
  );
  return outcome;
}
