/**
 * Finds who a session cookie is. D1: one batch; none for what is no cookie of ours. Objects: none. A session in use is
 * noted after the answer, once in five minutes.
 */
import type { SignedIn } from '#developers/member.ts';
import { readSignedIn, touchSession } from '#developers/session.store.ts';
import { USE_NOTED_SECONDS } from '#developers/session.ts';
import { boundedCache, defineIsolateSlot } from '#edge/isolate.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';
import { digestOf } from '#kernel/encoding.ts';
import { isSecret } from '#kernel/ids.ts';
import { ok, type Result } from '#kernel/result.ts';

/** Cookies an isolate has seen to be good, by digest: they are no strangers', so their source is not limited. */
const PROVEN_MAXIMUM = 1_000;
const provenCookies = defineIsolateSlot(() => boundedCache<true>(PROVEN_MAXIMUM));

/**
 * Who is signed in; undefined for a stranger. Refuses with `rate_limit_exceeded` (a source that keeps trying cookies). Each
 * call reads D1: a session ends at once.
 */
export async function findSignedIn(
  scope: Scope,
  cookie: string | undefined,
): Promise<Result<SignedIn | undefined>> {
  if (cookie === undefined || !isSecret(cookie)) return ok(undefined);
  const digest = await digestOf(cookie);
  const proven = provenCookies.of(scope.isolate);
  if (proven.get(digest) === undefined) {
    const within = await limitSource(scope);
    if (!within.ok) return within;
  }
  const { database, now } = scope;
  const found = await retryRead(scope, () => readSignedIn(database, digest, now));
  if (found === undefined) {
    proven.delete(digest);
    return ok(undefined);
  }
  proven.set(digest, true);
  const { account, memberships } = found;
  const { sessionId, organisationId, lastUsedAt } = account.session;
  if (lastUsedAt < now - USE_NOTED_SECONDS) scope.defer(touchSession(database, sessionId, now));
  const chosen =
    memberships.find(({ organisation }) => organisation.organisationId === organisationId) ?? memberships[0];
  return ok({ ...account, member: chosen && { ...account, ...chosen, memberships } });
}
