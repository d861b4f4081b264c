/** Asks an organisation's object whether a request may go on. D1: none. Objects: one; none while it is blocked. */
import type { WindowUse } from '#clients/organisation.object.ts';
import { secondsUntil } from '#clients/rate-window.ts';
import { boundedCache, defineIsolateSlot } from '#edge/isolate.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import { HOUR_SECONDS, MINUTE_SECONDS } from '#kernel/time.ts';

/** Requests to the sandbox routes, resets among them, and requests to the developer's own. Source: interface section 8. */
const WINDOWS = {
  sandbox: { limit: 100, windowMs: MINUTE_SECONDS * 1000 },
  developer: { limit: 100, windowMs: MINUTE_SECONDS * 1000 },
  reset: { limit: 10, windowMs: HOUR_SECONDS * 1000 },
} as const;

/** Blocked organisations remembered by an isolate; a forgotten one costs an object call. */
const BLOCKED_MAXIMUM = 1_000;

const blockedUntilMs = defineIsolateSlot(() => boundedCache<number>(BLOCKED_MAXIMUM));

function limited(endsAtMs: number, nowMs: number): Result<never> {
  return refuse('rate_limit_exceeded', 'organisation over its limit', {
    retryAfterSeconds: secondsUntil(endsAtMs, nowMs),
  });
}

/** Counts one request of an organisation that an API key proved. Refuses with `rate_limit_exceeded`. */
export async function admitOrganisation(
  scope: Scope,
  organisationId: string,
  name: WindowUse['name'],
): Promise<Result<void>> {
  const memory = blockedUntilMs.of(scope.isolate);
  const key = `${name} ${organisationId}`;
  const blocked = memory.get(key);
  if (blocked !== undefined && scope.nowMs < blocked) return limited(blocked, scope.nowMs);
  const { ORGANISATIONS } = scope.bindings;
  // A repeated call may count twice; no answer may let through.
  const answer = await callObject(scope, () =>
    ORGANISATIONS.get(ORGANISATIONS.idFromName(organisationId)).count({
      name,
      ...WINDOWS[name],
      nowMs: scope.nowMs,
    }),
  );
  if (answer.outcome === 'counted') return ok(undefined);
  memory.set(key, answer.endsAtMs);
  return limited(answer.endsAtMs, scope.nowMs);
}
