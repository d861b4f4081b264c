/** How a client stands in its object, and an operator's own limit for it. D1: none. Objects: one. */
import type { ClientStanding, RateWindow } from '#clients/admission.ts';
import { callClient } from '#clients/call-client.flow.ts';
import { describeWindow } from '#clients/rate-window.ts';
import type { Scope } from '#edge/scope.ts';

/** Only for a client that has a row: asking for an invented one would make an object. Undefined where it was told of none. */
export async function readStanding(scope: Scope, clientId: string): Promise<ClientStanding | undefined> {
  return await callClient(scope, clientId, (client) => client.standing(scope.nowMs));
}

/**
 * What is left of a client's window, without counting in it. As `readStanding`, only for a client that has a row; undefined
 * where its object was told of none.
 */
export async function readWindow(scope: Scope, clientId: string): Promise<RateWindow | undefined> {
  const standing = await readStanding(scope, clientId);
  if (standing === undefined) return undefined;
  const { limitOverride, requestsInWindow, windowStartedAtMs } = standing;
  return describeWindow(
    { startedAtMs: windowStartedAtMs, count: requestsInWindow },
    limitOverride ?? scope.settings.rateLimitPerMinute,
    scope.nowMs,
  );
}

/** Requests a window from the next one on; null for the environment's limit. False where the object was told of no client. */
export async function setClientLimit(scope: Scope, clientId: string, limit: number | null): Promise<boolean> {
  return await callClient(scope, clientId, (client) => client.setLimit(limit));
}
