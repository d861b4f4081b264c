/** Account information in the OpenAPI document. */
import {
  accountListSchema,
  accountResponseSchema,
  balanceListSchema,
} from '#accounts/account-answer.schema.ts';
import { transactionListSchema } from '#accounts/transaction-answer.schema.ts';
import { DEFAULT_LIMIT, MAXIMUM_LIMIT } from '#accounts/transaction-query.ts';
import { INSTANT_OR_DATE, type Operation, pathParameter } from '#docs/openapi-operation.schema.ts';

const tag = 'Account information';
const callers = ['consentToken'] as const;

const ACCOUNT_PARAMETER = pathParameter(
  'account_id',
  'An account of this consent; any other is 404.',
  'acc_1234567890',
);

const INSTANT_FORM = 'RFC 3339 with offset, or a date';

const PAGE_PARAMETERS = [
  {
    name: 'limit',
    in: 'query',
    description: 'Most transactions a page has.',
    schema: { type: 'integer', minimum: 1, maximum: MAXIMUM_LIMIT, default: DEFAULT_LIMIT },
  },
  {
    name: 'from',
    in: 'query',
    description: `Earliest \`created_at\`, included: ${INSTANT_FORM}, which is its first second (UTC).`,
    schema: INSTANT_OR_DATE,
    example: '2026-10-01',
  },
  {
    name: 'to',
    in: 'query',
    description: `Latest \`created_at\`, included: ${INSTANT_FORM}, which is its last second (UTC).`,
    schema: INSTANT_OR_DATE,
    example: '2026-10-31T23:59:59Z',
  },
  {
    name: 'cursor',
    in: 'query',
    description: 'From `links.next` or `links.prev`. It belongs to its consent, call and filters.',
    schema: { type: 'string' },
  },
] as const;

const account = {
  account_id: 'acc_1234567890',
  status: 'enabled',
  currency: 'GBP',
  account_type: 'current',
  nickname: 'Main Account',
  identifiers: [
    { scheme: 'SortCodeAccountNumber', id: '608371-12345678' },
    { scheme: 'IBAN', id: 'GB12HMBK60837112345678' },
  ],
};

const balances = ['booked', 'available'].map((type) => ({
  account_id: 'acc_1234567890',
  type,
  amount: { amount: '5432.10', currency: 'GBP' },
  as_of: '2026-11-22T15:35:00Z',
}));

const transaction = {
  transaction_id: 'txn_5acf6730cb407347',
  account_id: 'acc_1234567890',
  status: 'booked',
  amount: { amount: '-60.35', currency: 'GBP' },
  created_at: '2026-11-14T13:44:09Z',
  booked_at: '2026-11-14T13:44:09Z',
  value_date: '2026-11-14',
  type: 'card_payment',
  description: 'Nibble & Root Grocers',
  merchant: { name: 'Nibble & Root Grocers', category_code: '5411' },
  running_balance: { amount: '5453.81', currency: 'GBP' },
};

const TRANSACTIONS_DESCRIPTION =
  "Newest first. Follow `links.next` until there is none: each transaction comes once, also while new ones arrive. The consent's own dates bound every answer. `running_balance` needs ReadBalances too. Needs the scope `transactions` and the permission ReadTransactions.";

export const ACCOUNT_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/open-banking/v1/accounts',
    operationId: 'listAccounts',
    tag,
    summary: 'The accounts the customer chose',
    description:
      'In the order of their ids; an account closed since is absent. Needs the scope `accounts` and the permission ReadAccounts.',
    callers,
    answers: {
      200: {
        description: 'The accounts.',
        schema: accountListSchema,
        example: { data: [account], links: { self: '/accounts' } },
      },
    },
    errors: ['permission_denied'],
  },
  {
    method: 'get',
    path: '/open-banking/v1/accounts/:account_id',
    operationId: 'getAccount',
    tag,
    summary: 'One account',
    description: 'Needs the scope `accounts` and the permission ReadAccounts.',
    callers,
    parameters: [ACCOUNT_PARAMETER],
    answers: {
      200: {
        description: 'The account.',
        schema: accountResponseSchema,
        example: { data: account, links: { self: '/accounts/acc_1234567890' } },
      },
    },
    errors: ['permission_denied', 'account_not_found'],
  },
  {
    method: 'get',
    path: '/open-banking/v1/accounts/:account_id/balances',
    operationId: 'getBalances',
    tag,
    summary: 'The balances of one account',
    description: 'Two: booked and available. Needs the scope `accounts` and the permission ReadBalances.',
    callers,
    parameters: [ACCOUNT_PARAMETER],
    answers: {
      200: {
        description: 'Both balances.',
        schema: balanceListSchema,
        example: { data: balances, links: { self: '/accounts/acc_1234567890/balances' } },
      },
    },
    errors: ['permission_denied', 'account_not_found'],
  },
  {
    method: 'get',
    path: '/open-banking/v1/balances',
    operationId: 'listBalances',
    tag,
    summary: 'The balances of all accounts the customer chose',
    description:
      'Two of each account: booked and available. Needs the scope `accounts` and the permission ReadBalances.',
    callers,
    answers: {
      200: {
        description: 'The balances.',
        schema: balanceListSchema,
        example: { data: balances, links: { self: '/balances' } },
      },
    },
    errors: ['permission_denied'],
  },
  {
    method: 'get',
    path: '/open-banking/v1/accounts/:account_id/transactions',
    operationId: 'getTransactions',
    tag,
    summary: 'The transactions of one account',
    description: TRANSACTIONS_DESCRIPTION,
    callers,
    parameters: [ACCOUNT_PARAMETER, ...PAGE_PARAMETERS],
    answers: {
      200: {
        description: 'One page.',
        schema: transactionListSchema,
        example: { data: [transaction], links: { self: '/accounts/acc_1234567890/transactions' } },
      },
    },
    errors: ['permission_denied', 'invalid_request', 'account_not_found'],
  },
  {
    method: 'get',
    path: '/open-banking/v1/transactions',
    operationId: 'listTransactions',
    tag,
    summary: 'The transactions of all accounts the customer chose',
    description: TRANSACTIONS_DESCRIPTION,
    callers,
    parameters: [...PAGE_PARAMETERS],
    answers: {
      200: {
        description: 'One page of all accounts, merged.',
        schema: transactionListSchema,
        example: { data: [transaction], links: { self: '/transactions' } },
      },
    },
    errors: ['permission_denied', 'invalid_request'],
  },
];
