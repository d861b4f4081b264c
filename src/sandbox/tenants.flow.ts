/**
 * The sandbox's tenants: each organisation has a closed set of customers and accounts, made when first needed and
 * removed when nobody needs it any more. D1: one read; one batch and no more when a tenant is made. Objects: none.
 */
import type { Tenants } from '#bank/customer.ts';
import { touchTenant, USE_NOTED_SECONDS } from '#bank/note-tenant-use.flow.ts';
import type { Statement } from '#edge/database.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { newUuid } from '#kernel/ids.ts';
import { DAY_SECONDS } from '#kernel/time.ts';
import { makeSeed } from '#sandbox/seed.ts';
import {
  deleteTenant,
  insertTenant,
  selectTenantUse,
  selectUnusedTenants,
  type TenantUse,
} from '#sandbox/tenant.store.ts';

/** A tenant nobody logged in to or read from for this long is removed; it is seeded anew on return. */
const UNUSED_SECONDS = 30 * DAY_SECONDS;
/** Tenants removed in one run of the schedule, each by a batch of its own. */
const REMOVALS_A_RUN = 20;

function findTenantUse(scope: Scope, organisationId: string): Promise<TenantUse | undefined> {
  return retryRead(scope, () => selectTenantUse(scope.database, organisationId));
}

async function makeTenant(
  scope: Scope,
  organisationId: string,
  from: string | undefined,
  besides: readonly Statement[] = [],
): Promise<string> {
  const { database, now } = scope;
  const change = { organisationId, from, to: `tnt_${newUuid()}` };
  const tenantId = await insertTenant(database, change, makeSeed(now), now, besides);
  if (tenantId === undefined) throw new Error('a tenant was asked for an organisation that does not exist');
  return tenantId;
}

/** Of racing first uses one makes the tenant and the others find it. A use is noted at most daily. */
export const sandboxTenants: Tenants = {
  async ready(scope, organisationId) {
    const found = await findTenantUse(scope, organisationId);
    if (found === undefined) return makeTenant(scope, organisationId, undefined);
    const { tenantId, lastUsedAt } = found;
    if (lastUsedAt >= scope.now - USE_NOTED_SECONDS) return tenantId;
    // Not written: noted by another just now, or removed by the schedule; the next look tells which.
    return (await touchTenant(scope, tenantId)) ? tenantId : sandboxTenants.ready(scope, organisationId);
  },
  async peek(scope, organisationId) {
    return (await findTenantUse(scope, organisationId))?.tenantId;
  },
};

/**
 * Gives an organisation a freshly seeded tenant in the place of the one it has, which the schedule removes. `besides`
 * are written in the same batch.
 */
export async function replaceTenant(
  scope: Scope,
  organisationId: string,
  besides: readonly Statement[] = [],
): Promise<string> {
  const found = await findTenantUse(scope, organisationId);
  return makeTenant(scope, organisationId, found?.tenantId, besides);
}

/** Scheduled: removes tenants unused for 30 days and those replaced, a bounded number at a time. Never in production. */
export async function purgeTenants(scope: Scope): Promise<void> {
  if (scope.settings.environment !== 'sandbox') return;
  const unusedSince = scope.now - UNUSED_SECONDS;
  for (const tenant of await selectUnusedTenants(scope.database, unusedSince, REMOVALS_A_RUN)) {
    await deleteTenant(scope.database, tenant, unusedSince);
  }
}
