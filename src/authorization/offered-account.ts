/** The accounts a customer is offered on the consent page: which, and why some of them cannot be chosen. */
import type { OfferedAccount } from '#authorization/journey-props.ts';
import { type Account, availableMinor, maskAccountNumber } from '#bank/account.ts';
import { type Debit, whyCannotPay } from '#bank/can-pay.ts';
import type { PaymentRequest } from '#consents/consent.ts';

/** An account to share, with what is in it. */
export function offerAccount(account: Account, chosen: ReadonlySet<string>): OfferedAccount {
  return {
    accountId: account.accountId,
    nickname: account.nickname,
    accountType: account.accountType,
    maskedNumber: maskAccountNumber(account.accountNumber),
    balance: { amountMinor: account.bookedMinor, currency: account.currency },
    joint: account.joint,
    chosen: chosen.has(account.accountId),
  };
}

/** What a payment would take from the account that makes it. */
export function debitOf({ payment, quote }: PaymentRequest): Debit {
  const { amountMinor, currency } = payment.instructedAmount;
  return {
    currency,
    creditorAccount: payment.creditor.account,
    totalDebitMinor: quote?.totalDebitMinor ?? amountMinor,
  };
}

/** An account to pay from, with what can be spent; with the reason where it cannot make the payment. */
export function offerForPayment(account: Account, debit: Debit, chosen: ReadonlySet<string>): OfferedAccount {
  return {
    ...offerAccount(account, chosen),
    balance: { amountMinor: availableMinor(account), currency: account.currency },
    cannotPay: whyCannotPay(account, debit),
  };
}
