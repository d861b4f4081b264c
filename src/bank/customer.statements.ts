/** Customers in statements of other rooms: the bank's own lock lifted, and whether it stands. */
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { customersTable } from '#bank/customer.table.ts';
import type { Database } from '#edge/database.ts';

export function liftLockStatement(database: Database, tenantId: string, customerId: string) {
  return database
    .update(customersTable)
    .set({ locked: 0 })
    .where(and(eq(customersTable.tenantId, tenantId), eq(customersTable.customerId, customerId)));
}

/** Whether the customer is there and not locked by the bank, as a condition on another room's rows. */
export function customerMayLogIn(tenantId: SQL, customerId: SQL): SQL {
  return sql`EXISTS (SELECT 1 FROM customers WHERE customers.tenant_id = ${tenantId} AND customers.customer_id = ${customerId} AND customers.locked = 0)`;
}
