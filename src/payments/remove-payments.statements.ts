/** Statements that delete a removed tenant's payments and their keys, for the batch that removes it. */
import { and, eq, inArray } from 'drizzle-orm';
import { isRemoved } from '#bank/open-tenant.statements.ts';
import type { Database } from '#edge/database.ts';
import { idempotencyKeysTable } from '#payments/idempotency.table.ts';
import { paymentsTable } from '#payments/payment.table.ts';
import { paymentEventsTable } from '#payments/payment-event.table.ts';

/**
 * Deletes the tenant's payments, their history and the keys that stand for them, once the tenant itself is gone; else nothing.
 * A key that were left would go on answering with a payment that nobody can read.
 */
export function removePaymentsStatements(database: Database, tenantId: string) {
  const { clientId, paymentId } = paymentsTable;
  const ofTenant = eq(paymentsTable.tenantId, tenantId);
  // By client too: that is what the keys' index begins with.
  const isOfPayment = and(
    inArray(idempotencyKeysTable.clientId, database.select({ clientId }).from(paymentsTable).where(ofTenant)),
    inArray(
      idempotencyKeysTable.paymentId,
      database.select({ paymentId }).from(paymentsTable).where(ofTenant),
    ),
  );
  return [
    database.delete(idempotencyKeysTable).where(and(isOfPayment, isRemoved(tenantId))),
    ...[paymentEventsTable, paymentsTable].map((table) =>
      database.delete(table).where(and(eq(table.tenantId, tenantId), isRemoved(tenantId))),
    ),
  ];
}
