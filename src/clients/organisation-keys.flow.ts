/** The API keys an organisation has, as they are shown. D1: one read. Objects: none. */
import { readApiKeys, readKeyOfOrganisation } from '#clients/api-key.store.ts';
import type { ApiKey } from '#clients/api-key.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** Live keys and the newest that ended; the newest first in each. */
export function keysOfOrganisation(scope: Scope, organisationId: string): Promise<readonly ApiKey[]> {
  return retryRead(scope, () => readApiKeys(scope.database, organisationId, scope.now));
}

/** A key in whatever state, if it is the organisation's: another's and an unknown one are both undefined. */
export function findKeyOfOrganisation(
  scope: Scope,
  organisationId: string,
  keyId: string,
): Promise<ApiKey | undefined> {
  return retryRead(scope, () => readKeyOfOrganisation(scope.database, { organisationId, keyId }));
}
