/**
 * Accepts an invitation: by the account of its address, or with a new account, whose address the mailed link proves. Of all
 * that race with one link one wins. D1: one batch to find it; two to accept it (the log's end, one batch), and one for a new
 * account's session. Objects: none.
 */
import { hashPassword } from '#bank/password.ts';
import { createDeveloper } from '#developers/create-developer.flow.ts';
import { insertMembershipStatement } from '#developers/developer.statements.ts';
import { findInvited, type Invited, invitationToken, mayBeAccepted } from '#developers/invitation.store.ts';
import type { Invitation } from '#developers/invitation.ts';
import type { Account } from '#developers/member.ts';
import { switchStatement } from '#developers/membership.store.ts';
import { openDeveloperSession, type Visit } from '#developers/open-session.flow.ts';
import { recordDeed } from '#developers/record-deed.flow.ts';
import { useTokenStatement } from '#developers/token.statements.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { isSecret } from '#kernel/ids.ts';
import { ok, type Result } from '#kernel/result.ts';

/** The invitation that a mailed link is for; undefined when it was used, taken back, or has ended. Changes nothing. */
export async function findByLink(scope: Scope, token: string): Promise<Invited | undefined> {
  if (!isSecret(token)) return undefined;
  const invitationId = await digestOf(token);
  return retryRead(scope, () => findInvited(scope.database, invitationId, scope.now));
}

/** Joins the organisation and goes on in it. False: another was first, or the account belongs to it already. */
export async function acceptInvitation(
  scope: Scope,
  { developer, session }: Account,
  invitation: Invitation,
): Promise<boolean> {
  const { database, now } = scope;
  const { invitationId, organisationId, role } = invitation;
  const { developerId, email } = developer;
  return recordDeed(
    scope,
    { organisationId, actorId: developerId, actor: email },
    { action: 'member.join', subject: developerId, detail: { email, role } },
    {
      condition: mayBeAccepted(invitation, now),
      changes: (isRecorded) => [
        insertMembershipStatement(database, { organisationId, developerId, role }, now, isRecorded),
        useTokenStatement(database, invitationId, now, isRecorded),
        switchStatement(database, session, organisationId),
      ],
    },
  );
}

export interface NewAccount {
  readonly name: string;
  /** Already found good enough. */
  readonly password: string;
}

/** The cookie of the new account's session; undefined where another was first. Refuses with `service_unavailable`. */
export async function signUpInvited(
  scope: Scope,
  invitation: Invitation,
  { name, password }: NewAccount,
  visit: Visit,
): Promise<Result<string | undefined>> {
  const passwordDigest = await hashPassword(password);
  if (!passwordDigest.ok) return passwordDigest;
  const { invitationId, organisationId, email, role } = invitation;
  const created = await createDeveloper(scope, {
    token: invitationToken(invitationId),
    email,
    name,
    passwordDigest: passwordDigest.value,
    organisationId,
    role,
  });
  return ok(created && (await openDeveloperSession(scope, created, visit)));
}
