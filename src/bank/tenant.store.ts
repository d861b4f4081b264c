/** When a tenant was last used, in D1. */
import { and, eq, gt, lt } from 'drizzle-orm';
import { tenantsTable } from '#bank/tenant.table.ts';
import type { Database } from '#edge/database.ts';

/**
 * Notes that a tenant is used now; false when that was noted since `before`, or the tenant is there no more. One that was
 * replaced (last used at 0) stays so: what still reads it must not keep it.
 */
export async function updateLastUse(
  database: Database,
  tenantId: string,
  now: number,
  before: number,
): Promise<boolean> {
  const result = await database
    .update(tenantsTable)
    .set({ lastUsedAt: now })
    .where(
      and(
        eq(tenantsTable.tenantId, tenantId),
        gt(tenantsTable.lastUsedAt, 0),
        lt(tenantsTable.lastUsedAt, before),
      ),
    );
  return result.meta.changes > 0;
}
