/**
 * Changes who belongs to an organisation and as what. An organisation keeps an owner at all times: the condition and the
 * change are of one transaction. D1: two (the log's end, one batch); one more for a change that did not happen. Objects:
 * none.
 */
import type { AuditAction } from '#developers/audit.ts';
import { endInvitationsStatement } from '#developers/invitation.store.ts';
import type { Member } from '#developers/member.ts';
import {
  becomeStatement,
  type ListedMember,
  mayBecome,
  readRoles,
  type SeenMember,
  selectMembers,
} from '#developers/membership.store.ts';
import { doerOf, recordDeed } from '#developers/record-deed.flow.ts';
import { type MemberAction, type MemberRole, mayDo } from '#developers/role.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/**
 * `last_owner`: nobody would own the organisation. `changed`: the member was changed or removed meanwhile. `not_allowed`:
 * whoever asked is no owner any more.
 */
export type MemberChange = 'done' | 'last_owner' | 'changed' | 'not_allowed';

/** The member of that id in the organisation that `member` acts for. */
export async function findOrganisationMember(
  scope: Scope,
  { organisation }: Member,
  developerId: string,
): Promise<ListedMember | undefined> {
  const [found] = await retryRead(scope, () =>
    selectMembers(scope.database, organisation.organisationId, developerId),
  );
  return found;
}

/** A change of a member: the role they get, or none. */
interface Change {
  readonly action: AuditAction;
  readonly allowed: MemberAction;
  readonly role: MemberRole | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The invitations that somebody sent end with their being an owner; the next request of who is out is none of a member. */
async function changeMember(
  scope: Scope,
  member: Member,
  target: SeenMember,
  { action, allowed, role, detail }: Change,
): Promise<MemberChange> {
  const { database, now } = scope;
  const doer = doerOf(member);
  const { organisationId } = doer;
  const { developerId, email } = target;
  const isChanged = await recordDeed(
    scope,
    doer,
    { action, subject: developerId, detail: { email, ...detail } },
    {
      allowed,
      condition: mayBecome(organisationId, target, role),
      changes: (isRecorded) => [
        becomeStatement(database, organisationId, developerId, role, isRecorded),
        ...(role === 'owner'
          ? []
          : [endInvitationsStatement(database, organisationId, { developerId }, now, isRecorded)]),
      ],
    },
  );
  if (isChanged) return 'done';
  const [actorRole, targetRole] = await retryRead(scope, () => readRoles(database, doer, developerId));
  if (targetRole !== target.role) return 'changed';
  return actorRole !== undefined && mayDo(actorRole, allowed) ? 'last_owner' : 'not_allowed';
}

/** Gives a member another role. */
export async function changeRole(
  scope: Scope,
  member: Member,
  target: SeenMember,
  role: MemberRole,
): Promise<MemberChange> {
  if (target.role === role) return 'done';
  return changeMember(scope, member, target, {
    action: 'member.change_role',
    allowed: 'members.change',
    role,
    detail: { from: target.role, to: role },
  });
}

export function removeMember(scope: Scope, member: Member, target: SeenMember): Promise<MemberChange> {
  const { role } = target;
  return changeMember(scope, member, target, {
    action: 'member.remove',
    allowed: 'members.change',
    role: undefined,
    detail: { role },
  });
}

/** The member's own leaving of the organisation they act for. */
export function leaveOrganisation(scope: Scope, member: Member): Promise<MemberChange> {
  const { developer, role } = member;
  return changeMember(
    scope,
    member,
    { ...developer, role },
    {
      action: 'member.leave',
      allowed: 'account.change',
      role: undefined,
      detail: { role },
    },
  );
}
