/** Accounts and balances on the wire. Source: the published getting-started guide. */
import type { WireAccount, WireBalance } from '#accounts/account-answer.schema.ts';
import { type Account, availableMinor } from '#bank/account.ts';
import { renderAmount } from '#kernel/money.ts';
import { renderInstant } from '#kernel/time.ts';

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
  const render = (amountMinor: number) => renderAmount({ amountMinor, currency });
  const balance = (type: WireBalance['type'], amountMinor: number): WireBalance => ({
    account_id: accountId,
    type,
    amount: render(amountMinor),
    as_of: renderInstant(now),
    credit_limit: overdraftLimitMinor === 0 ? undefined : render(overdraftLimitMinor),
  });
  return [balance('booked', bookedMinor), balance('available', availableMinor(account))];
}
