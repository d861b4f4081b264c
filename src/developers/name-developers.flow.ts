/** What developers are called, for pages that say who made a thing. D1: one read; none for nobody. Objects: none. */
import { readDeveloperNames } from '#developers/developer-name.store.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** The name of each developer there is, by id. */
export async function namesOfDevelopers(
  scope: Scope,
  developerIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (developerIds.length === 0) return new Map();
  return retryRead(scope, () => readDeveloperNames(scope.database, [...new Set(developerIds)]));
}
