/** The rate limit as response headers. Source: draft-ietf-httpapi-ratelimit-headers. */
import type { Context } from 'hono';
import type { RateWindow } from '#clients/admission.ts';
import { WINDOW_MS } from '#clients/rate-window.ts';
import type { AppEnv } from '#edge/scope.ts';

/**
 * Puts `RateLimit-Policy` and `RateLimit` on the answer, whatever it becomes. Nothing where no client was proven;
 * `Retry-After` of a 429 comes from its refusal.
 */
export function setRateHeaders<E extends AppEnv>(c: Context<E>, window: RateWindow | undefined): void {
  if (window === undefined) return;
  c.header('RateLimit-Policy', `"default";q=${window.limit};w=${WINDOW_MS / 1000}`);
  c.header('RateLimit', `"default";r=${window.remaining};t=${window.resetSeconds}`);
}
