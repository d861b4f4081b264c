/** Statements on organisations, for batches of other rooms. */

import { organisationsTable } from '#clients/organisation.table.ts';
import type { Organisation } from '#clients/organisation.ts';
import type { Database } from '#edge/database.ts';

/** Creates an organisation at its first registration; one that exists stays as it is. */
export function organisationStatement(database: Database, { tenantId, ...organisation }: Organisation) {
  return database
    .insert(organisationsTable)
    .values({ ...organisation, tenantId: tenantId ?? null })
    .onConflictDoNothing();
}
