/** Payments on the wire: parsed to their canonical form, and written back. Source: interface section 4. */
import * as v from 'valibot';
import { CHARGE_BEARERS } from '#bank/exchange.ts';
import { ACCOUNT_SCHEMES, nameOneAccount, parseBic } from '#bank/iban.ts';
import {
  type Creditor,
  PAYMENT_TYPES,
  type PaymentInstruction,
  type PaymentType,
} from '#consents/payment-instruction.ts';
import {
  accountOf,
  checkShownText,
  currencySchema,
  debtorAccountSchema,
  type Faults,
  instructedAmountSchema,
  invalid,
  parseWireAccount,
  parseWireAmount,
  refuseFaults,
  textOf,
  UNSHOWABLE,
} from '#consents/payment-parts.schema.ts';
import { parseBy } from '#edge/body.ts';
import { told } from '#edge/characters.ts';
import {
  CURRENCY_DECIMALS,
  type Currency,
  isCurrency,
  isTransferCurrency,
  renderAmount,
  TRANSFER_CURRENCY_DECIMALS,
  type TransferCurrency,
} from '#kernel/money.ts';
import { type FieldError, ok, type Result, refuse } from '#kernel/result.ts';

const NAME_MAXIMUM = 70;
const END_TO_END_ID_MAXIMUM = 35;
/** Source: Faster Payments (18 characters), ISO 20022 (35). */
const REFERENCE_MAXIMUM: Readonly<Record<PaymentType, number>> = { domestic: 18, international: 35 };
/** Source: ISO 20022 PostalAddress, AddressLine. */
const ADDRESS_LINES_MAXIMUM = 7;

/** The member `payment` of a consent's and a payment's body. */
export const paymentSchema = v.pipe(
  v.object({
    type: v.picklist(PAYMENT_TYPES),
    instructed_amount: v.pipe(
      instructedAmountSchema,
      v.description('In the currency of the account to be debited; domestic: GBP.'),
    ),
    creditor: v.object({
      name: v.pipe(
        textOf(NAME_MAXIMUM),
        v.description(
          'The payee, as the customer is shown it: a letter or digit at least, nothing invisible.',
        ),
      ),
      account: v.pipe(
        accountOf(ACCOUNT_SCHEMES),
        v.description(
          'Domestic: SortCodeAccountNumber or a British IBAN. International: IBAN, or AccountNumber with agent_bic.',
        ),
      ),
      agent_bic: v.optional(
        v.pipe(
          v.string(),
          v.maxLength(11, 'is no BIC'),
          told(v.regex(/^[A-Za-z]{6}[A-Za-z0-9]{2}([A-Za-z0-9]{3})?$/)),
          v.description("The payee's bank: a BIC of 8 or 11 characters."),
        ),
      ),
      address: v.optional(
        v.object({
          lines: v.pipe(
            v.array(textOf(NAME_MAXIMUM)),
            v.minLength(1, 'has no line'),
            v.maxLength(ADDRESS_LINES_MAXIMUM, `has more than ${ADDRESS_LINES_MAXIMUM} lines`),
          ),
          country: v.pipe(
            v.string(),
            v.regex(/^[A-Z]{2}$/, 'is not the two upper-case letters of a country'),
          ),
        }),
      ),
    }),
    debtor_account: v.optional(
      v.pipe(debtorAccountSchema, v.description('The account to pay from. Absent: the customer chooses.')),
    ),
    reference: v.optional(
      v.pipe(
        textOf(REFERENCE_MAXIMUM.international),
        v.description(
          'What the payee reads on their statement. Domestic: at most 18 characters that Faster Payments carries.',
        ),
      ),
    ),
    end_to_end_id: v.pipe(
      textOf(END_TO_END_ID_MAXIMUM),
      v.regex(/^[\x20-\x7e]*$/, 'has characters other than printable ASCII'),
      v.description('Your own name for this payment, with a letter or digit; it travels with it.'),
    ),
    charge_bearer: v.optional(
      v.pipe(
        v.picklist(CHARGE_BEARERS),
        v.description('International: who pays the charges; shared unless given.'),
      ),
    ),
    currency_of_transfer: v.optional(
      v.pipe(
        currencySchema,
        v.description('International: what the payee gets; the currency of instructed_amount unless given.'),
      ),
    ),
  }),
  v.title('PaymentInstruction'),
);

export type WirePayment = v.InferOutput<typeof paymentSchema>;

