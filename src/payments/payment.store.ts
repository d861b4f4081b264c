/** Reads of payments in D1. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { paymentsTable } from '#payments/payment.table.ts';
import type {
  EventReason,
  FailureReason,
  Payment,
  PaymentDocument,
  PaymentEvent,
  PaymentStanding,
  PaymentStatus,
} from '#payments/payment.ts';
import { paymentEventsTable } from '#payments/payment-event.table.ts';

interface FoundRow {
  readonly payment: typeof paymentsTable.$inferSelect;
  readonly event: typeof paymentEventsTable.$inferSelect;
}

function toEvent({ sequence, status, reason, at }: FoundRow['event']): PaymentEvent {
  return {
    sequence,
    status: status as PaymentStatus,
    ...(reason === null ? {} : { reason: reason as EventReason }),
    at,
  };
}

function toStanding({
  document,
  status,
  statusReason,
  uetr,
  paymentType: _type,
  currency: _currency,
  ...row
}: FoundRow['payment']): PaymentStanding {
  return {
    ...row,
    ...(JSON.parse(document) as PaymentDocument),
    status: status as PaymentStatus,
    ...(statusReason === null ? {} : { statusReason: statusReason as FailureReason }),
    ...(uetr === null ? {} : { uetr }),
  };
}

/** One row a line of the history, in their order; no payment is without its first. */
function toPayment(rows: readonly FoundRow[]): Payment | undefined {
  const [found] = rows;
  if (found === undefined) return undefined;
  return { ...toStanding(found.payment), events: rows.map(({ event }) => toEvent(event)) };
}

function selectWithEvents(database: Database) {
  return database
    .select({ payment: paymentsTable, event: paymentEventsTable })
    .from(paymentsTable)
    .innerJoin(
      paymentEventsTable,
      and(
        eq(paymentEventsTable.tenantId, paymentsTable.tenantId),
        eq(paymentEventsTable.paymentId, paymentsTable.paymentId),
      ),
    );
}

/** A payment of the tenant. */
export async function selectPayment(
  database: Database,
  tenantId: string,
  paymentId: string,
): Promise<Payment | undefined> {
  const isIt = and(eq(paymentsTable.tenantId, tenantId), eq(paymentsTable.paymentId, paymentId));
  return toPayment(await selectWithEvents(database).where(isIt).orderBy(paymentEventsTable.sequence));
}

/** A payment a client made, whichever its tenant: ids of payments are unique among all tenants. */
export async function selectPaymentOfClient(
  database: Database,
  clientId: string,
  paymentId: string,
): Promise<Payment | undefined> {
  const isIt = and(eq(paymentsTable.paymentId, paymentId), eq(paymentsTable.clientId, clientId));
  return toPayment(await selectWithEvents(database).where(isIt).orderBy(paymentEventsTable.sequence));
}

/** A payment whosever it is, for the bank's own staff: ids of payments are unique among all tenants. */
export async function selectPaymentOfAnyone(
  database: Database,
  paymentId: string,
): Promise<Payment | undefined> {
  const isIt = eq(paymentsTable.paymentId, paymentId);
  return toPayment(await selectWithEvents(database).where(isIt).orderBy(paymentEventsTable.sequence));
}

/** The payments made under these consents of the tenant, at most one each. */
export async function selectPaymentsOfConsents(
  database: Database,
  tenantId: string,
  consentIds: readonly string[],
): Promise<readonly PaymentStanding[]> {
  const rows = await database
    .select()
    .from(paymentsTable)
    .where(
      and(
        eq(paymentsTable.tenantId, tenantId),
        inArray(paymentsTable.consentId, sql`(SELECT value FROM json_each(${JSON.stringify(consentIds)}))`),
      ),
    );
  return rows.map(toStanding);
}
