/** Whether a payment may be made: it against its consent, then against the accounts as they were read. */
import type { Account } from '#bank/account.ts';
import { type CannotPay, whyCannotPay } from '#bank/can-pay.ts';
import type { PaymentRequest } from '#consents/consent.ts';
import { type PaymentInstruction, samePayment } from '#consents/payment-instruction.ts';
import type { ErrorCode } from '#kernel/errors.ts';
import { type FieldError, type Refused, refuse, refuseOpenly } from '#kernel/result.ts';
import { differingMembers, totalDebitOf } from '#payments/payment.ts';

/** The accounts of a payment at this bank. */
export interface PaymentSides {
  /** Undefined when there is no such account any more. */
  readonly debtor: Account | undefined;
  /** Undefined when the money goes elsewhere. */
  readonly payee: Account | undefined;
}

const CANNOT_PAY_CODES = {
  closed: 'account_restricted',
  payee: 'account_restricted',
  restricted: 'account_restricted',
  other_currency: 'unsupported_currency',
  not_enough: 'insufficient_funds',
} as const satisfies Record<CannotPay, ErrorCode>;

/** What is said of a member that is not as the customer approved it. */
export function mismatchOf(field: string): FieldError {
  return { field, code: 'mismatch', message: 'differs from the consent' };
}

function refuseMismatch(asked: PaymentInstruction, agreed: PaymentInstruction): Refused {
  const errors = differingMembers(asked, agreed).map((member) => mismatchOf(`payment.${member}`));
  return refuse('payment_mismatch', 'not the payment of the consent', { errors });
}

function refusePayee({ status, currency }: Account, { instructedAmount }: PaymentInstruction) {
  if (status !== 'enabled') {
    return refuseOpenly('account_restricted', 'The account of the payee is closed.');
  }
  if (currency !== instructedAmount.currency) {
    return refuseOpenly('unsupported_currency', 'The account of the payee is kept in another currency.');
  }
  return undefined;
}

/**
 * Why the payment asked for is not made; undefined when it may be. The first of `payment_mismatch`, `account_restricted`,
 * `unsupported_currency`, `insufficient_funds`. What it says of money is true of the rows that were read.
 */
export function refusePayment(
  { payment, quote }: PaymentRequest,
  asked: PaymentInstruction,
  { debtor, payee }: PaymentSides,
): Refused | undefined {
  if (!samePayment(asked, payment)) return refuseMismatch(asked, payment);
  if (debtor === undefined) return refuse('account_restricted', 'the account to debit is gone');
  const ofPayee = payee && refusePayee(payee, payment);
  if (ofPayee !== undefined) return ofPayee;
  const { currency } = payment.instructedAmount;
  const creditorAccount = payment.creditor.account;
  const totalDebitMinor = totalDebitOf(payment, quote);
  const reason = whyCannotPay(debtor, { currency, creditorAccount, totalDebitMinor });
  return reason && refuse(CANNOT_PAY_CODES[reason], `the account to debit: ${reason}`);
}
