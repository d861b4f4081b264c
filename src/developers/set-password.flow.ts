/**
 * A new password: by a mailed link for who does not know theirs, or by who proved it just now. Asking for the link is one write
 * for each address, known or not. D1: one write; the link and the change: one batch each. Objects: none.
 */
import { clearAttemptsStatement } from '#authorization/login-attempt.statements.ts';
import { hashPassword } from '#bank/password.ts';
import { deliverLater } from '#developers/deliver-message.flow.ts';
import { type NewPassword, replacePassword } from '#developers/developer.store.ts';
import { RESET_SECONDS } from '#developers/mailed-token.ts';
import type { Mailer } from '#developers/mailer.ts';
import type { Account } from '#developers/member.ts';
import { PASSWORD_CHANGED_MESSAGE, resetMessage } from '#developers/messages.ts';
import { attemptsOf } from '#developers/prove-password.flow.ts';
import { isSessionKept } from '#developers/session.store.ts';
import { isTokenOpen } from '#developers/token.statements.ts';
import { insertReset, type OpenToken } from '#developers/token.store.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';
import { ok, type Result } from '#kernel/result.ts';

/** Mails a link to an address with an account; says nothing of whether it has one. */
export async function askReset(scope: Scope, mailer: Result<Mailer>, email: string): Promise<void> {
  const token = newSecret();
  const { database, now } = scope;
  const kept = await insertReset(database, {
    digest: await digestOf(token),
    email,
    now,
    expiresAt: now + RESET_SECONDS,
  });
  if (kept?.purpose === 'reset') deliverLater(scope, mailer, email, resetMessage(token));
}

/** Refuses with `service_unavailable` when too many passwords wait. */
async function replace(
  scope: Scope,
  mailer: Result<Mailer>,
  password: string,
  wanted: Omit<NewPassword, 'passwordDigest'>,
): Promise<Result<boolean>> {
  const hashed = await hashPassword(password);
  if (!hashed.ok) return hashed;
  const { database, now } = scope;
  const done = await replacePassword(database, { ...wanted, passwordDigest: hashed.value }, now);
  if (done) deliverLater(scope, mailer, wanted.email, PASSWORD_CHANGED_MESSAGE);
  return ok(done);
}

/** Sets the password of a link's account and signs it out everywhere; false where another used the link first. Refuses as above. */
export async function carryOutReset(
  scope: Scope,
  mailer: Result<Mailer>,
  { digest, email, developerId }: OpenToken,
  password: string,
): Promise<Result<boolean>> {
  return replace(scope, mailer, password, {
    developerId: developerId ?? '',
    email,
    condition: isTokenOpen({ digest, purpose: 'reset' }, scope.now),
    // Failed sign-ins are forgotten; for a used token too, as its owner has the mailbox.
    also: [clearAttemptsStatement(scope.database, await attemptsOf(scope, email))],
  });
}

/**
 * For a session that proved itself just now; its other sessions end. False where it was itself ended meanwhile: a password that its
 * owner set elsewhere stands. Refuses as above.
 */
export function setPassword(
  scope: Scope,
  mailer: Result<Mailer>,
  { developer, session }: Account,
  password: string,
): Promise<Result<boolean>> {
  const { sessionId } = session;
  return replace(scope, mailer, password, { ...developer, sessionId, condition: isSessionKept(session) });
}
