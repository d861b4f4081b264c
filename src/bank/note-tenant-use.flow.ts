/** Notes that a tenant is in use, so that it is not removed. D1: after the answer, at most one write a day. Objects: none. */
import { updateLastUse } from '#bank/tenant.store.ts';
import { boundedCache, defineIsolateSlot } from '#edge/isolate.ts';
import type { Scope } from '#edge/scope.ts';
import { DAY_SECONDS } from '#kernel/time.ts';

/** Tenants an isolate remembers to have noted; a forgotten one costs a statement that changes nothing. */
const NOTED_MAXIMUM = 1_000;

const notedAt = defineIsolateSlot(() => boundedCache<number>(NOTED_MAXIMUM));

/** Goes on after the answer; what is lost is one day of thirty. */
export function noteTenantUse(scope: Scope, tenantId: string): void {
  const memory = notedAt.of(scope.isolate);
  const before = scope.now - DAY_SECONDS;
  if ((memory.get(tenantId) ?? 0) > before) return;
  memory.set(tenantId, scope.now);
  scope.defer(updateLastUse(scope.database, tenantId, scope.now, before));
}
