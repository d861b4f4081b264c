/** What an international payment costs, on the wire. Source: interface section 4. */
import type { Quote } from '#bank/exchange.ts';
import type { WireQuote } from '#consents/payment-quote-answer.schema.ts';
import { renderAmount } from '#kernel/money.ts';
import { renderInstant } from '#kernel/time.ts';

export function renderQuote({ exchangeRate, charges, totalDebitMinor, quoteExpiresAt }: Quote): WireQuote {
  const currency = exchangeRate.from;
  return {
    exchange_rate: { ...exchangeRate },
    charges: charges.map(({ type, amountMinor }) => ({
      type,
      amount: renderAmount({ amountMinor, currency }),
    })),
    total_debit: renderAmount({ amountMinor: totalDebitMinor, currency }),
    quote_expires_at: renderInstant(quoteExpiresAt),
  };
}
