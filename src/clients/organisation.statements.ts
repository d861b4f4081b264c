/** Statements on organisations, for batches of other rooms. */
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
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

/** The organisations whose ids a subquery names. */
export function selectOrganisationsStatement(database: Database, ids: SQL) {
  return database.select().from(organisationsTable).where(inArray(organisationsTable.organisationId, ids));
}

/** Gives an organisation another name while the condition holds. Clients keep the name of their software statements. */
export function renameOrganisationStatement(
  database: Database,
  organisationId: string,
  name: string,
  condition: SQL,
) {
  return database
    .update(organisationsTable)
    .set({ name })
    .where(and(eq(organisationsTable.organisationId, organisationId), condition));
}

/** That there is no organisation of this id yet. */
export function isNoOrganisation(organisationId: string): SQL {
  return sql`NOT EXISTS (SELECT 1 FROM organisations WHERE organisation_id = ${organisationId})`;
}

/** Creates an organisation where the condition holds. */
export function newOrganisationStatement(
  database: Database,
  { organisationId, directoryIssuer, orgId, name, createdAt }: Organisation,
  condition: SQL,
) {
  return database
    .insert(organisationsTable)
    .select(
      sql`SELECT ${organisationId}, ${directoryIssuer}, ${orgId}, ${name}, NULL, ${createdAt} WHERE ${condition}`,
    )
    .onConflictDoNothing();
}
