/** The statement that deletes a removed tenant's funds confirmations, for the batch that removes it. */
import { and, eq } from 'drizzle-orm';
import { isRemoved } from '#bank/open-tenant.statements.ts';
import type { Database } from '#edge/database.ts';
import { fundsConfirmationsTable } from '#funds/funds-confirmation.table.ts';

/** Deletes the tenant's funds confirmations, once the tenant itself is gone; else nothing. */
export function removeFundsConfirmationsStatement(database: Database, tenantId: string) {
  const ofTenant = eq(fundsConfirmationsTable.tenantId, tenantId);
  return database.delete(fundsConfirmationsTable).where(and(ofTenant, isRemoved(tenantId)));
}
