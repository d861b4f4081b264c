/** Sandbox tenants in D1: which one an organisation has, its making in one batch, its removal in another. */
import { and, asc, eq, lt, sql } from 'drizzle-orm';
import { fillTenantStatements, removeTenantStatements } from '#bank/open-tenant.statements.ts';
import { tenantsTable } from '#bank/tenant.table.ts';
import type { TenantContent } from '#bank/tenant-content.ts';
import {
  changeTenantStatement,
  selectTenantIdStatement,
  type TenantChange,
  tenantOfOrganisation,
} from '#clients/organisation-tenant.statements.ts';
import type { Database, Statement } from '#edge/database.ts';
import { removeFundsConfirmationsStatement } from '#funds/remove-funds-confirmations.statements.ts';
import { removePaymentsStatements } from '#payments/remove-payments.statements.ts';

export interface TenantUse {
  readonly tenantId: string;
  /** Epoch seconds, to a day. */
  readonly lastUsedAt: number;
}

/** The organisation's tenant, and when it was last used. */
export async function selectTenantUse(
  database: Database,
  organisationId: string,
): Promise<TenantUse | undefined> {
  const rows = await database
    .select({ tenantId: tenantsTable.tenantId, lastUsedAt: tenantsTable.lastUsedAt })
    .from(tenantsTable)
    .where(eq(tenantsTable.tenantId, tenantOfOrganisation(organisationId)));
  return rows[0];
}

/**
 * Makes a tenant with its whole content in one batch and gives it to the organisation, unless another was given first:
 * then nothing is written. Returns the tenant the organisation has afterwards; undefined for an unknown organisation. A
 * tenant replaced counts as unused from now on. `besides` are written in any case.
 */
export async function insertTenant(
  database: Database,
  change: TenantChange,
  content: TenantContent,
  now: number,
  besides: readonly Statement[] = [],
): Promise<string | undefined> {
  const { organisationId, from, to } = change;
  const given = sql`${tenantOfOrganisation(organisationId)} = ${to}`;
  const results = await database.batch([
    changeTenantStatement(database, change),
    database.insert(tenantsTable).select(sql`SELECT ${to}, ${organisationId}, ${now}, ${now} WHERE ${given}`),
    database
      .update(tenantsTable)
      .set({ lastUsedAt: 0 })
      .where(and(eq(tenantsTable.tenantId, from ?? ''), given)),
    selectTenantIdStatement(database, organisationId),
    ...fillTenantStatements(database, to, content),
    ...besides,
  ]);
  return results[3][0]?.tenantId ?? undefined;
}

/** Tenants last used before an instant, longest unused first. */
export async function selectUnusedTenants(
  database: Database,
  unusedSince: number,
  maximum: number,
): Promise<{ tenantId: string; organisationId: string }[]> {
  return await database
    .select({ tenantId: tenantsTable.tenantId, organisationId: tenantsTable.organisationId })
    .from(tenantsTable)
    .where(lt(tenantsTable.lastUsedAt, unusedSince))
    .orderBy(asc(tenantsTable.lastUsedAt))
    .limit(maximum);
}

/** Removes a tenant with all it holds, unless it was used after all. */
export async function deleteTenant(
  database: Database,
  { tenantId, organisationId }: { tenantId: string; organisationId: string },
  unusedSince: number,
): Promise<void> {
  const unused = sql`EXISTS (SELECT 1 FROM ${tenantsTable} WHERE tenant_id = ${tenantId} AND last_used_at < ${unusedSince})`;
  await database.batch([
    changeTenantStatement(database, { organisationId, from: tenantId, to: null }, unused),
    ...removeTenantStatements(database, tenantId, unusedSince),
    ...removePaymentsStatements(database, tenantId),
    removeFundsConfirmationsStatement(database, tenantId),
  ]);
}
