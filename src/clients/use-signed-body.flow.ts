/** Uses up a signed registration body. D1: none. Objects: one. */
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newUuid } from '#kernel/ids.ts';

export interface SignedBodyUse {
  /** Of our organisation, as the body's software statement proved it. */
  readonly organisationId: string;
  readonly softwareId: string;
  /** `jti` of the body. */
  readonly bodyId: string;
  /** `exp` of the body, epoch seconds. */
  readonly expiresAt: number;
}

/** Whether this is its first use; `full` where the organisation has too many bodies that are not past. */
export async function useSignedBody(
  scope: Scope,
  { organisationId, softwareId, bodyId, expiresAt }: SignedBodyUse,
): Promise<'first' | 'used' | 'full'> {
  const { ORGANISATIONS } = scope.bindings;
  const digest = await digestOf(JSON.stringify([softwareId, bodyId]));
  const attempt = newUuid();
  const { outcome } = await callObject(scope, () =>
    ORGANISATIONS.get(ORGANISATIONS.idFromName(organisationId)).useOnce({
      digest,
      expiresAt,
      now: scope.now,
      attempt,
    }),
  );
  return outcome;
}
