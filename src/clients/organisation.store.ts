/** How an organisation lies in its row. */
import type { organisationsTable } from '#clients/organisation.table.ts';
import type { Organisation } from '#clients/organisation.ts';

type OrganisationRow = typeof organisationsTable.$inferSelect;

/** The organisation that a row holds. */
export function organisationOf({ tenantId, ...row }: OrganisationRow): Organisation {
  return { ...row, tenantId: tenantId ?? undefined };
}
