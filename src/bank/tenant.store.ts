/** When a tenant was last used, in D1. */
import { and, eq, lt } from 'drizzle-orm';
import { tenantsTable } from '#bank/tenant.table.ts';
import type { Database } from '#edge/database.ts';

/** Notes that a tenant is used now; false when that was noted since `before`, or the tenant is there no more. */
export async function updateLastUse(
  database: Database,
  tenantId: string,
  now: number,
  before: number,
): Promise<boolean> {
  const result = await database
    .update(tenantsTable)
    .set({ lastUsedAt: now })
    .where(and(eq(tenantsTable.tenantId, tenantId), lt(tenantsTable.lastUsedAt, before)));
  return result.meta.changes > 0;
}
