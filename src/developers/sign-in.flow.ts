/**
 * Sign-in by password, the proof anew of who is signed in, and sign-out. D1: one conditional write, one read, one write, and
 * the session's one batch; sign-out: one batch, one write. Objects: none.
 */
import { readDeveloper, readDeveloperByEmail } from '#developers/developer.store.ts';
import { normaliseEmail } from '#developers/email.ts';
import { findMember } from '#developers/find-member.flow.ts';
import type { Developer, DeveloperSession } from '#developers/member.ts';
import { confirmDeveloperSession, openSessionByPassword, type Visit } from '#developers/open-session.flow.ts';
import { provePassword } from '#developers/prove-password.flow.ts';
import {
  endSessionByDigest,
  endSessionOf,
  endSessionsOf,
  type ListedSession,
  readLiveSessions,
} from '#developers/session.store.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { ok, type Result } from '#kernel/result.ts';

/** The cookie's value; undefined for a wrong, unknown or refused name. Refuses with `service_unavailable`. */
export async function signIn(
  scope: Scope,
  { email, password }: { readonly email: string; readonly password: string },
  visit: Visit,
): Promise<Result<string | undefined>> {
  // What is no address is counted and looked for like one, under itself.
  const address = normaliseEmail(email) ?? email.trim().toLowerCase();
  const proved = await provePassword(scope, address, password, () =>
    retryRead(scope, () => readDeveloperByEmail(scope.database, address)),
  );
  if (!proved.ok || proved.value === undefined) return proved.ok ? ok(undefined) : proved;
  const { developerId, passwordDigest } = proved.value;
  if (passwordDigest === null) return ok(undefined);
  return ok(await openSessionByPassword(scope, { developerId, passwordDigest }, visit));
}

/** The cookie's new value; undefined for a wrong or refused password. Refuses with `service_unavailable`. */
export async function confirmPassword(
  scope: Scope,
  { developer, session }: { readonly developer: Developer; readonly session: DeveloperSession },
  { password, cookie }: { readonly password: string; readonly cookie: string },
): Promise<Result<string | undefined>> {
  const proved = await provePassword(scope, developer.email, password, () =>
    retryRead(scope, () => readDeveloper(scope.database, developer.developerId)),
  );
  if (!proved.ok || proved.value === undefined) return proved.ok ? ok(undefined) : proved;
  return ok(await confirmDeveloperSession(scope, session, cookie));
}

/** Refuses with `rate_limit_exceeded` (a source that keeps trying cookies): only who has a session costs a write. */
export async function signOut(scope: Scope, cookie: string | undefined): Promise<Result<void>> {
  const found = await findMember(scope, cookie);
  if (!found.ok) return found;
  if (found.value.is !== 'stranger' && cookie !== undefined) {
    await endSessionByDigest(scope.database, await digestOf(cookie), scope.now);
  }
  return ok(undefined);
}

/** How an account is signed in to, and where it is: its live sessions, the newest first. */
export async function readSecurity(
  scope: Scope,
  developerId: string,
): Promise<{ readonly hasPassword: boolean; readonly sessions: readonly ListedSession[] }> {
  const { database, now } = scope;
  const [account, sessions] = await retryRead(scope, () =>
    Promise.all([readDeveloper(database, developerId), readLiveSessions(database, developerId, now)]),
  );
  return { hasPassword: account !== undefined && account.passwordDigest !== null, sessions };
}

/** Ends one of the developer's sessions, or all but the one that asks. */
export async function endSessions(
  { database, now }: Scope,
  { developerId, sessionId }: DeveloperSession,
  which: { readonly sessionId: string } | 'others',
): Promise<void> {
  if (which === 'others') await endSessionsOf(database, developerId, now, sessionId);
  else await endSessionOf(database, developerId, which.sessionId, now);
}
