/** Sets an operator's own limit for a client. D1: two reads, one batch. Objects: one. */
import { readStanding, setClientLimit } from '#clients/client-standing.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';
import { findLiveClient } from '#operator/change-client.flow.ts';
import type { ClientFound } from '#operator/find.flow.ts';
import type { Operator } from '#operator/operator-key.ts';
import { recordAction } from '#operator/record-action.flow.ts';

export interface LimitChange {
  readonly clientId: string;
  /** Requests a minute; null for the environment's. */
  readonly limit: number | null;
  readonly reason: string;
}

/** Counts from the client's next window on, in at most 60 s. Refuses with `not_found` and `conflict` (ended). */
export async function limitClient(
  scope: Scope,
  operator: Operator,
  { clientId, limit, reason }: LimitChange,
): Promise<Result<ClientFound>> {
  const found = await findLiveClient(scope, clientId);
  if (!found.ok) return found;
  await recordAction(scope, operator, {
    action: 'client.limit',
    subject: clientId,
    detail: { reason, requests_per_minute: limit },
  });
  if (!(await setClientLimit(scope, clientId, limit))) {
    return refuseOpenly('conflict', 'The client has lapsed.');
  }
  return ok({ client: found.value, standing: await readStanding(scope, clientId) });
}
