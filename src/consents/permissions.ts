/** What each permission opens, in the words that pages, documentation and e-mails share. */
import type { Permission } from '#consents/consent.ts';

export interface PermissionWords {
  /** Heading it stands under on the consent page. */
  readonly group: string;
  /** To the customer, a whole sentence's worth after "wants to see". */
  readonly sentence: string;
  /** To the developer: the calls it opens. */
  readonly opens: string;
}

export const PERMISSION_WORDS: Readonly<Record<Permission, PermissionWords>> = {
  ReadAccounts: {
    group: 'Your account details',
    sentence: 'The name, type and currency of each account, its sort code, account number and IBAN.',
    opens: 'GET /accounts and GET /accounts/{account_id}',
  },
  ReadBalances: {
    group: 'Your balances',
    sentence: 'How much is in each account, how much you can spend, and your overdraft limit.',
    opens: 'GET /balances, GET /accounts/{account_id}/balances, and running_balance of transactions',
  },
  ReadTransactions: {
    group: 'Your transactions',
    sentence: 'What went in and out of each account: when, how much, to or from whom, and for what.',
    opens: 'GET /transactions and GET /accounts/{account_id}/transactions',
  },
};
