/** Sandbox tenants: made once at first need, kept while used, removed afterwards, replaced on demand. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { accountsByIds, accountsOfCustomer } from '#bank/find-accounts.flow.ts';
import { findCustomer, findCustomerByUsername } from '#bank/find-customer.flow.ts';
import { touchTenant } from '#bank/note-tenant-use.flow.ts';
import { DAY_SECONDS } from '#kernel/time.ts';
import { purgeTenants, replaceTenant, sandboxTenants } from '#sandbox/tenants.flow.ts';
import { testApp } from '../support/app.ts';
import { countingEnv } from '../support/counting-env.ts';
import { insertTestOrganisation } from '../support/organisation.ts';
import { newPayable, openPaying, PAYMENTS_PATH, sendPayment } from '../support/paying.ts';
import { PRODUCTION } from '../support/production.ts';
import { testScope } from '../support/scope.ts';
import { makeClient } from '../support/test-client.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 15, 55);
const TABLES = [
  'customers',
  'accounts',
  'account_holders',
  'journals',
  'transactions',
  'payments',
  'payment_events',
  'funds_confirmations',
  'tenants',
];

async function rowsOf(tenantId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    const sql = `SELECT count(*) AS rows FROM ${table} WHERE tenant_id = ?1`;
    counts[table] = (await env.DB.prepare(sql).bind(tenantId).first<number>('rows')) ?? 0;
  }
  return counts;
}

/** A payment, its history and a funds check, as far as their removal is concerned. */
async function insertPayment(tenantId: string): Promise<void> {
  const id = crypto.randomUUID();
  await env.DB.batch([
    env.DB.prepare(
      "INSERT INTO payments VALUES (?1, ?2, ?2, '', '', '', 'domestic', 'completed', NULL, '', 'GBP', 1, '{}', NULL, 0, 0)",
    ).bind(tenantId, id),
    env.DB.prepare("INSERT INTO payment_events VALUES (?1, ?2, 1, 'completed', NULL, 0)").bind(tenantId, id),
    env.DB.prepare("INSERT INTO funds_confirmations VALUES (?1, ?2, 0, ?2, '', 1, 'GBP', 1)").bind(
      tenantId,
      id,
    ),
  ]);
}

async function databaseSize(): Promise<number> {
  return (await env.DB.prepare('SELECT 1').all()).meta.size_after;
}

function scopeAt(nowMs: number) {
  return testScope({ nowMs });
}

it('makes a tenant at first need and finds it afterwards', async () => {
  const organisationId = await insertTestOrganisation();
  const scope = scopeAt(NOW_MS);
  expect(await sandboxTenants.peek(scope, organisationId)).toBeUndefined();
  const tenantId = await sandboxTenants.ready(scope, organisationId);
  expect(await sandboxTenants.ready(scope, organisationId)).toBe(tenantId);
  expect(await sandboxTenants.peek(scope, organisationId)).toBe(tenantId);
  expect(await rowsOf(tenantId)).toMatchObject({ customers: 5, accounts: 8, account_holders: 9, tenants: 1 });
});

it('makes it in less than a second', async () => {
  // The fastest of three, as a busy machine is no fault of the seed.
  const durations: number[] = [];
  for (let count = 0; count < 3; count += 1) {
    const organisationId = await insertTestOrganisation();
    const startedMs = Date.now();
    await sandboxTenants.ready(scopeAt(NOW_MS), organisationId);
    durations.push(Date.now() - startedMs);
  }
  expect(Math.min(...durations)).toBeLessThan(1_000);
});

it('makes it in one batch after one read, below 6 MB', async () => {
  const sizeBefore = await databaseSize();
  const organisationId = await insertTestOrganisation();
  const counted = countingEnv();
  const counting = () => testScope({ bindings: { ...counted.env } });
  await sandboxTenants.ready(counting(), organisationId);
  expect(counted.hops).toMatchObject({ d1: 2, objects: 0 });
  expect((await databaseSize()) - sizeBefore).toBeLessThan(6_000_000);
  counted.reset();
  await sandboxTenants.ready(counting(), organisationId);
  expect(counted.hops).toMatchObject({ d1: 1, rowsWritten: 0 });
});

it('makes one tenant of fifty first log-ins at once', async () => {
  const organisationId = await insertTestOrganisation();
  const tenants = await Promise.all(
    Array.from({ length: 50 }, () => sandboxTenants.ready(scopeAt(NOW_MS), organisationId)),
  );
  expect(new Set(tenants).size).toBe(1);
  const made = await env.DB.prepare('SELECT count(*) AS rows FROM tenants WHERE organisation_id = ?1')
    .bind(organisationId)
    .first<number>('rows');
  expect(made).toBe(1);
  expect(await rowsOf(tenants[0] ?? '')).toMatchObject({ customers: 5, accounts: 8 });
});

it('makes none for an organisation that does not exist', async () => {
  const before = await env.DB.prepare('SELECT count(*) AS rows FROM tenants').first<number>('rows');
  await expect(sandboxTenants.ready(scopeAt(NOW_MS), 'nobody')).rejects.toThrow(/does not exist/);
  expect(await env.DB.prepare('SELECT count(*) AS rows FROM tenants').first<number>('rows')).toBe(before);
});

