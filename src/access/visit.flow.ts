/** What a browser's cookie is worth at `/my/access`, its use, and its end. D1: one batch or one write. Objects: none. */
import { deleteSession, deleteSessionsBefore, touchSession } from '#access/session.store.ts';
import { SESSIONS_KEPT_SECONDS, type SessionKey, type Visit } from '#access/session.ts';
import { noteTenantUse } from '#bank/note-tenant-use.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { isSecret, isUuid, newSecret } from '#kernel/ids.ts';

/** A cookie of a session, with its next secret, and the key it is kept by. */
export async function newSessionCookie(sessionId: string): Promise<{ cookie: string; key: SessionKey }> {
  const secret = newSecret();
  return { cookie: `${sessionId}.${secret}`, key: { sessionId, digest: await digestOf(secret) } };
}

/** The key of a cookie; undefined for a text that is none of ours, which costs nothing. */
export async function sessionKeyOf(cookie: string | undefined): Promise<SessionKey | undefined> {
  const [sessionId = '', secret = '', ...rest] = cookie?.split('.') ?? [];
  if (rest.length > 0 || !isUuid(sessionId) || !isSecret(secret)) return undefined;
  return { sessionId, digest: await digestOf(secret) };
}

/** What the holder of the cookie may see. An open session is used by it: five minutes begin again. */
export async function findVisit(scope: Scope, cookie: string | undefined): Promise<Visit> {
  const key = await sessionKeyOf(cookie);
  if (key === undefined) return { stage: 'none' };
  // A use twice is a use, so that asking again does no harm.
  const { row: session, isOpen } = await touchSession(scope.database, key, scope.now);
  if (session === undefined) return { stage: 'none' };
  if (isOpen) {
    noteTenantUse(scope, session.tenantId);
    return { stage: 'open', session };
  }
  const isAwaited = session.stage === 'code' && scope.now < session.codeExpiresAt;
  return { stage: isAwaited ? 'code' : 'over', session };
}

/** Ends the session of a cookie, whichever stage it is at: from here on the cookie opens nothing. */
export async function endVisit(scope: Scope, cookie: string | undefined): Promise<void> {
  const key = await sessionKeyOf(cookie);
  if (key !== undefined) await deleteSession(scope.database, key);
}

/** Scheduled: forgets sessions that have long been over. Harmless to repeat. */
export async function forgetSessions(scope: Scope): Promise<void> {
  await deleteSessionsBefore(scope.database, scope.now - SESSIONS_KEPT_SECONDS);
}
