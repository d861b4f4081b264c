/** The limit on strangers: requests that prove no client, per source address, before any hashing or storage call. */
import { outage, withDeadline } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { ipv6Parts } from '#kernel/ip-address.ts';
import { ok, type Refused, type Result, refuse } from '#kernel/result.ts';

/** The platform counts in windows of 60 s and does not tell what is left, so the honest answer is the whole window. */
const WINDOW_SECONDS = 60;
/** Longest wait for the count, milliseconds: the platform keeps it beside the Worker, and answers in a few. */
const COUNT_DEADLINE_MS = 2_000;

const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/**
 * What a source address is counted as: an IPv4 address as itself, an IPv6 address as its /64, which is what one customer
 * of a network has at least (RFC 6177): counted singly, it would be 2^64 sources.
 */
export function sourceOf(address: string): string {
  const mapped = MAPPED.exec(address)?.[1];
  const parts = mapped === undefined && address.includes(':') ? ipv6Parts(address) : undefined;
  return parts === undefined ? (mapped ?? address) : `${parts.slice(0, 4).join(':')}::/64`;
}

/**
 * Counts one request of a stranger. Refuses with `rate_limit_exceeded`; a local source has a generous limit. `counted`: what
 * it counts as instead of its source. Where the count cannot be had it throws an outage: nobody is let through uncounted.
 */
export async function limitSource(
  scope: Scope,
  counted: string = sourceOf(scope.sourceAddress),
): Promise<Result<void>> {
  const limiter = scope.isLocal ? scope.bindings.LOCAL_SOURCE_LIMIT : scope.bindings.SOURCE_LIMIT;
  const { success } = await withDeadline(
    limiter.limit({ key: counted }),
    COUNT_DEADLINE_MS,
    'source limit',
  ).catch((error: unknown) => {
    throw outage('source limit failed', error);
  });
  return success
    ? ok(undefined)
    : refuse('rate_limit_exceeded', 'source over its limit', { retryAfterSeconds: WINDOW_SECONDS });
}

/** The answer to who has proven nothing: counted against its source, which over its limit is told nothing else. */
export async function refuseStranger(scope: Scope, refused: Refused): Promise<Refused> {
  const limit = await limitSource(scope);
  return limit.ok ? refused : limit;
}
