/**
 * Sign-in by password, the proof anew of who is signed in, and sign-out. D1: one conditional write, one read, one write, and
 * the session's one batch; sign-out: one batch, one write. Objects: none.
 */
import { readDeveloper } from '#developers/developer.store.ts';
import { normaliseEmail } from '#developers/email.ts';
import { findSignedIn } from '#developers/find-member.flow.ts';
import type { Account, DeveloperSession } from '#developers/member.ts';
import { confirmDeveloperSession, openDeveloperSession, type Visit } from '#developers/open-session.flow.ts';
import { provePassword } from '#developers/prove-password.flow.ts';
import {
  endSessionByDigest,
  endSessionsStatement,
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
    retryRead(scope, () => readDeveloper(scope.database, 'email', address)),
  );
  return proved.ok ? ok(proved.value && (await openDeveloperSession(scope, proved.value, visit))) : proved;
}

/** The cookie's new value; undefined for a wrong or refused password. Refuses with `service_unavailable`. */
export async function confirmPassword(
  scope: Scope,
  { developer, session }: Account,
  { password, cookie }: { readonly password: string; readonly cookie: string },
): Promise<Result<string | undefined>> {
  const proved = await provePassword(scope, developer.email, password, () =>
    retryRead(scope, () => readDeveloper(scope.database, 'developerId', developer.developerId)),
  );
  return proved.ok ? ok(proved.value && (await confirmDeveloperSession(scope, session, cookie))) : proved;
}

/** Refuses with `rate_limit_exceeded` (a source that keeps trying cookies): only who has a session costs a write. */
export async function signOut(scope: Scope, cookie: string | undefined): Promise<Result<void>> {
  const found = await findSignedIn(scope, cookie);
  if (!found.ok) return found;
  if (found.value !== undefined && cookie !== undefined) {
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
    Promise.all([
      readDeveloper(database, 'developerId', developerId),
      readLiveSessions(database, developerId, now),
    ]),
  );
  return { hasPassword: account !== undefined && account.passwordDigest !== null, sessions };
}

/** Ends a session of the developer, or all others. */
export async function endSessions(
  { database, now }: Scope,
  session: Pick<DeveloperSession, 'developerId' | 'sessionId'>,
  which: 'this' | 'others',
): Promise<void> {
  await endSessionsStatement(database, session, which, now);
}
