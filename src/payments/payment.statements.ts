/** Statements on payments and their history, for the batch that makes one and those of its steps. */
import { and, eq } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { paymentsTable } from '#payments/payment.table.ts';
import type { Payment, PaymentDocument, PaymentEvent } from '#payments/payment.ts';
import { paymentEventsTable } from '#payments/payment-event.table.ts';

type PaymentKey = Pick<Payment, 'tenantId' | 'paymentId'>;

/** Adds a line to the history; the batch aborts where that line was written before (the key of `payment_events`). */
export function paymentEventStatement(
  database: Database,
  { tenantId, paymentId }: PaymentKey,
  event: PaymentEvent,
) {
  return database.insert(paymentEventsTable).values({ tenantId, paymentId, ...event });
}

/** Inserts a payment with the lines of its history so far. */
export function paymentStatements(database: Database, payment: Payment) {
  const { tenantId, instruction, quote, scheme, events } = payment;
  const document: PaymentDocument = { instruction, quote, scheme };
  return [
    database.insert(paymentsTable).values({
      ...payment,
      tenantId,
      paymentType: instruction.type,
      currency: instruction.instructedAmount.currency,
      document: JSON.stringify(document),
    }),
    ...events.map((event) => paymentEventStatement(database, payment, event)),
  ];
}

/** The end of a pending payment, with its line of the history first: of two writers the second aborts. */
export function paymentEndStatements(database: Database, payment: PaymentKey, event: PaymentEvent) {
  const { tenantId, paymentId } = payment;
  const { status, reason = null, at: statusUpdatedAt } = event;
  return [
    paymentEventStatement(database, payment, event),
    database
      .update(paymentsTable)
      .set({ status, statusReason: reason, statusUpdatedAt })
      .where(
        and(
          eq(paymentsTable.tenantId, tenantId),
          eq(paymentsTable.paymentId, paymentId),
          eq(paymentsTable.status, 'pending'),
        ),
      ),
  ] as const;
}
