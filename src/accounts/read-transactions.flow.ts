/** Transactions of a consent's accounts, a page at a time. D1: one batch. Objects: none (the guard has asked the consent's). */
import { cutPage, type TransactionPage } from '#accounts/transaction-page.ts';
import type { TransactionQuery } from '#accounts/transaction-query.ts';
import {
  accountsStatement,
  readAccountRows,
  readTransactionRows,
  transactionsStatement,
} from '#bank/account.statements.ts';
import { noteTenantUse } from '#bank/note-tenant-use.flow.ts';
import { type Consent, requestOf } from '#consents/consent.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

const NOTHING: TransactionPage = { rows: [], next: undefined, prev: undefined };

/**
 * A page of the transactions of all the consent's accounts, or of the one named: within the query, and whatever it asks
 * within the consent's own dates. Refuses with `account_not_found` as an account's own address does.
 */
export async function readTransactions(
  scope: Scope,
  consent: Consent,
  query: TransactionQuery,
  accountId?: string,
): Promise<Result<TransactionPage>> {
  const { tenantId } = consent;
  const request = requestOf(consent, 'account-access');
  const accountIds =
    accountId === undefined ? consent.accountIds : consent.accountIds.filter((id) => id === accountId);
  const missing = refuse('account_not_found', 'account not in the consent');
  if (tenantId === undefined || accountIds.length === 0)
    return accountId === undefined ? ok(NOTHING) : missing;
  noteTenantUse(scope, tenantId);
  const { limit, position } = query;
  const stretch = {
    from: Math.max(query.from, request.transactionFrom ?? query.from),
    to: Math.min(query.to, request.transactionTo ?? query.to),
    // One more than the page holds tells whether another follows.
    maximum: limit + 1,
    position,
  };
  const { database } = scope;
  const [found, ...stretches] = await retryRead(scope, () =>
    database.$client.batch([
      accountsStatement(database, tenantId, accountIds),
      ...accountIds.map((id) => transactionsStatement(database, tenantId, { ...stretch, accountId: id })),
    ]),
  );
  const present = new Set(found === undefined ? [] : readAccountRows(found).map((row) => row.accountId));
  if (accountId !== undefined && !present.has(accountId)) return missing;
  const open = stretches.filter((_stretch, index) => present.has(accountIds[index] ?? ''));
  return ok(cutPage(open.map(readTransactionRows), limit, position));
}
