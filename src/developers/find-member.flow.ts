/**
 * Finds who a session cookie is. D1: one batch; none for what is no cookie of ours. Objects: none. A session in use is
 * noted after the answer, once in five minutes.
 */
import type { Developer, DeveloperSession, Member, MemberOrganisation } from '#developers/member.ts';
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

/** Who is signed in. Without an organisation there is no member, only an account. */
export type Found =
  | { readonly is: 'stranger' }
  | { readonly is: 'alone'; readonly developer: Developer; readonly session: DeveloperSession }
  | { readonly is: 'member'; readonly member: Member };

/** Refuses with `rate_limit_exceeded` (a source that keeps trying cookies). Each call reads D1: a session ends at once. */
export async function findMember(scope: Scope, cookie: string | undefined): Promise<Result<Found>> {
  if (cookie === undefined || !isSecret(cookie)) return ok({ is: 'stranger' });
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
    return ok({ is: 'stranger' });
  }
  proven.set(digest, true);
  const { developer, session, memberships } = found;
  if (session.lastUsedAt < now - USE_NOTED_SECONDS) {
    scope.defer(touchSession(database, session.sessionId, now));
  }
  const chosen =
    memberships.find(({ organisation }) => organisation.organisationId === session.organisationId) ??
    memberships[0];
  if (chosen === undefined) return ok({ is: 'alone', developer, session });
  const organisations = memberships.map(
    ({ organisation: { organisationId, name }, role }): MemberOrganisation => ({
      organisationId,
      name,
      role,
    }),
  );
  return ok({ is: 'member', member: { developer, session, ...chosen, organisations } });
}
