/** A statement that lifts the bank's own lock from a customer, for the batch that also audits it. */
import { and, eq } from 'drizzle-orm';
import { customersTable } from '#bank/customer.table.ts';
import type { Database } from '#edge/database.ts';

export function liftLockStatement(database: Database, tenantId: string, customerId: string) {
  return database
    .update(customersTable)
    .set({ locked: 0 })
    .where(and(eq(customersTable.tenantId, tenantId), eq(customersTable.customerId, customerId)));
}
