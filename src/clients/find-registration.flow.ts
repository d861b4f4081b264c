/** Finds a client with its software statement, as D1 has them now. D1: one read. Objects: none. */
import { readRegistration } from '#clients/client.store.ts';
import type { Registration } from '#clients/statement.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** In whatever status, or undefined. */
export async function findRegistration(scope: Scope, clientId: string): Promise<Registration | undefined> {
  return retryRead(scope, () => readRegistration(scope.database, clientId));
}
