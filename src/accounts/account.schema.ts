/** Accounts and balances on the wire. Source: the published getting-started guide. */
import * as v from 'valibot';
import { type Account, availableMinor } from '#bank/account.ts';
import { CURRENCY_DECIMALS, type Currency, renderAmount } from '#kernel/money.ts';
import { renderInstant } from '#kernel/time.ts';

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

export const instantSchema = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
  v.description('RFC 3339, in UTC.'),
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

const accountSchema = v.pipe(
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

const balanceSchema = v.pipe(
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

type WireAccount = v.InferOutput<typeof accountSchema>;
type WireBalance = v.InferOutput<typeof balanceSchema>;

export function renderAccount(account: Account): WireAccount {
  return {
    account_id: account.accountId,
    // Closed accounts are absent from every answer.
    status: 'enabled',
    currency: account.currency,
    account_type: account.accountType,
    nickname: account.nickname,
    identifiers: [
      { scheme: 'SortCodeAccountNumber', id: `${account.sortCode}-${account.accountNumber}` },
      { scheme: 'IBAN', id: account.iban },
    ],
  };
}

/** Both balances of an account. */
export function renderBalances(account: Account, now: number): WireBalance[] {
  const { accountId, currency, bookedMinor, overdraftLimitMinor } = account;
  const rest = {
    as_of: renderInstant(now),
    ...(overdraftLimitMinor === 0
      ? {}
      : { credit_limit: renderAmount({ amountMinor: overdraftLimitMinor, currency }) }),
  };
  const balance = (type: WireBalance['type'], amountMinor: number): WireBalance => ({
    account_id: accountId,
    type,
    amount: renderAmount({ amountMinor, currency }),
    ...rest,
  });
  return [balance('booked', bookedMinor), balance('available', availableMinor(account))];
}
