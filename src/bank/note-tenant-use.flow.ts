/** Notes that a tenant is in use, so that it is not removed. D1: at most one write a day. Objects: none. */
import { updateLastUse } from '#bank/tenant.store.ts';
import { boundedCache, defineIsolateSlot } from '#edge/isolate.ts';
import type { Scope } from '#edge/scope.ts';
import { DAY_SECONDS } from '#kernel/time.ts';

/** A use is noted when the last one noted is older than this. */
export const USE_NOTED_SECONDS = DAY_SECONDS;
/** Tenants an isolate remembers to have noted; a forgotten one costs a statement that changes nothing. */
const NOTED_MAXIMUM = 1_000;

const notedAt = defineIsolateSlot(() => boundedCache<number>(NOTED_MAXIMUM));

/** Notes a use at once. False when nothing was written: another noted it first, or the tenant is there no more. */
export function touchTenant(scope: Scope, tenantId: string): Promise<boolean> {
  return updateLastUse(scope.database, tenantId, scope.now, scope.now - USE_NOTED_SECONDS);
}

/** Notes a use after the answer; what is lost is one day of thirty. */
export function noteTenantUse(scope: Scope, tenantId: string): void {
  const memory = notedAt.of(scope.isolate);
  if ((memory.get(tenantId) ?? 0) > scope.now - USE_NOTED_SECONDS) return;
  memory.set(tenantId, scope.now);
  scope.defer(touchTenant(scope, tenantId));
}
