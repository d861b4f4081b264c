/** Each read on a customer's or client's way asks D1 once more after a transient failure. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { accountsByIds, accountsOfCustomer } from '#bank/find-accounts.flow.ts';
import { findCustomer, findCustomerByUsername } from '#bank/find-customer.flow.ts';
import { listConsents } from '#consents/list-consents.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { sandboxTenants } from '#sandbox/tenants.flow.ts';
import { insertTestOrganisation } from '../support/organisation.ts';
import { testScope } from '../support/scope.ts';

/** A D1 whose first statement fails as a lost connection does. */
function failingOnce(): Record<string, unknown> {
  let calls = 0;
  const withSession = (constraint: string) => {
    const session = env.DB.withSession(constraint);
    const prepare = (text: string): unknown => {
      calls += 1;
      if (calls === 1) throw new Error('D1_ERROR: Network connection lost.');
      return session.prepare(text);
    };
    return { prepare, batch: session.batch.bind(session) };
  };
  return { DB: { withSession } };
}

it.each<[string, (scope: Scope, tenantId: string, organisationId: string) => Promise<unknown>]>([
  ['the customer of a name', (scope, tenantId) => findCustomerByUsername(scope, tenantId, 'hazel')],
  ['a customer', (scope, tenantId) => findCustomer(scope, tenantId, 'customer')],
  ['accounts of a customer', (scope, tenantId) => accountsOfCustomer(scope, tenantId, 'customer')],
  ['accounts by their ids', (scope, tenantId) => accountsByIds(scope, tenantId, ['acc_1234567890'])],
  ['the tenant', (scope, _tenantId, organisationId) => sandboxTenants.ready(scope, organisationId)],
  ['the tenant looked at', (scope, _tenantId, organisationId) => sandboxTenants.peek(scope, organisationId)],
  ['the list of consents', (scope) => listConsents(scope, { clientId: crypto.randomUUID(), limit: 10 })],
])('%s', async (_what, read) => {
  const organisationId = await insertTestOrganisation();
  const tenantId = await sandboxTenants.ready(testScope(), organisationId);
  const expected = await read(testScope(), tenantId, organisationId);
  expect(await read(testScope({ bindings: failingOnce() }), tenantId, organisationId)).toEqual(expected);
});
