/** A payment as a TPP asks for it, in canonical form: what is asked is what is authorized is what is paid. */
import type { ChargeBearer } from '#bank/exchange.ts';
import type { AccountIdentifier, AccountScheme } from '#bank/iban.ts';
import type { Money, TransferCurrency } from '#kernel/money.ts';

export const PAYMENT_TYPES = ['domestic', 'international'] as const;
export type PaymentType = (typeof PAYMENT_TYPES)[number];

/** Where the payee lives, as lines of an envelope. */
export interface PostalAddress {
  readonly lines: readonly string[];
  /** ISO 3166-1, two upper-case letters. */
  readonly country: string;
}

/** Who is paid. */
export interface Creditor {
  readonly name: string;
  readonly account: AccountIdentifier;
  /** The payee's bank; always there for a bare account number. */
  readonly agentBic?: string;
  readonly address?: PostalAddress;
}

/** An account of this bank as a TPP names it: a bare number would be another bank's. */
export interface DebtorAccount extends AccountIdentifier {
  readonly scheme: Exclude<AccountScheme, 'AccountNumber'>;
}

interface AnyPayment {
  /** In the currency of the account to be debited; domestic: GBP. */
  readonly instructedAmount: Money;
  readonly creditor: Creditor;
  /** Absent: the customer chooses. */
  readonly debtorAccount?: DebtorAccount;
  readonly reference?: string;
  readonly endToEndId: string;
}

export interface DomesticPayment extends AnyPayment {
  readonly type: 'domestic';
}

export interface InternationalPayment extends AnyPayment {
  readonly type: 'international';
  readonly chargeBearer: ChargeBearer;
  /** What the payee gets. */
  readonly currencyOfTransfer: TransferCurrency;
}

export type PaymentInstruction = DomesticPayment | InternationalPayment;

/**
 * One text a payment: two payments have the same text exactly if each member is the same after parsing. For digests and
 * comparison, never for the wire.
 */
export function canonicalPayment(payment: PaymentInstruction): string {
  const { creditor, debtorAccount, instructedAmount } = payment;
  return JSON.stringify([
    payment.type,
    instructedAmount.amountMinor,
    instructedAmount.currency,
    creditor.name,
    creditor.account.scheme,
    creditor.account.id,
    creditor.agentBic ?? null,
    creditor.address === undefined ? null : [creditor.address.country, ...creditor.address.lines],
    debtorAccount === undefined ? null : [debtorAccount.scheme, debtorAccount.id],
    payment.reference ?? null,
    payment.endToEndId,
    payment.type === 'international' ? [payment.chargeBearer, payment.currencyOfTransfer] : null,
  ]);
}

/** Whether two payments are the same, member by member, however they were written. */
export function samePayment(one: PaymentInstruction, other: PaymentInstruction): boolean {
  return canonicalPayment(one) === canonicalPayment(other);
}
