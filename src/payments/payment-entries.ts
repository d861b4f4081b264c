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

/** Money from one account to another: two entries in the same words, which auditors look for in the bank's own accounts too. */
function move(
  words: EntryWords,
  from: string,
  to: string,
  amountMinor: number,
  currency: LedgerEntry['currency'],
): [LedgerEntry, LedgerEntry] {
  return [
    { ...words, accountId: from, amountMinor: -amountMinor, currency },
    { ...words, accountId: to, amountMinor, currency },
  ];
}

/** Who pays, as the payee's statement names them. */
export interface Payer {
  readonly account: Account;
  readonly name: string;
}

/** From the payer to the payee's account at this bank, or to the settlement account of the scheme. */
export function domesticEntries(
  payment: DomesticPayment,
  { account: { accountId, sortCode, accountNumber }, name }: Payer,
  payee: Account | undefined,
): BalancedEntries {
  const { amountMinor, currency } = payment.instructedAmount;
  const to = payee?.accountId ?? settlementAccount(currency, 'fps');
  const [debit, credit] = move(debitWords(payment), accountId, to, amountMinor, currency);
  const received = {
    description: 'Faster Payment received',
    counterpartyName: name,
    counterpartyAccount: `${sortCode}-${accountNumber}`,
  };
  return balancedEntries([debit, payee === undefined ? credit : { ...credit, ...received }]);
}

function chargeEntries(
  debtorAccountId: string,
  { currency }: InternationalPayment['instructedAmount'],
  { type, amountMinor }: Charge,
  scheme: SettlementScheme,
): LedgerEntry[] {
  const isOurs = type === 'outgoing_payment';
  const words: EntryWords = {
    type: 'fee',
    description: isOurs ? 'Charge for an international payment' : 'Charges of correspondent banks',
  };
  // What the banks on the way charge is owed to them, with the payment itself; SEPA carries euros alone.
  const owedBy = scheme === 'sepa' && currency !== 'EUR' ? 'swift' : scheme;
  const takenBy = isOurs ? feesAccount(currency) : settlementAccount(currency, owedBy);
  return move(words, debtorAccountId, takenBy, amountMinor, currency);
}

/**
 * From the payer to the settlement account of the currency sent, by way of the bank's own exchange; and the charges. The
 * scheme is the one noted with the payment, so that what is given back comes from where it went.
 */
export function internationalEntries(
  payment: InternationalPayment,
  { transferMinor, charges }: Quote,
  debtorAccountId: string,
  scheme = schemeOf(payment),
): BalancedEntries {
  const { instructedAmount, currencyOfTransfer } = payment;
  const { amountMinor, currency } = instructedAmount;
  const words = debitWords(payment);
  const settlement = settlementAccount(currencyOfTransfer, scheme);
  const sent =
    currency === currencyOfTransfer
      ? move(words, debtorAccountId, settlement, amountMinor, currency)
      : [
          ...move(words, debtorAccountId, exchangeAccount(currency), amountMinor, currency),
          ...move(words, exchangeAccount(currencyOfTransfer), settlement, transferMinor, currencyOfTransfer),
        ];
  return balancedEntries([
    ...sent,
    ...charges.flatMap((charge) => chargeEntries(debtorAccountId, instructedAmount, charge, scheme)),
  ]);
}

/** Gives back all that was booked, charges too. */
export function returnedEntries(entries: BalancedEntries): BalancedEntries {
  return reversedEntries(entries, { type: 'refund', description: 'International payment returned' });
}
