/** Counts a pushed authorization request among its client's live ones. D1: none. Objects: the client's, once. */
import type { Counted } from '#clients/admission.ts';
import { callClient } from '#clients/call-client.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

/**
 * For a client that was admitted in this request. `id` is the request's own, so that a repeated call counts once;
 * `expiresAt` in epoch seconds. Refuses with `rate_limit_exceeded` when the client has too many live.
 */
export async function openRequestUri(
  scope: Scope,
  clientId: string,
  { id, expiresAt }: { readonly id: string; readonly expiresAt: number },
): Promise<Result<void>> {
  const { nowMs, settings } = scope;
  const cap = settings.liveRequestUrisPerClient;
  const counted: Counted = await callClient(scope, clientId, (client) =>
    client.openRequestUri(nowMs, id, expiresAt, cap),
  );
  if (counted.outcome === 'counted') return ok(undefined);
  return refuse('rate_limit_exceeded', 'too many live request_uris', {
    message: 'Too many pushed authorization requests are waiting to be used.',
    retryAfterSeconds: counted.resetSeconds,
  });
}
