/** Payments: what one is, the states it goes through, and what makes two of them differ. Times are epoch seconds. */
import type { Quote } from '#bank/exchange.ts';
import type { SettlementScheme } from '#bank/transfer.ts';
import type { PaymentInstruction } from '#consents/payment-instruction.ts';

/** `pending`: held, then sent, not settled yet. The other two are final. */
export type PaymentStatus = 'pending' | 'completed' | 'failed';

/** Why a payment failed, in the words of `status_reason`. */
export const FAILURE_REASONS = ['rejected_by_payee_bank', 'payee_bank_timeout'] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** What a line of the history says besides the status; `sent`: a pending payment has left the bank. */
export type EventReason = FailureReason | 'sent';

/** One line of a payment's history; the first has the number 1. */
export interface PaymentEvent {
  readonly sequence: number;
  readonly status: PaymentStatus;
  readonly reason?: EventReason | undefined;
  readonly at: number;
}

/** What of a payment never changes: the instruction, what it costs, and where its money goes. */
export interface PaymentDocument {
  readonly instruction: PaymentInstruction;
  /** International: rate, charges and what is sent, as the customer saw them. */
  readonly quote?: Quote | undefined;
  /** How the money leaves the bank; absent when it stays. */
  readonly scheme?: SettlementScheme | undefined;
}

/** A payment as it stands, without how it came there. */
export interface PaymentStanding extends PaymentDocument {
  readonly tenantId: string;
  readonly paymentId: string;
  readonly consentId: string;
  readonly clientId: string;
  readonly organisationId: string;
  readonly customerId: string;
  readonly debtorAccountId: string;
  /** Amount and charges, in the currency of the account debited. */
  readonly totalDebitMinor: number;
  /** Unique end-to-end transaction reference, a UUID version 4. Source: ISO 20022, SWIFT gpi. */
  readonly uetr?: string | undefined;
  readonly status: PaymentStatus;
  readonly statusReason?: FailureReason | undefined;
  readonly createdAt: number;
  readonly statusUpdatedAt: number;
}

export interface Payment extends PaymentStanding {
  /** In the order of their numbers. */
  readonly events: readonly PaymentEvent[];
}

/** Number of the line that says a payment has left the bank; two deliveries of that step meet in it. */
export const SENT_SEQUENCE = 2;
/** Number of the line that says what became of it. */
export const OUTCOME_SEQUENCE = 3;

export function isSent({ events }: Pick<Payment, 'events'>): boolean {
  return events.some(({ sequence }) => sequence === SENT_SEQUENCE);
}

/** Amount and charges together, as the customer approved them. */
export function totalDebitOf({ instructedAmount }: PaymentInstruction, quote: Quote | undefined): number {
  return quote?.totalDebitMinor ?? instructedAmount.amountMinor;
}

/** Names the hold of a pending payment. */
export function holdKeyOf({ tenantId, debtorAccountId: accountId, paymentId, createdAt: heldAt }: Payment) {
  return { tenantId, accountId, holdId: paymentId.replace(/[^0-9A-Za-z]/g, ''), heldAt };
}

/** What a payment says in each member, by the member's name on the wire. */
function membersOf(payment: PaymentInstruction): Readonly<Record<string, unknown>> {
  const members = Object.entries(payment).flatMap(([name, value]: [string, unknown]) =>
    name === 'creditor'
      ? Object.entries(payment.creditor).map(([part, of]) => [`creditor.${part}`, of])
      : [[name, value]],
  );
  const wireName = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(members.map(([name, value]) => [wireName(String(name)), JSON.stringify(value)]));
}

/** The members in which two payments differ, in the names of the wire. */
export function differingMembers(one: PaymentInstruction, other: PaymentInstruction): readonly string[] {
  const [left, right] = [membersOf(one), membersOf(other)];
  return Object.keys({ ...left, ...right }).filter((member) => left[member] !== right[member]);
}
