/** Account information: accounts, balances and transactions of an authorized consent. */
import type { Context, Hono } from 'hono';
import { renderAccount, renderBalances } from '#accounts/account.schema.ts';
import { readAccount, readAccounts } from '#accounts/read-accounts.flow.ts';
import { readTransactions } from '#accounts/read-transactions.flow.ts';
import { renderTransaction, renderTransactionLinks } from '#accounts/transaction.schema.ts';
import { parseTransactionQuery } from '#accounts/transaction-query.ts';
import { type ConsentEnv, requireConsent } from '#consents/consent.guard.ts';
import { permissionsOf } from '#consents/consent.ts';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { parseParameters } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';

const BASE = '/open-banking/v1';

const forAccounts = requireConsent({
  type: 'account-access',
  scope: 'accounts',
  permission: 'ReadAccounts',
});
const forBalances = requireConsent({
  type: 'account-access',
  scope: 'accounts',
  permission: 'ReadBalances',
});
const forTransactions = requireConsent({
  type: 'account-access',
  scope: 'transactions',
  permission: 'ReadTransactions',
});

/** Where the resource is below the base, as links name it; ids of ours need no escape. */
function pathOf(resource: 'accounts' | 'balances' | 'transactions', accountId?: string): string {
  if (accountId === undefined) return `/${resource}`;
  return resource === 'accounts' ? `/accounts/${accountId}` : `/accounts/${accountId}/${resource}`;
}

async function answerTransactions(c: Context<ConsentEnv>, accountId?: string): Promise<Response> {
  const { scope, access } = c.var;
  const { consent } = access;
  const path = pathOf('transactions', accountId);
  const parameters = parseParameters(new URL(c.req.url).searchParams);
  if (!parameters.ok) return answerRefusal(c, parameters.refusal);
  const query = await parseTransactionQuery(parameters.value, { consentId: consent.consentId, path });
  if (!query.ok) return answerRefusal(c, query.refusal);
  const page = await readTransactions(scope, consent, query.value, accountId);
  if (!page.ok) return answerRefusal(c, page.refusal);
  const showBalance = permissionsOf(consent).includes('ReadBalances');
  const body = {
    data: page.value.rows.map((row) => renderTransaction(row, showBalance)),
    links: await renderTransactionLinks(path, parameters.value, query.value, page.value),
  };
  return answerJson(c, body, 200);
}

export function accountsRoutes(): Hono<ConsentEnv> {
  const routes = makeRoutes<ConsentEnv>();

  routes.get(`${BASE}/accounts`, forAccounts, async (c) => {
    const accounts = await readAccounts(c.var.scope, c.var.access.consent);
    return answerJson(c, { data: accounts.map(renderAccount), links: { self: pathOf('accounts') } }, 200);
  });

  routes.get(`${BASE}/accounts/:account_id`, forAccounts, async (c) => {
    const accountId = c.req.param('account_id');
    const account = await readAccount(c.var.scope, c.var.access.consent, accountId);
    if (!account.ok) return answerRefusal(c, account.refusal);
    const links = { self: pathOf('accounts', accountId) };
    return answerJson(c, { data: renderAccount(account.value), links }, 200);
  });

  routes.get(`${BASE}/accounts/:account_id/balances`, forBalances, async (c) => {
    const { scope, access } = c.var;
    const accountId = c.req.param('account_id');
    const account = await readAccount(scope, access.consent, accountId);
    if (!account.ok) return answerRefusal(c, account.refusal);
    const links = { self: pathOf('balances', accountId) };
    return answerJson(c, { data: renderBalances(account.value, scope.now), links }, 200);
  });

  routes.get(`${BASE}/balances`, forBalances, async (c) => {
    const { scope, access } = c.var;
    const accounts = await readAccounts(scope, access.consent);
    const data = accounts.flatMap((account) => renderBalances(account, scope.now));
    return answerJson(c, { data, links: { self: pathOf('balances') } }, 200);
  });

  routes.get(`${BASE}/accounts/:account_id/transactions`, forTransactions, (c) =>
    answerTransactions(c, c.req.param('account_id')),
  );

  routes.get(`${BASE}/transactions`, forTransactions, (c) => answerTransactions(c));

  return routes;
}
