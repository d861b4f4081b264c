/**
 * A new password: by a mailed link for who does not know theirs, or by who proved it just now. Asking for the link is one write
 * for each address, known or not. D1: one write; the link: one read, one batch; the change: one batch. Objects: none.
 */
import { hashPassword } from '#bank/password.ts';
import { deliverLater } from '#developers/deliver-message.flow.ts';
import { changePassword, resetPassword } from '#developers/developer.store.ts';
import { RESET_SECONDS } from '#developers/mailed-token.ts';
import type { Mailer } from '#developers/mailer.ts';
import type { Account } from '#developers/member.ts';
import { PASSWORD_CHANGED_MESSAGE, resetMessage } from '#developers/messages.ts';
import { attemptsOf } from '#developers/prove-password.flow.ts';
import { insertReset, type OpenToken, readOpenToken } from '#developers/token.store.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { isSecret, newSecret } from '#kernel/ids.ts';
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

/** The reset that a mailed link is for; undefined when it was used or has ended. Changes nothing. */
export async function findReset(scope: Scope, token: string): Promise<OpenToken | undefined> {
  if (!isSecret(token)) return undefined;
  const digest = await digestOf(token);
  return retryRead(scope, () => readOpenToken(scope.database, { digest, purpose: 'reset' }, scope.now));
}

/**
 * Sets the password of a link's account and signs it out everywhere; false where another used the link first. Refuses with
 * `service_unavailable` when too many passwords wait.
 */
export async function carryOutReset(
  scope: Scope,
  mailer: Result<Mailer>,
  {
    token,
    found,
    password,
  }: { readonly token: string; readonly found: OpenToken; readonly password: string },
): Promise<Result<boolean>> {
  const { email, developerId } = found;
  const passwordDigest = await hashPassword(password);
  if (!passwordDigest.ok) return passwordDigest;
  const done = await resetPassword(scope.database, {
    tokenDigest: await digestOf(token),
    developerId: developerId ?? '',
    email,
    passwordDigest: passwordDigest.value,
    attempts: await attemptsOf(scope, email),
    now: scope.now,
  });
  if (done) deliverLater(scope, mailer, email, PASSWORD_CHANGED_MESSAGE);
  return ok(done);
}

/**
 * For a session that proved itself just now; its other sessions end. False where it was itself ended meanwhile: a password that its
 * owner set elsewhere stands. Refuses with `service_unavailable`.
 */
export async function setPassword(
  scope: Scope,
  mailer: Result<Mailer>,
  { developer, session }: Account,
  password: string,
): Promise<Result<boolean>> {
  const passwordDigest = await hashPassword(password);
  if (!passwordDigest.ok) return passwordDigest;
  const done = await changePassword(scope.database, developer, passwordDigest.value, session, scope.now);
  if (done) deliverLater(scope, mailer, developer.email, PASSWORD_CHANGED_MESSAGE);
  return ok(done);
}
