/** Accounts and balances as answers show them: for the documentation and the tests, not in the Worker. */
import * as v from 'valibot';
import { instantSchema } from '#consents/instant-answer.schema.ts';
import { CURRENCY_DECIMALS, type Currency } from '#kernel/money.ts';

const currencies = Object.keys(CURRENCY_DECIMALS) as [Currency, ...Currency[]];

export const amountSchema = v.pipe(
  v.object({
    amount: v.pipe(
      v.string(),
      v.regex(/^-?\d{1,13}\.\d{2}$/),
      v.description("A decimal with exactly the currency's digits; minus is money out or owed."),
    ),
    currency: v.picklist(currencies),
  }),
  v.title('Amount'),
);

export const accountIdSchema = v.pipe(v.string(), v.description('Names the account within this consent.'));

export const identifierSchema = v.object({
  scheme: v.picklist(['SortCodeAccountNumber', 'IBAN', 'AccountNumber']),
  id: v.pipe(
    v.string(),
    v.description(
      'For example `608371-12345678` (SortCodeAccountNumber) or `GB12HMBK60837112345678` (IBAN).',
    ),
  ),
});

const linksSchema = v.object({
  self: v.pipe(v.string(), v.description('Path and query below `/open-banking/v1`.')),
});

export const accountSchema = v.pipe(
  v.object({
    account_id: accountIdSchema,
    status: v.picklist(['enabled']),
    currency: v.picklist(currencies),
    account_type: v.picklist(['current', 'savings']),
    nickname: v.pipe(v.string(), v.description('The name the customer knows it by.')),
    identifiers: v.array(identifierSchema),
  }),
  v.title('Account'),
);

export const balanceSchema = v.pipe(
  v.object({
    account_id: accountIdSchema,
    type: v.pipe(
      v.picklist(['booked', 'available']),
      v.description(
        '`booked` is what was booked; `available` is what can be spent: booked, less holds, plus the overdraft limit.',
      ),
    ),
    amount: amountSchema,
    as_of: instantSchema,
    credit_limit: v.optional(
      v.pipe(amountSchema, v.description('The overdraft limit; absent where there is none.')),
    ),
  }),
  v.title('Balance'),
);

export const accountListSchema = v.pipe(
  v.object({ data: v.array(accountSchema), links: linksSchema }),
  v.title('AccountList'),
);
export const accountResponseSchema = v.pipe(
  v.object({ data: accountSchema, links: linksSchema }),
  v.title('AccountResponse'),
);
export const balanceListSchema = v.pipe(
  v.object({ data: v.array(balanceSchema), links: linksSchema }),
  v.title('BalanceList'),
);

export type WireAccount = v.InferOutput<typeof accountSchema>;
export type WireBalance = v.InferOutput<typeof balanceSchema>;
