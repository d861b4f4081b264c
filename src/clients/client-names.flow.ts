/** The names by which customers know clients, many at once. D1: one read. Objects: none. */

import { readClientNames } from '#clients/client.store.ts';
import type { ClientNames } from '#clients/client.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** By client id; unknown ones are left out. */
export async function namesOfClients(
  scope: Scope,
  clientIds: readonly string[],
): Promise<ReadonlyMap<string, ClientNames>> {
  if (clientIds.length === 0) return new Map();
  const rows = await retryRead(scope, () => readClientNames(scope.database, [...new Set(clientIds)]));
  return new Map(
    rows.map(({ clientId, status, ...names }) => [clientId, { ...names, isEnded: status === 'ended' }]),
  );
}
