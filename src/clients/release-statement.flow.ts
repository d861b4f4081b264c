/** Frees a software statement of the client registered by it. D1: one read. Objects: one where there is such a client. */
import { readLiveClientOf } from '#clients/client.store.ts';
import type { Statement } from '#clients/statement.ts';
import { callObject, retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

/**
 * Ends the client's object, unless the client has authenticated itself: then refuses with
 * `invalid_software_statement`. The value is the client whose row is still to be ended, undefined where there was none.
 */
export async function releaseStatement(
  scope: Scope,
  statement: Statement,
): Promise<Result<string | undefined>> {
  const clientId = await retryRead(scope, () => readLiveClientOf(scope.database, statement));
  if (clientId === undefined) return ok(undefined);
  const { CLIENTS } = scope.bindings;
  const { outcome } = await callObject(scope, () =>
    CLIENTS.get(CLIENTS.idFromName(clientId)).replaceUnlessAuthenticated(),
  );
  if (outcome === 'replaced') return ok(clientId);
  return refuse('invalid_software_statement', 'its client has authenticated itself', {
    message: 'The software statement is used: the client registered with it has authenticated itself.',
  });
}
