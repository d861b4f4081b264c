/** Organisations in D1: how one lies in its row, and the making of one outside a registration. */
import { eq } from 'drizzle-orm';
import { organisationStatement } from '#clients/organisation.statements.ts';
import { organisationsTable } from '#clients/organisation.table.ts';
import type { Organisation } from '#clients/organisation.ts';
import type { Database } from '#edge/database.ts';

type OrganisationRow = typeof organisationsTable.$inferSelect;

/** The organisation that a row holds. */
export function organisationOf({ tenantId, ...row }: OrganisationRow): Organisation {
  return { ...row, tenantId: tenantId ?? undefined };
}

/** Makes an organisation if it is not there yet, and reads it as it is. */
export async function insertedOrganisation(
  database: Database,
  organisation: Organisation,
): Promise<Organisation> {
  const [, [row]] = await database.batch([
    organisationStatement(database, organisation),
    database
      .select()
      .from(organisationsTable)
      .where(eq(organisationsTable.organisationId, organisation.organisationId)),
  ]);
  return row === undefined ? organisation : organisationOf(row);
}
