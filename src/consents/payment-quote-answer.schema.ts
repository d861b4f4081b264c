/** What an international payment costs, as answers show it: for the documentation and the tests, not in the Worker. */
import * as v from 'valibot';
import { instantSchema } from '#consents/instant-answer.schema.ts';

/** An amount in an answer. */
export const amountSchema = v.object({
  amount: v.pipe(v.string(), v.description("A decimal string with exactly the currency's decimals.")),
  currency: v.string(),
});

/** Members that answers about an international payment carry. */
export const quoteSchema = v.object({
  exchange_rate: v.object({
    from: v.string(),
    to: v.string(),
    rate: v.pipe(v.string(), v.description('What one unit of `from` buys of `to`, six decimals.')),
  }),
  charges: v.array(
    v.object({ type: v.picklist(['outgoing_payment', 'correspondent']), amount: amountSchema }),
  ),
  total_debit: v.pipe(amountSchema, v.description('Amount and charges: what leaves the account.')),
  quote_expires_at: v.pipe(instantSchema, v.description('Until then the quote holds; pay before.')),
});

export type WireQuote = v.InferOutput<typeof quoteSchema>;
