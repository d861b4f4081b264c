/**
 * What payments post: the entries of a domestic payment, those of an international one when it is sent, and those that
 * undo it. Amounts are signed minor units.
 */
import type { Account } from '#bank/account.ts';
import type { Charge, Quote } from '#bank/exchange.ts';
import { isReachedBySepa } from '#bank/iban.ts';
import {
  type BalancedEntries,
  balancedEntries,
  type EntryWords,
  exchangeAccount,
  feesAccount,
  type LedgerEntry,
  reversedEntries,
  type SettlementScheme,
  settlementAccount,
} from '#bank/transfer.ts';
import type {
  DomesticPayment,
  InternationalPayment,
  PaymentInstruction,
} from '#consents/payment-instruction.ts';

/** How money for a payee elsewhere leaves the bank. */
export function schemeOf(payment: PaymentInstruction): SettlementScheme {
  if (payment.type === 'domestic') return 'fps';
  const { scheme, id } = payment.creditor.account;
  const isSepa = payment.currencyOfTransfer === 'EUR' && scheme === 'IBAN' && isReachedBySepa(id);
  return isSepa ? 'sepa' : 'swift';
}

/** What the payer's statement says of a payment, pending or booked. */
export function debitWords({ creditor, reference, type }: PaymentInstruction): EntryWords {
  return {
    type: 'transfer',
    description: type === 'domestic' ? 'Faster Payment sent' : 'International payment',
    reference,
    counterpartyName: creditor.name,
    counterpartyAccount: creditor.account.id,
  };
}

/** The bank's own accounts are read by auditors, who look for the payment's names too. */
function internal(
  words: EntryWords,
  accountId: string,
  amountMinor: number,
  currency: LedgerEntry['currency'],
) {
  return { ...words, accountId, amountMinor, currency };
}

/** Who pays, as the payee's statement names them. */
export interface Payer {
  readonly account: Account;
  readonly name: string;
}

/** From the payer to the payee's account at this bank, or to the settlement account of the scheme. */
export function domesticEntries(
  payment: DomesticPayment,
  payer: Payer,
  payee: Account | undefined,
): BalancedEntries {
  const { amountMinor, currency } = payment.instructedAmount;
  const words = debitWords(payment);
  const debit: LedgerEntry = {
    ...words,
    accountId: payer.account.accountId,
    amountMinor: -amountMinor,
    currency,
  };
  if (payee === undefined) {
    return balancedEntries([
      debit,
      internal(words, settlementAccount(currency, 'fps'), amountMinor, currency),
    ]);
  }
  const { sortCode, accountNumber } = payer.account;
  const credit: LedgerEntry = {
    type: 'transfer',
    description: 'Faster Payment received',
    reference: payment.reference,
    counterpartyName: payer.name,
    counterpartyAccount: `${sortCode}-${accountNumber}`,
    accountId: payee.accountId,
    amountMinor,
    currency,
  };
  return balancedEntries([debit, credit]);
}

function chargeEntries(
  debtorAccountId: string,
  { currency }: InternationalPayment['instructedAmount'],
  charge: Charge,
  scheme: SettlementScheme,
): LedgerEntry[] {
  const isOurs = charge.type === 'outgoing_payment';
  const words: EntryWords = {
    type: 'fee',
    description: isOurs ? 'Charge for an international payment' : 'Charges of correspondent banks',
  };
  // What the banks on the way charge is owed to them, with the payment itself; SEPA carries euros alone.
  const owedBy = scheme === 'sepa' && currency !== 'EUR' ? 'swift' : scheme;
  const takenBy = isOurs ? feesAccount(currency) : settlementAccount(currency, owedBy);
  return [
    { ...words, accountId: debtorAccountId, amountMinor: -charge.amountMinor, currency },
    internal(words, takenBy, charge.amountMinor, currency),
  ];
}

/**
 * From the payer to the settlement account of the currency sent, by way of the bank's own exchange; and the charges. The
 * scheme is the one noted with the payment, so that what is given back comes from where it went.
 */
export function internationalEntries(
  payment: InternationalPayment,
  quote: Quote,
  debtorAccountId: string,
  scheme = schemeOf(payment),
): BalancedEntries {
  const { amountMinor, currency } = payment.instructedAmount;
  const { currencyOfTransfer } = payment;
  const words = debitWords(payment);
  const sent = internal(
    words,
    settlementAccount(currencyOfTransfer, scheme),
    quote.transferMinor,
    currencyOfTransfer,
  );
  const exchanged = [
    internal(words, exchangeAccount(currency), amountMinor, currency),
    internal(words, exchangeAccount(currencyOfTransfer), -quote.transferMinor, currencyOfTransfer),
  ];
  return balancedEntries([
    { ...words, accountId: debtorAccountId, amountMinor: -amountMinor, currency },
    ...(currency === currencyOfTransfer ? [] : exchanged),
    sent,
    ...quote.charges.flatMap((charge) =>
      chargeEntries(debtorAccountId, payment.instructedAmount, charge, scheme),
    ),
  ]);
}

/** Gives back all that was booked, charges too. */
export function returnedEntries(entries: BalancedEntries): BalancedEntries {
  return reversedEntries(entries, ({ counterpartyName, counterpartyAccount, reference }) => ({
    type: 'refund',
    description: 'International payment returned',
    reference,
    counterpartyName,
    counterpartyAccount,
  }));
}
