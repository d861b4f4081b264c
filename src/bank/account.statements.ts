/**
 * Reads of accounts and their transactions as prepared statements, for the batches of account information. Their text is
 * made once: these are the busiest statements of the bank. Each is bound to one tenant.
 */
import type { Account, AccountStatus, AccountType } from '#bank/account.ts';
import type { Transaction, TransactionType } from '#bank/transaction.ts';
import type { Database } from '#edge/database.ts';
import type { Currency } from '#kernel/money.ts';

/** What can be spent of a row of accounts: `availableMinor` (account.ts) as SQL. */
export const AVAILABLE_MINOR_SQL = '(booked_minor - held_minor + overdraft_limit_minor)';

/** By account id, which is the order of the primary key. */
export const ACCOUNTS_SQL = `
  SELECT account_id, status, currency, account_type, nickname, sort_code, account_number, iban,
    booked_minor, held_minor, overdraft_limit_minor, withdrawals_restricted, joint
  FROM accounts
  WHERE tenant_id = ?1 AND account_id IN (SELECT value FROM json_each(?2)) AND status = 'enabled'
  ORDER BY account_id`;

const TRANSACTION_COLUMNS = `account_id, created_at, transaction_id, status, amount_minor, currency, booked_at,
  value_date, type, description, reference, counterparty_name, counterparty_account, merchant_name,
  merchant_category_code, balance_after_minor`;

const OLDER_TRANSACTIONS_SQL = `
  SELECT ${TRANSACTION_COLUMNS}
  FROM transactions
  WHERE tenant_id = ?1 AND account_id = ?2 AND (created_at, transaction_id) < (?3, ?4) AND created_at >= ?5
  ORDER BY created_at DESC, transaction_id DESC
  LIMIT ?6`;

const NEWER_TRANSACTIONS_SQL = `
  SELECT ${TRANSACTION_COLUMNS}
  FROM transactions
  WHERE tenant_id = ?1 AND account_id = ?2 AND (created_at, transaction_id) > (?3, ?4) AND created_at <= ?5
  ORDER BY created_at ASC, transaction_id ASC
  LIMIT ?6`;

interface AccountRow {
  readonly account_id: string;
  readonly status: AccountStatus;
  readonly currency: Currency;
  readonly account_type: AccountType;
  readonly nickname: string;
  readonly sort_code: string;
  readonly account_number: string;
  readonly iban: string;
  readonly booked_minor: number;
  readonly held_minor: number;
  readonly overdraft_limit_minor: number;
  readonly withdrawals_restricted: number;
  readonly joint: number;
}

interface TransactionRow {
  readonly account_id: string;
  readonly created_at: number;
  readonly transaction_id: string;
  readonly status: Transaction['status'];
  readonly amount_minor: number;
  readonly currency: Currency;
  readonly booked_at: number | null;
  readonly value_date: string;
  readonly type: TransactionType;
  readonly description: string;
  readonly reference: string | null;
  readonly counterparty_name: string | null;
  readonly counterparty_account: string | null;
  readonly merchant_name: string | null;
  readonly merchant_category_code: string | null;
  readonly balance_after_minor: number | null;
}

/** The enabled accounts of these ids that the tenant has, in the order of their ids. */
export function accountsStatement(
  database: Database,
  tenantId: string,
  accountIds: readonly string[],
): D1PreparedStatement {
  return database.$client.prepare(ACCOUNTS_SQL).bind(tenantId, JSON.stringify(accountIds));
}

/** What `accountsStatement` found. */
export function readAccountRows(tenantId: string, result: D1Result): Account[] {
  return (result.results as AccountRow[]).map((row) => ({
    tenantId,
    accountId: row.account_id,
    status: row.status,
    currency: row.currency,
    accountType: row.account_type,
    nickname: row.nickname,
    sortCode: row.sort_code,
    accountNumber: row.account_number,
    iban: row.iban,
    bookedMinor: row.booked_minor,
    heldMinor: row.held_minor,
    overdraftLimitMinor: row.overdraft_limit_minor,
    withdrawalsRestricted: row.withdrawals_restricted === 1,
    joint: row.joint === 1,
  }));
}

/** A stretch of one account's transactions; bounds are epoch seconds, both included. */
export interface TransactionStretch {
  readonly accountId: string;
  readonly from: number;
  readonly to: number;
  /** Begins behind this transaction, going older or newer; without it, at the newest. */
  readonly after?: {
    readonly createdAt: number;
    readonly transactionId: string;
    readonly going: 'older' | 'newer';
  };
  readonly maximum: number;
}

/** The transactions of a stretch, from its beginning on. Reads `maximum` rows, however many there are. */
export function transactionsStatement(
  database: Database,
  tenantId: string,
  { accountId, from, to, after, maximum }: TransactionStretch,
): D1PreparedStatement {
  // A position beyond the bounds is moved to the bound: no id sorts before the empty one.
  if (after?.going === 'newer') {
    const [createdAt, id] = after.createdAt < from ? [from, ''] : [after.createdAt, after.transactionId];
    return database.$client
      .prepare(NEWER_TRANSACTIONS_SQL)
      .bind(tenantId, accountId, createdAt, id, to, maximum);
  }
  const beyond = after === undefined || after.createdAt > to;
  const [createdAt, id] = beyond ? [to + 1, ''] : [after.createdAt, after.transactionId];
  return database.$client
    .prepare(OLDER_TRANSACTIONS_SQL)
    .bind(tenantId, accountId, createdAt, id, from, maximum);
}

/** What `transactionsStatement` found, in its order. */
export function readTransactionRows(result: D1Result): Transaction[] {
  return (result.results as TransactionRow[]).map((row) => ({
    accountId: row.account_id,
    createdAt: row.created_at,
    transactionId: row.transaction_id,
    status: row.status,
    amountMinor: row.amount_minor,
    currency: row.currency,
    bookedAt: row.booked_at,
    valueDate: row.value_date,
    type: row.type,
    description: row.description,
    reference: row.reference,
    counterpartyName: row.counterparty_name,
    counterpartyAccount: row.counterparty_account,
    merchantName: row.merchant_name,
    merchantCategoryCode: row.merchant_category_code,
    balanceAfterMinor: row.balance_after_minor,
  }));
}
