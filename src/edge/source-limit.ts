/** The limit on strangers: requests that prove no client, per source address, before any hashing or storage call. */
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

/** The platform counts in windows of 60 s and does not tell what is left, so the honest answer is the whole window. */
const WINDOW_SECONDS = 60;

/** Counts one request of a stranger. Refuses with `rate_limit_exceeded`; a local source has a generous limit. */
export async function limitSource(scope: Scope): Promise<Result<void>> {
  const limiter = scope.isLocal ? scope.bindings.LOCAL_SOURCE_LIMIT : scope.bindings.SOURCE_LIMIT;
  const { success } = await limiter.limit({ key: scope.sourceAddress });
  return success
    ? ok(undefined)
    : refuse('rate_limit_exceeded', 'source address over its limit', { retryAfterSeconds: WINDOW_SECONDS });
}
