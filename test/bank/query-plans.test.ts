/** No statement on bank data reads a whole table or sorts one, and each names its tenant. */
import { expect, it } from 'vitest';
import { readAccounts } from '#accounts/read-accounts.flow.ts';
import { readTransactions } from '#accounts/read-transactions.flow.ts';
import { accountsByIds, accountsOfCustomer } from '#bank/find-accounts.flow.ts';
import { findCustomer, findCustomerByUsername } from '#bank/find-customer.flow.ts';
import { touchTenant } from '#bank/note-tenant-use.flow.ts';
import { DAY_SECONDS } from '#kernel/time.ts';
import { purgeTenants, replaceTenant, sandboxTenants } from '#sandbox/tenants.flow.ts';
import { testConsent } from '../support/bank-rows.ts';
import { insertTestOrganisation } from '../support/organisation.ts';
import { costlySteps, plansOf } from '../support/query-plans.ts';
import { TEST_NOW_MS, testScope } from '../support/scope.ts';

const FAR_MS = TEST_NOW_MS + 40 * DAY_SECONDS * 1000;
const OF_A_TENANT =
  /\b(from|into|update|delete from|join)\s+"?(accounts|account_holders|customers|transactions)\b/i;

it('finds every row by an index', async () => {
  const organisationId = await insertTestOrganisation();
  const plans = await plansOf(async (binding) => {
    const bindings = { DB: binding };
    const scope = testScope({ bindings });
    const tenantId = await sandboxTenants.ready(scope, organisationId);
    await replaceTenant(scope, organisationId);
    await findCustomer(scope, tenantId, 'cus_hazel');
    await findCustomerByUsername(scope, tenantId, 'hazel');
    await accountsOfCustomer(scope, tenantId, 'cus_hazel');
    await accountsByIds(scope, tenantId, ['acc_1234567890']);
    await touchTenant(scope, tenantId);
    const consent = testConsent(tenantId, ['acc_1234567890', 'acc_2345678901']);
    await readAccounts(scope, consent);
    const query = { limit: 5, from: 0, to: 4_000_000_000, binding: '' };
    const position = { createdAt: 1, id: 'txn_1' } as const;
    await readTransactions(scope, consent, { ...query, position: undefined });
    await readTransactions(scope, consent, { ...query, position: { ...position, direction: 'prev' } });
    await purgeTenants(testScope({ bindings, nowMs: FAR_MS }));
  });
  expect(plans.length).toBeGreaterThan(20);
  for (const plan of plans) {
    expect({ text: plan.text, costly: costlySteps(plan) }).toEqual({ text: plan.text, costly: [] });
    if (OF_A_TENANT.test(plan.text)) expect(plan.text).toContain('tenant_id');
  }
});

it('sees a scan and a sort where there are any', async () => {
  const plans = await plansOf(async (binding) => {
    await binding.prepare('SELECT * FROM accounts WHERE nickname = ?1').bind('x').all();
    await binding.prepare("SELECT * FROM accounts WHERE tenant_id = 't' ORDER BY nickname").all();
  });
  expect(plans.map((plan) => costlySteps(plan).length)).toEqual([1, 1]);
});