/** What the scheme carries in a reference, line ends aside. Source: Faster Payments, character set of references. */
const FASTER_PAYMENTS = /^[A-Za-z0-9 /?:().,'+#=!"%&*<>;{@-]*$/;

function checkReference(faults: Faults, type: PaymentType, reference: string | undefined): void {
  if (reference === undefined) return;
  const field = 'payment.reference';
  checkShownText(faults, field, reference);
  const maximum = REFERENCE_MAXIMUM[type];
  if ([...reference].length > maximum) invalid(faults, field, `has more than ${maximum} characters`);
  if (type === 'domestic' && !UNSHOWABLE.test(reference) && !FASTER_PAYMENTS.test(reference)) {
    invalid(faults, field, 'has a character that Faster Payments does not carry');
  }
}

function parseCreditor(faults: Faults, { type, creditor }: WirePayment): Creditor | undefined {
  const at = 'payment.creditor';
  checkShownText(faults, `${at}.name`, creditor.name);
  creditor.address?.lines.forEach((line, index) => {
    checkShownText(faults, `${at}.address.lines.${index}`, line);
  });
  const { scheme } = creditor.account;
  if (scheme === (type === 'domestic' ? 'AccountNumber' : 'SortCodeAccountNumber')) {
    invalid(faults, `${at}.account.scheme`, `is not a scheme of ${type} payments`);
    return undefined;
  }
  const account = parseWireAccount(faults, `${at}.account`, creditor.account);
  if (type === 'domestic' && account?.scheme === 'IBAN' && !account.id.startsWith('GB')) {
    invalid(faults, `${at}.account.id`, 'is not a British IBAN; send an international payment');
  }
  const agentBic = creditor.agent_bic === undefined ? undefined : parseBic(creditor.agent_bic);
  if (creditor.agent_bic !== undefined && agentBic === undefined) {
    invalid(faults, `${at}.agent_bic`, 'is not a BIC of 8 or 11 characters');
  }
  if (scheme === 'AccountNumber' && creditor.agent_bic === undefined) {
    faults.push({
      field: `${at}.agent_bic`,
      code: 'required',
      message: 'is required beside an AccountNumber',
    });
  }
  if (account === undefined) return undefined;
  return {
    name: creditor.name,
    account,
    ...(agentBic === undefined ? {} : { agentBic }),
    ...(creditor.address === undefined
      ? {}
      : { address: { lines: creditor.address.lines, country: creditor.address.country } }),
  };
}

function unsupported(field: string, currencies: readonly string[]): FieldError {
  return {
    field,
    code: 'unsupported_currency',
    message: `is not supported here; use ${currencies.join(', ')}`,
  };
}

interface Currencies {
  readonly currency: Currency;
  readonly currencyOfTransfer: TransferCurrency;
}

/** The currencies of a payment, as far as the bank has them. */
function findCurrencies(faults: Faults, payment: WirePayment): Currencies | undefined {
  const { currency } = payment.instructed_amount;
  const isDomestic = payment.type === 'domestic';
  const currencyOfTransfer = payment.currency_of_transfer ?? currency;
  const isDebited = isDomestic ? currency === 'GBP' : isCurrency(currency);
  const isSent = isDomestic ? currencyOfTransfer === currency : isTransferCurrency(currencyOfTransfer);
  if (!isDebited) {
    const offered = isDomestic ? ['GBP'] : Object.keys(CURRENCY_DECIMALS);
    faults.push(unsupported('payment.instructed_amount.currency', offered));
  } else if (!isSent) {
    const offered = isDomestic ? ['GBP'] : Object.keys(TRANSFER_CURRENCY_DECIMALS);
    faults.push(unsupported('payment.currency_of_transfer', offered));
  }
  return isDebited && isSent && isCurrency(currency) && isTransferCurrency(currencyOfTransfer)
    ? { currency, currencyOfTransfer }
    : undefined;
}

/**
 * The payment in a body, canonical. Refuses with `invalid_request`, naming each member that is wrong, and else with
 * `unsupported_currency` where the bank does not have a currency.
 */
export function parsePayment(body: Readonly<Record<string, unknown>>): Result<PaymentInstruction> {
  const shape = parseBy(v.object({ payment: paymentSchema }), body);
  if (!shape.ok) return shape;
  const wire = shape.value.payment;
  const faults: Faults = [];
  const amountMinor = parseWireAmount(faults, 'payment.instructed_amount', wire.instructed_amount);
  const creditor = parseCreditor(faults, wire);
  const debtorAccount =
    wire.debtor_account && parseWireAccount(faults, 'payment.debtor_account', wire.debtor_account);
  if (creditor !== undefined && debtorAccount && nameOneAccount(creditor.account, debtorAccount)) {
    invalid(faults, 'payment.debtor_account', 'is the account that is paid');
  }
  checkReference(faults, wire.type, wire.reference);
  checkShownText(faults, 'payment.end_to_end_id', wire.end_to_end_id);
  if (wire.type === 'domestic' && (wire.charge_bearer ?? 'shared') !== 'shared') {
    invalid(faults, 'payment.charge_bearer', 'is for international payments; domestic charges are shared');
  }
  if (faults.length > 0) return refuseFaults(faults);
  const currencies = findCurrencies(faults, wire);
  if (currencies === undefined) {
    return refuse('unsupported_currency', 'currency of a payment', {
      message: 'The bank does not make such payments in this currency.',
      errors: faults,
    });
  }
  if (amountMinor === undefined || creditor === undefined)
    throw new Error('a payment without faults lacks a part');
  const { currency, currencyOfTransfer } = currencies;
  const common = {
    instructedAmount: { amountMinor, currency },
    creditor,
    ...(debtorAccount === undefined ? {} : { debtorAccount }),
    ...(wire.reference === undefined ? {} : { reference: wire.reference }),
    endToEndId: wire.end_to_end_id,
  };
  return ok(
    wire.type === 'domestic'
      ? { type: 'domestic', ...common }
      : {
          type: 'international',
          ...common,
          chargeBearer: wire.charge_bearer ?? 'shared',
          currencyOfTransfer,
        },
  );
}

/** A payment for the wire, in its canonical form; what is undefined is left out there. */
export function renderPayment(payment: PaymentInstruction): WirePayment {
  const { creditor, debtorAccount, reference } = payment;
  return {
    type: payment.type,
    instructed_amount: renderAmount(payment.instructedAmount),
    creditor: {
      name: creditor.name,
      account: { ...creditor.account },
      agent_bic: creditor.agentBic,
      address: creditor.address && { ...creditor.address, lines: [...creditor.address.lines] },
    },
    debtor_account: debtorAccount && { ...debtorAccount },
    reference,
    end_to_end_id: payment.endToEndId,
    ...(payment.type === 'international'
      ? { charge_bearer: payment.chargeBearer, currency_of_transfer: payment.currencyOfTransfer }
      : {}),
  };
}
