/**
 * Invites an address to an organisation, and takes an invitation back. D1: two (the log's end, one batch); one more for
 * what did not happen. Objects: none. The mail goes out after the answer.
 */
import { deliverLater } from '#developers/deliver-message.flow.ts';
import {
  endInvitationsStatement,
  findInvited,
  invitationStatement,
  invitationToken,
  mayBeInvited,
  readInvitationRefusal,
} from '#developers/invitation.store.ts';
import { INVITATION_SECONDS, type Invitation } from '#developers/invitation.ts';
import type { Mailer } from '#developers/mailer.ts';
import type { Member } from '#developers/member.ts';
import { invitationMessage } from '#developers/messages.ts';
import { doerOf, recordDeed } from '#developers/record-deed.flow.ts';
import { isTokenOpen, useTokenStatement } from '#developers/token.statements.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';
import type { Result } from '#kernel/result.ts';

/**
 * `member`: the address is a member's. `too_many`: the organisation's or the address's invitations of the day are used up,
 * or too many are open. Whether the address has an account is not told.
 */
export type InvitationOutcome = 'done' | 'member' | 'too_many' | 'not_allowed';

/** Earlier invitations of the organisation to the same address end: the last one counts. */
export async function inviteMember(
  scope: Scope,
  mailer: Result<Mailer>,
  member: Member,
  { email, role }: Pick<Invitation, 'email' | 'role'>,
): Promise<InvitationOutcome> {
  const { database, now } = scope;
  const doer = doerOf(member);
  const { organisationId } = doer;
  const token = newSecret();
  const invitation: Invitation = {
    invitationId: await digestOf(token),
    organisationId,
    email,
    role,
    createdAt: now,
    expiresAt: now + INVITATION_SECONDS,
  };
  const isKept = await recordDeed(
    scope,
    doer,
    { action: 'invitation.create', subject: invitation.invitationId, detail: { email, role } },
    {
      allowed: 'members.change',
      condition: mayBeInvited(organisationId, email, now),
      changes: (isRecorded) => [
        endInvitationsStatement(database, organisationId, { email }, now, isRecorded),
        invitationStatement(database, invitation, doer.actorId, isRecorded),
      ],
    },
  );
  if (isKept) {
    const asked = { organisation: member.organisation.name, inviter: member.developer.email, role };
    deliverLater(scope, mailer, email, invitationMessage(token, asked));
    return 'done';
  }
  return retryRead(scope, () => readInvitationRefusal(database, doer, email));
}

/** The open invitation of that id, of the organisation that `member` acts for. */
export async function findOwnInvitation(
  scope: Scope,
  { organisation }: Member,
  invitationId: string,
): Promise<Invitation | undefined> {
  const found = await retryRead(scope, () => findInvited(scope.database, invitationId, scope.now));
  return found?.organisationId === organisation.organisationId ? found : undefined;
}

/** False: it was accepted or taken back meanwhile, or whoever asked is no owner any more. */
export function revokeInvitation(scope: Scope, member: Member, invitation: Invitation): Promise<boolean> {
  const { database, now } = scope;
  const { invitationId, email, role } = invitation;
  return recordDeed(
    scope,
    doerOf(member),
    { action: 'invitation.revoke', subject: invitationId, detail: { email, role } },
    {
      allowed: 'members.change',
      condition: isTokenOpen(invitationToken(invitationId), now),
      changes: (isRecorded) => [useTokenStatement(database, invitationId, now, isRecorded)],
    },
  );
}
