/** Calls a client's object. D1: none. Objects: one. */

import type { ClientObject } from '#clients/client.object.ts';
import type { Client } from '#clients/client.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** As `callObject`. Only for a client that proved itself or has a row: asking for an invented one would make an object. */
export function callClient<P extends Promise<unknown>>(
  scope: Scope,
  clientId: string,
  call: (client: DurableObjectStub<ClientObject>) => P,
): Promise<Awaited<P>> {
  const { CLIENTS } = scope.bindings;
  return callObject(scope, () => call(CLIENTS.get(CLIENTS.idFromName(clientId))));
}

/**
 * Tells a client's object of a change of its record, after the batch that wrote it. Repeating it does no harm and older
 * news is ignored, so the outbox may deliver it again. From its return on the change counts at every isolate's next
 * request.
 */
export async function tellClientObject(
  scope: Scope,
  { clientId, version, status, scopes }: Pick<Client, 'clientId' | 'version' | 'status' | 'scopes'>,
): Promise<void> {
  await callClient(scope, clientId, (client) => client.tell({ version, status, scopes }));
}
