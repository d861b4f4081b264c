/** Makes room for a new client of a software statement. D1: one batch. Objects: one where the statement has a client. */
import { callClient } from '#clients/call-client.flow.ts';
import { readLiveClients } from '#clients/client.store.ts';
import type { Client, LiveClientCap } from '#clients/client.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse, refuseOpenly } from '#kernel/result.ts';

/**
 * Ends the object of the statement's live client, unless that client has authenticated itself or is suspended: then refuses
 * with `invalid_software_statement`. The object decides first, as it alone knows; it sees to the row itself should the
 * caller not come to it. Refuses with `invalid_client_metadata` where there are too many live clients. The value
 * is the client whose row is still to be ended, undefined where there is none.
 */
export async function makeRoom(
  scope: Scope,
  client: Client,
  { of, maximum }: LiveClientCap,
): Promise<Result<string | undefined>> {
  const live = await retryRead(scope, () => readLiveClients(scope.database, client, of));
  const { ofStatement } = live;
  // The twin of this very registration: there is nothing to replace.
  if (ofStatement === client.clientId) return ok(undefined);
  // Who replaces a client takes its place.
  if (ofStatement === undefined) return live.count < maximum ? ok(undefined) : refuseOneMore();
  const { outcome } = await callClient(scope, ofStatement, (twin) => twin.replaceUnlessAuthenticated());
  if (outcome === 'replaced') return ok(ofStatement);
  // One message for both: who merely holds the statement need not learn of a suspension.
  return refuse('invalid_software_statement', `client cannot be replaced: ${outcome}`, {
    message: 'The software statement is used: the client registered with it cannot be replaced.',
  });
}

/** The refusal of a client for which there is no room. */
export function refuseOneMore(): Result<never> {
  return refuseOpenly(
    'invalid_client_metadata',
    'There are too many live clients of this software or organisation; delete one first.',
  );
}
