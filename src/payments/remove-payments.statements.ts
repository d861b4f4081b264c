/** Statements that delete a removed tenant's payments, for the batch that removes it. */
import { and, eq } from 'drizzle-orm';
import { isRemoved } from '#bank/open-tenant.statements.ts';
import type { Database } from '#edge/database.ts';
import { paymentsTable } from '#payments/payment.table.ts';
import { paymentEventsTable } from '#payments/payment-event.table.ts';

/** Deletes the tenant's payments and their history, once the tenant itself is gone; else nothing. */
export function removePaymentsStatements(database: Database, tenantId: string) {
  return [paymentEventsTable, paymentsTable].map((table) =>
    database.delete(table).where(and(eq(table.tenantId, tenantId), isRemoved(tenantId))),
  );
}
