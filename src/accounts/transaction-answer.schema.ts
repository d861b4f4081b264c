/** Transactions as answers show them: for the documentation and the tests, not in the Worker. */
import * as v from 'valibot';
import { accountIdSchema, amountSchema, identifierSchema } from '#accounts/account-answer.schema.ts';
import { TRANSACTION_TYPES } from '#bank/transaction.ts';
import { instantSchema } from '#consents/instant-answer.schema.ts';

const transactionSchema = v.pipe(
  v.object({
    transaction_id: v.string(),
    account_id: accountIdSchema,
    status: v.picklist(['booked', 'pending']),
    amount: amountSchema,
    created_at: instantSchema,
    booked_at: v.pipe(v.nullable(instantSchema), v.description('Null while pending.')),
    value_date: v.pipe(v.string(), v.isoDate()),
    type: v.picklist(TRANSACTION_TYPES),
    description: v.string(),
    reference: v.optional(v.string()),
    counterparty: v.optional(v.object({ name: v.string(), account: v.optional(identifierSchema) })),
    merchant: v.optional(
      v.object({
        name: v.string(),
        category_code: v.pipe(v.string(), v.regex(/^\d{4}$/), v.description('ISO 18245.')),
      }),
    ),
    running_balance: v.optional(
      v.pipe(
        amountSchema,
        v.description('The booked balance after this transaction; needs ReadBalances, absent while pending.'),
      ),
    ),
  }),
  v.title('Transaction'),
);

const pageLinksSchema = v.object({
  self: v.pipe(v.string(), v.description('Path and query below `/open-banking/v1`.')),
  next: v.optional(v.pipe(v.string(), v.description('The older transactions, while there are more.'))),
  prev: v.optional(v.pipe(v.string(), v.description('The newer transactions, while there are more.'))),
});

export const transactionListSchema = v.pipe(
  v.object({ data: v.array(transactionSchema), links: pageLinksSchema }),
  v.title('TransactionList'),
);

export type WireTransaction = v.InferOutput<typeof transactionSchema>;
export type WireIdentifier = v.InferOutput<typeof identifierSchema>;
export type WirePageLinks = v.InferOutput<typeof pageLinksSchema>;
