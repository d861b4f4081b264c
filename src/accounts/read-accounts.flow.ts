/** The accounts a consent opens. D1: one read. Objects: none (the guard has asked the consent's). */
import { accountsStatement, readAccountRows } from '#bank/account.statements.ts';
import type { Account } from '#bank/account.ts';
import { noteTenantUse } from '#bank/note-tenant-use.flow.ts';
import type { Consent } from '#consents/consent.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

/** A consent's accounts in the order of their ids; one that was closed or removed since is absent. */
export async function readAccounts(scope: Scope, consent: Consent): Promise<Account[]> {
  const { tenantId, accountIds } = consent;
  if (tenantId === undefined || accountIds.length === 0) return [];
  noteTenantUse(scope, tenantId);
  const result = await retryRead(scope, () => accountsStatement(scope.database, tenantId, accountIds).all());
  return readAccountRows(result);
}

/** One account; `account_not_found` when the customer did not choose it or it is there no more. */
export async function readAccount(
  scope: Scope,
  consent: Consent,
  accountId: string,
): Promise<Result<Account>> {
  const chosen = consent.accountIds.includes(accountId);
  const [account] = chosen ? await readAccounts(scope, { ...consent, accountIds: [accountId] }) : [];
  return account === undefined ? refuse('account_not_found', 'account not in the consent') : ok(account);
}
