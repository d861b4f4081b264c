/** Statements on organisations, for batches of other rooms. */
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { organisationsTable } from '#clients/organisation.table.ts';
import type { Organisation } from '#clients/organisation.ts';
import type { Database } from '#edge/database.ts';
import { insertWhere } from '#edge/insert-where.statements.ts';

/** Creates an organisation where the condition holds; one that exists stays as it is. */
export function organisationStatement(
  database: Database,
  organisation: Organisation,
  condition: SQL = sql`1`,
) {
  return insertWhere(database, organisationsTable, organisation, condition).onConflictDoNothing();
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
