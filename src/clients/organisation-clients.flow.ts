/** Which clients an organisation has, and whose a client is. D1: one read. Objects: none. */
import {
  type OrganisationClient,
  type OwnedRegistration,
  readClientsOfOrganisation,
  readOwnedRegistration,
  readOwners,
} from '#clients/organisation-client.store.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { isUuid } from '#kernel/ids.ts';

export type { OrganisationClient, OwnedRegistration } from '#clients/organisation-client.store.ts';

/** The organisation of each client named, as far as there is such a client: the one it joined, else its statement's. */
export async function ownersOf(
  scope: Scope,
  clientIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (clientIds.length === 0) return new Map();
  return retryRead(scope, () => readOwners(scope.database, clientIds));
}

/** All live clients of an organisation and the newest of those that ended: live ones first, newest first. */
export async function clientsOfOrganisation(
  scope: Scope,
  organisationId: string,
): Promise<readonly OrganisationClient[]> {
  return retryRead(scope, () => readClientsOfOrganisation(scope.database, organisationId));
}

/** A client in whatever status, if it is the organisation's: another's and an unknown one are both undefined. */
export async function findClientOfOrganisation(
  scope: Scope,
  organisationId: string,
  clientId: string,
): Promise<OwnedRegistration | undefined> {
  if (!isUuid(clientId)) return undefined;
  const owned = await retryRead(scope, () => readOwnedRegistration(scope.database, clientId));
  return owned?.organisationId === organisationId ? owned : undefined;
}
