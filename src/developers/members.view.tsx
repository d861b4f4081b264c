/** The pages that change who belongs to an organisation: a member's role, a removal, an invitation sent or taken back. */
import type { FC } from 'hono/jsx';
import { Choice, Choices } from '#developers/choices.view.tsx';
import type { Invitation } from '#developers/invitation.ts';
import type { ListedMember } from '#developers/membership.store.ts';
import { type BoardProps, FormEnd, ORGANISATION, OrganisationFrame } from '#developers/organisation.view.tsx';
import { Facts, Field, ShownFor, Time } from '#developers/parts.view.tsx';
import { MEMBER_ROLES, type MemberRole, ROLE_WORDS } from '#developers/role.ts';

const Roles: FC<{ readonly chosen: MemberRole | undefined; readonly error?: string | undefined }> = ({
  chosen,
  error,
}) => (
  <Choices legend="Role" error={error}>
    {MEMBER_ROLES.map((role) => (
      <Choice
        type="radio"
        name="role"
        value={role}
        title={ROLE_WORDS[role].name}
        hint={`May ${ROLE_WORDS[role].may}`}
        checked={role === chosen}
      />
    ))}
  </Choices>
);

export const MemberView: FC<
  BoardProps & { readonly target: ListedMember; readonly problem?: string | undefined }
> = ({ target, problem, ...board }) => {
  const path = `${ORGANISATION}/members/${target.developerId}`;
  const isSelf = target.developerId === board.member.developer.developerId;
  return (
    <OrganisationFrame {...board} title="Change a member" problem={problem}>
      <Facts
        rows={[
          ['Name', <bdi>{target.name}</bdi>],
          ['E-mail', target.email],
          ['Member since', <Time at={target.createdAt} />],
        ]}
      />
      <form class="form" method="post" action={path}>
        <ShownFor member={board.member} />
        <Roles chosen={target.role} />
        <FormEnd does="Change the role" />
      </form>
      <p>
        <a href={isSelf ? `${ORGANISATION}/leave` : `${path}/remove`}>
          {isSelf ? 'Leave the organisation' : 'Remove from the organisation'}
        </a>
      </p>
    </OrganisationFrame>
  );
};

export const RemoveMemberView: FC<
  BoardProps & { readonly target: ListedMember; readonly problem?: string | undefined }
> = ({ target, problem, ...board }) => (
  <OrganisationFrame {...board} title="Remove a member" problem={problem}>
    <p>
      <b>{target.name}</b> ({target.email}) will no longer see {board.member.organisation.name}. It counts
      from their next request on, and ends the invitations they sent. API keys they made go on working: revoke
      those they may have kept.
    </p>
    <form method="post" action={`${ORGANISATION}/members/${target.developerId}/remove`}>
      <ShownFor member={board.member} />
      <FormEnd does="Remove" danger back={`${ORGANISATION}/members/${target.developerId}`} />
    </form>
  </OrganisationFrame>
);

export interface InviteProblem {
  readonly field: 'email' | 'role';
  readonly message: string;
}

export const InviteView: FC<
  BoardProps & {
    readonly email: string;
    readonly role: MemberRole | undefined;
    readonly problem?: InviteProblem | undefined;
  }
> = ({ email, role, problem, ...board }) => (
  <OrganisationFrame
    {...board}
    title="Invite someone"
    problem={problem?.message}
    {...(problem?.field === 'email' ? { field: 'email' } : {})}
  >
    <form class="form" method="post" action={`${ORGANISATION}/invite`}>
      <ShownFor member={board.member} />
      <Field
        label="E-mail address"
        name="email"
        type="email"
        value={email}
        error={problem?.field === 'email' ? problem.message : undefined}
        maxlength={254}
        autocomplete="off"
        hint="We send a link that works once, for 7 days, and for this address only."
      />
      <Roles chosen={role} error={problem?.field === 'role' ? problem.message : undefined} />
      <FormEnd does="Send the invitation" />
    </form>
  </OrganisationFrame>
);

export const RevokeInvitationView: FC<BoardProps & { readonly invitation: Invitation }> = ({
  invitation,
  ...board
}) => (
  <OrganisationFrame {...board} title="Take back an invitation">
    <p>
      The link that <b>{invitation.email}</b> got, to join as {ROLE_WORDS[invitation.role].name.toLowerCase()}
      , will open nothing any more.
    </p>
    <form method="post" action={`${ORGANISATION}/invitations/${invitation.invitationId}/revoke`}>
      <FormEnd does="Take back" danger />
    </form>
  </OrganisationFrame>
);
