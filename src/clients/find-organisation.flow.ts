/** Finds an organisation by our id of it. D1: one read. Objects: none. */

import { readOrganisation } from '#clients/organisation.store.ts';
import type { Organisation } from '#clients/organisation.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** The organisation as D1 has it now, or undefined. */
export async function findOrganisation(
  scope: Scope,
  organisationId: string,
): Promise<Organisation | undefined> {
  return retryRead(scope, () => readOrganisation(scope.database, organisationId));
}
