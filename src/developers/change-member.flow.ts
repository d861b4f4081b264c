/**
 * Changes who belongs to an organisation and as what. An organisation keeps an owner at all times: the condition and the
 * change are of one transaction. D1: two (the log's end, one batch); one more for a change that did not happen. Objects:
 * none.
 */
import type { Doer } from '#developers/audit.ts';
import { endInvitationsStatement } from '#developers/invitation.store.ts';
import type { Member } from '#developers/member.ts';
import {
  findListedMember,
  type ListedMember,
  mayBecome,
  mayBeRemoved,
  mayLeave,
  readStanding,
  removalStatement,
  roleStatement,
} from '#developers/membership.store.ts';
import { doerOf, recordDeed } from '#developers/record-deed.flow.ts';
import { type MemberRole, mayDo } from '#developers/role.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/**
 * `last_owner`: nobody would own the organisation. `changed`: the member was changed or removed meanwhile. `not_allowed`:
 * whoever asked is no owner any more.
 */
export type MemberChange = 'done' | 'last_owner' | 'changed' | 'not_allowed';

/** The member of that id in the organisation that `member` acts for. */
export function findOrganisationMember(
  scope: Scope,
  { organisation }: Member,
  developerId: string,
): Promise<ListedMember | undefined> {
  return retryRead(scope, () => findListedMember(scope.database, organisation.organisationId, developerId));
}

/** Why a change of the member did not happen. */
async function explain(scope: Scope, doer: Doer, { developerId, role }: ListedMember): Promise<MemberChange> {
  const { actorRole, targetRole } = await retryRead(scope, () =>
    readStanding(scope.database, doer, developerId),
  );
  if (targetRole !== role) return 'changed';
  const isLeaving = doer.actorId === developerId;
  return isLeaving || (actorRole !== undefined && mayDo(actorRole, 'members.change'))
    ? 'last_owner'
    : 'not_allowed';
}

/** Gives a member another role. The invitations that somebody sent end with their being an owner. */
export async function changeRole(
  scope: Scope,
  member: Member,
  target: ListedMember,
  role: MemberRole,
): Promise<MemberChange> {
  if (target.role === role) return 'done';
  const { database, now } = scope;
  const doer = doerOf(member);
  const { organisationId } = doer;
  const { developerId, email, role: from } = target;
  const isChanged = await recordDeed(
    scope,
    doer,
    { action: 'member.change_role', subject: developerId, detail: { email, from, to: role } },
    {
      condition: mayBecome(doer, target, role),
      changes: (isRecorded) => [
        roleStatement(database, { organisationId, developerId, role }, isRecorded),
        ...(role === 'owner'
          ? []
          : [endInvitationsStatement(database, organisationId, { inviterId: developerId }, now, isRecorded)]),
      ],
    },
  );
  return isChanged ? 'done' : explain(scope, doer, target);
}

/** Takes somebody out of the organisation: their next request is none of a member. Their invitations end too. */
async function takeOut(
  scope: Scope,
  doer: Doer,
  target: ListedMember,
  action: 'member.remove' | 'member.leave',
): Promise<MemberChange> {
  const { database, now } = scope;
  const { organisationId } = doer;
  const { developerId, email, role } = target;
  const isOut = await recordDeed(
    scope,
    doer,
    { action, subject: developerId, detail: { email, role } },
    {
      condition: action === 'member.leave' ? mayLeave(organisationId, target) : mayBeRemoved(doer, target),
      changes: (isRecorded) => [
        removalStatement(database, organisationId, developerId, isRecorded),
        endInvitationsStatement(database, organisationId, { inviterId: developerId }, now, isRecorded),
      ],
    },
  );
  return isOut ? 'done' : explain(scope, doer, target);
}

export function removeMember(scope: Scope, member: Member, target: ListedMember): Promise<MemberChange> {
  return takeOut(scope, doerOf(member), target, 'member.remove');
}

/** The member's own leaving of the organisation they act for. */
export function leaveOrganisation(scope: Scope, member: Member): Promise<MemberChange> {
  const { developer, role, session } = member;
  const self: ListedMember = { ...developer, role, createdAt: session.createdAt };
  return takeOut(scope, doerOf(member), self, 'member.leave');
}
