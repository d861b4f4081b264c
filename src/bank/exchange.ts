/**
 * What an international payment costs: rates, charges and the quote made of them. The table is the sandbox's own and moves
 * with a release only. Amounts are minor units. Rounding is half up, twice: the rate to six decimals, then the payee's
 * amount to the minor unit of its currency.
 */
import { type Currency, TRANSFER_CURRENCY_DECIMALS, type TransferCurrency } from '#kernel/money.ts';
import { MINUTE_SECONDS } from '#kernel/time.ts';

/** How long a quote holds. */
export const QUOTE_SECONDS = 15 * MINUTE_SECONDS;

/** What one pound buys, six decimals. Other pairs follow from these. */
export const SANDBOX_RATES: Readonly<Record<TransferCurrency, string>> = {
  GBP: '1.000000',
  EUR: '1.165200',
  USD: '1.318400',
  AUD: '2.027300',
  CAD: '1.849600',
  CHF: '1.067900',
  DKK: '8.701500',
  JPY: '203.940000',
  NOK: '13.372000',
  PLN: '4.942800',
  SEK: '12.814500',
};

export const CHARGE_BEARERS = ['shared', 'debtor', 'creditor'] as const;
/** Who pays what the banks on the way charge. */
export type ChargeBearer = (typeof CHARGE_BEARERS)[number];

/** `outgoing_payment` is ours; `correspondent` covers the banks on the way, so that the payee gets the whole amount. */
export type ChargeType = 'outgoing_payment' | 'correspondent';

export interface Charge {
  readonly type: ChargeType;
  readonly amountMinor: number;
}

/** What the payer's account is charged besides the amount, in its own currency. */
export const SANDBOX_CHARGES: Readonly<Record<Currency, Readonly<Record<ChargeBearer, readonly Charge[]>>>> =
  {
    GBP: chargesOf(500, 1_200),
    EUR: chargesOf(600, 1_400),
    USD: chargesOf(650, 1_600),
  };

function chargesOf(ownMinor: number, correspondentMinor: number): Record<ChargeBearer, readonly Charge[]> {
  const own = { type: 'outgoing_payment', amountMinor: ownMinor } as const;
  return {
    shared: [own],
    debtor: [own, { type: 'correspondent', amountMinor: correspondentMinor }],
    creditor: [],
  };
}

const RATE_SCALE = 1_000_000n;
const RATE_DECIMALS = 6;

function scaledRate(currency: TransferCurrency): bigint {
  return BigInt(SANDBOX_RATES[currency].replace('.', ''));
}

/** Quotient of two positive numbers, half rounded up. */
function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor / 2n) / divisor;
}

function scaledPair(from: TransferCurrency, to: TransferCurrency): bigint {
  return divideHalfUp(scaledRate(to) * RATE_SCALE, scaledRate(from));
}

/** What one unit of `from` buys of `to`: `1.165200`. */
export function rateOf(from: TransferCurrency, to: TransferCurrency): string {
  const digits = scaledPair(from, to)
    .toString()
    .padStart(RATE_DECIMALS + 1, '0');
  return `${digits.slice(0, -RATE_DECIMALS)}.${digits.slice(-RATE_DECIMALS)}`;
}

export interface Quote {
  readonly exchangeRate: {
    readonly from: Currency;
    readonly to: TransferCurrency;
    /** Six decimals; `1.000000` where nothing is exchanged. */
    readonly rate: string;
  };
  readonly charges: readonly Charge[];
  /** Amount and charges, in the currency of the account debited. */
  readonly totalDebitMinor: number;
  /** What is sent to the payee, in the currency of transfer. */
  readonly transferMinor: number;
  /** Epoch seconds at which it no longer holds. */
  readonly quoteExpiresAt: number;
}

/** What is asked for: an amount of the payer's currency, to arrive in another or the same. */
export interface QuoteQuestion {
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly currencyOfTransfer: TransferCurrency;
  readonly chargeBearer: ChargeBearer;
  /** Epoch seconds. */
  readonly now: number;
}

/**
 * The quote for a payment that begins now; the same question in the same second has the same answer. Undefined where the
 * amount is less than one minor unit of the currency of transfer, or more than can be counted exactly.
 */
export function quote(question: QuoteQuestion): Quote | undefined {
  const { amountMinor, currency: from, currencyOfTransfer: to, chargeBearer, now } = question;
  const charges = SANDBOX_CHARGES[from][chargeBearer];
  // Minor units of both sides: one decimal more on a side is a factor of ten.
  const dividend = BigInt(amountMinor) * scaledPair(from, to) * 10n ** BigInt(TRANSFER_CURRENCY_DECIMALS[to]);
  const divisor = RATE_SCALE * 10n ** BigInt(TRANSFER_CURRENCY_DECIMALS[from]);
  const transferMinor = Number(divideHalfUp(dividend, divisor));
  const totalDebitMinor = charges.reduce((sum, charge) => sum + charge.amountMinor, amountMinor);
  if (transferMinor === 0 || !Number.isSafeInteger(transferMinor) || !Number.isSafeInteger(totalDebitMinor)) {
    return undefined;
  }
  return {
    exchangeRate: { from, to, rate: rateOf(from, to) },
    charges,
    totalDebitMinor,
    transferMinor,
    quoteExpiresAt: now + QUOTE_SECONDS,
  };
}