it('notes a use once a day, and removes a tenant 30 days after the last', async () => {
  const organisationId = await insertTestOrganisation();
  const tenantId = await sandboxTenants.ready(scopeAt(NOW_MS), organisationId);
  await insertPayment(tenantId);
  const at = (days: number) => scopeAt(NOW_MS + days * DAY_SECONDS * 1000);
  await sandboxTenants.ready(at(20), organisationId);
  await purgeTenants(at(49));
  expect(await sandboxTenants.peek(at(49), organisationId)).toBe(tenantId);
  await purgeTenants(at(51));
  expect(await sandboxTenants.peek(at(51), organisationId)).toBeUndefined();
  expect(Object.values(await rowsOf(tenantId))).toEqual(TABLES.map(() => 0));
  const again = await sandboxTenants.ready(at(60), organisationId);
  expect(again).not.toBe(tenantId);
  expect(await rowsOf(again)).toMatchObject({ accounts: 8, tenants: 1 });
});

it('replaces a tenant, whose rows the schedule removes', async () => {
  const organisationId = await insertTestOrganisation();
  const scope = scopeAt(NOW_MS);
  const first = await sandboxTenants.ready(scope, organisationId);
  const second = await replaceTenant(scope, organisationId);
  expect(second).not.toBe(first);
  expect(await sandboxTenants.ready(scope, organisationId)).toBe(second);
  await purgeTenants(scope);
  expect(Object.values(await rowsOf(first))).toEqual(TABLES.map(() => 0));
  expect(await rowsOf(second)).toMatchObject({ accounts: 8, tenants: 1 });
});

it("removes the keys of a replaced tenant's payments, and no others", async () => {
  const app = testApp();
  const client = await makeClient({ roles: ['PISP'], scopes: ['openid', 'payments'] });
  const [replaced, kept] = [await openPaying({ client }), await openPaying({ client })];
  const [before, other] = [await newPayable(replaced), await newPayable(kept)];
  const key = crypto.randomUUID();
  const made = await sendPayment(app, before, { key });
  expect(made.status).toBe(201);
  expect((await sendPayment(app, other, { key: 'other' })).status).toBe(201);
  await env.DB.prepare('UPDATE tenants SET last_used_at = 0 WHERE tenant_id = ?')
    .bind(replaced.tenantId)
    .run();
  await purgeTenants(testScope());

  const { payment_id } = await made.json<{ payment_id: string }>();
  const { headers } = before;
  expect((await app.request(`${PAYMENTS_PATH}/${payment_id}`, { headers })).status).toBe(404);
  const again = await sendPayment(app, before, { key });
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({ code: 'consent_consumed' });
  expect((await sendPayment(app, await newPayable(kept), { key })).status).toBe(201);
  const replayed = await sendPayment(app, other, { key: 'other' });
  expect([replayed.status, replayed.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
});

it('finds customers and accounts of one tenant only, in the order of ids', async () => {
  const scope = scopeAt(NOW_MS);
  const tenantId = await sandboxTenants.ready(scope, await insertTestOrganisation());
  const other = await sandboxTenants.ready(scope, await insertTestOrganisation());
  const hazel = await findCustomerByUsername(scope, tenantId, 'hazel');
  expect(hazel).toMatchObject({
    tenantId,
    customerId: 'cus_hazel',
    displayName: 'Hazel Wren',
    locked: false,
  });
  expect(await findCustomerByUsername(scope, tenantId, 'sorrel')).toMatchObject({ locked: true });
  expect(await findCustomerByUsername(scope, tenantId, 'nobody')).toBeUndefined();
  expect(await findCustomer(scope, 'elsewhere', 'cus_hazel')).toBeUndefined();
  expect(await findCustomer(scope, other, 'cus_hazel')).toMatchObject({ tenantId: other });
  const accounts = await accountsOfCustomer(scope, tenantId, 'cus_hazel');
  expect(accounts.map((account) => account.nickname)).toEqual([
    'Main Account',
    'Joint Account',
    'Easy Saver',
    'Fixed Term ISA',
  ]);
  expect(accounts.every((account) => account.tenantId === tenantId)).toBe(true);
  expect(accounts[1]).toMatchObject({
    joint: true,
    withdrawalsRestricted: false,
    heldMinor: expect.any(Number),
  });
  const some = await accountsByIds(scope, tenantId, ['acc_3456789012', 'acc_0', 'acc_1234567890']);
  expect(some.map((account) => account.accountId)).toEqual(['acc_1234567890', 'acc_3456789012']);
  expect(await accountsOfCustomer(scope, tenantId, 'cus_teasel')).toEqual([]);
});

it('removes nothing in production', async () => {
  const organisationId = await insertTestOrganisation();
  const tenantId = await sandboxTenants.ready(scopeAt(NOW_MS), organisationId);
  const nowMs = NOW_MS + 90 * DAY_SECONDS * 1000;
  await purgeTenants(testScope({ nowMs, bindings: PRODUCTION }));
  expect(await sandboxTenants.peek(scopeAt(nowMs), organisationId)).toBe(tenantId);
});

it('does not take a use of a replaced tenant for one that keeps it', async () => {
  const organisationId = await insertTestOrganisation();
  const scope = scopeAt(NOW_MS);
  const replaced = await sandboxTenants.ready(scope, organisationId);
  await replaceTenant(scope, organisationId);
  expect(await touchTenant(scope, replaced)).toBe(false);
  await purgeTenants(scope);
  expect(await rowsOf(replaced)).toMatchObject({ tenants: 0, customers: 0 });
});
