/** Statements on which tenant an organisation's sandbox customers live in, for the batches that make and remove tenants. */
import { eq, type SQL, sql } from 'drizzle-orm';
import { organisationsTable } from '#clients/organisation.table.ts';
import type { Database } from '#edge/database.ts';

export interface TenantChange {
  readonly organisationId: string;
  /** The tenant it has now; undefined for none. Of two changes from the same state the first counts, the other does nothing. */
  readonly from: string | undefined;
  readonly to: string;
}

/** Gives an organisation another tenant, or with null none, if it still has the one named and the condition holds. */
export function changeTenantStatement(
  database: Database,
  { organisationId, from, to }: Omit<TenantChange, 'to'> & { readonly to: string | null },
  condition: SQL = sql`1`,
) {
  return database
    .update(organisationsTable)
    .set({ tenantId: to })
    .where(sql`organisation_id = ${organisationId} AND tenant_id IS ${from ?? null} AND ${condition}`);
}

/** The organisation's tenant. */
export function selectTenantIdStatement(database: Database, organisationId: string) {
  return database
    .select({ tenantId: organisationsTable.tenantId })
    .from(organisationsTable)
    .where(eq(organisationsTable.organisationId, organisationId));
}

/** The organisation's tenant (its id, or a column that holds it) as an expression, for statements of other rooms: null where it has none. */
export function tenantOfOrganisation(organisationId: string | SQL): SQL<string | null> {
  return sql`(SELECT tenant_id FROM organisations WHERE organisation_id = ${organisationId})`;
}
