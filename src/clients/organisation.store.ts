/** Organisations read from D1. */
import { eq } from 'drizzle-orm';
import { organisationsTable } from '#clients/organisation.table.ts';
import type { Organisation } from '#clients/organisation.ts';
import type { Database } from '#edge/database.ts';

type OrganisationRow = typeof organisationsTable.$inferSelect;

export function organisationOf({ tenantId, ...row }: OrganisationRow): Organisation {
  return { ...row, tenantId: tenantId ?? undefined };
}

export async function readOrganisation(
  database: Database,
  organisationId: string,
): Promise<Organisation | undefined> {
  const [row] = await database
    .select()
    .from(organisationsTable)
    .where(eq(organisationsTable.organisationId, organisationId));
  return row === undefined ? undefined : organisationOf(row);
}
