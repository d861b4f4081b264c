/** Asks a proven client's object whether this request may go on. D1: none. Objects: one; none while it is blocked. */
import type { Admission, AdmissionRequest, RateWindow } from '#clients/admission.ts';
import { callClient } from '#clients/call-client.flow.ts';
import { secondsUntil } from '#clients/rate-window.ts';
import { boundedCache, defineIsolateSlot } from '#edge/isolate.ts';
import type { Scope } from '#edge/scope.ts';
import { newUuid } from '#kernel/ids.ts';
import { ok, type Refusal, type Result, refuse } from '#kernel/result.ts';

/** What the rest of the request needs to know of its client's newest state. */
export interface Admitted {
  /** The record's newest version: a copy of an older one is loaded again before anything is granted. */
  readonly version: number;
  /** The client's present scopes. */
  readonly scopes: readonly string[];
  readonly window: RateWindow;
}

/** A refusal to a client that was proven, so its window stands in the answer's headers (absent once it has ended). */
export interface AdmissionRefusal extends Refusal {
  readonly window?: RateWindow;
}

export interface AdmissionNeeds extends Pick<AdmissionRequest, 'once' | 'authenticated'> {
  /** How an ended or suspended client is refused: by its assertion (default) or by its token. */
  readonly endedAs?: 'invalid_client' | 'invalid_token';
}

/** Blocked clients remembered by an isolate; a forgotten one costs an object call. */
const BLOCKED_MAXIMUM = 10_000;

const blockedWindows = defineIsolateSlot(() => boundedCache<RateWindow>(BLOCKED_MAXIMUM));

function limited(
  window: RateWindow,
  nowMs: number,
): { readonly ok: false; readonly refusal: AdmissionRefusal } {
  const resetSeconds = secondsUntil(window.endsAtMs, nowMs);
  return {
    ok: false,
    refusal: {
      code: 'rate_limit_exceeded',
      reason: 'client over its limit',
      retryAfterSeconds: resetSeconds,
      window: { ...window, resetSeconds },
    },
  };
}

/** Whether this isolate remembers that the client is over its limit: then nothing else need be asked for its request. */
export function isBlocked(scope: Scope, clientId: string): boolean {
  const blocked = blockedWindows.of(scope.isolate).get(clientId);
  return blocked !== undefined && scope.nowMs < blocked.endsAtMs;
}

/**
 * Counts one request of a client that has proven itself and uses up `once`. Refuses with `rate_limit_exceeded`,
 * `invalid_client` (or `endedAs`: ended, suspended; `invalid_client` alone: replayed). An object that does not answer is
 * an outage (503): never let through. A blocked client is answered from memory until its window ends; an
 * override raised meanwhile counts from the next window on.
 */
export async function admitClient(
  scope: Scope,
  clientId: string,
  { endedAs = 'invalid_client', ...uses }: AdmissionNeeds = {},
): Promise<Result<Admitted, AdmissionRefusal>> {
  scope.trace.clientId = clientId;
  // Who did not come with a token has authenticated itself.
  scope.trace.credential ??= 'client assertion';
  const memory = blockedWindows.of(scope.isolate);
  const blocked = memory.get(clientId);
  if (blocked !== undefined) {
    if (scope.nowMs < blocked.endsAtMs) return limited(blocked, scope.nowMs);
    memory.delete(clientId);
  }
  const request: AdmissionRequest = {
    nowMs: scope.nowMs,
    attempt: newUuid(),
    limit: scope.settings.rateLimitPerMinute,
    ...uses,
  };
  const admission: Admission = await callClient(scope, clientId, (client) => client.admit(request));
  if (admission.outcome === 'admitted') {
    return ok({ version: admission.version, scopes: admission.scopes, window: admission.window });
  }
  if (admission.outcome === 'limited') {
    memory.set(clientId, admission.window);
    return limited(admission.window, scope.nowMs);
  }
  if (admission.outcome === 'replayed') {
    const { refusal } = refuse('invalid_client', 'assertion replayed');
    return { ok: false, refusal: { ...refusal, window: admission.window } };
  }
  return refuse(endedAs, `client ${admission.outcome}`);
}
