/** The pages that change who belongs to an organisation: a member's role, a removal, an invitation sent or taken back. */
import type { FC } from 'hono/jsx';
import { Choice, Choices } from '#developers/choices.view.tsx';
import type { Invitation } from '#developers/invitation.ts';
import type { ListedMember } from '#developers/membership.store.ts';
import { type BoardProps, ORGANISATION, OrganisationForm } from '#developers/organisation.view.tsx';
import { errorOf, Facts, Field, type Problem, Time } from '#developers/parts.view.tsx';
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

interface MemberProps extends BoardProps {
  readonly target: ListedMember;
  readonly problems?: readonly Problem[];
}

export const MemberView: FC<MemberProps> = ({ target, ...page }) => {
  const path = `${ORGANISATION}/members/${target.developerId}`;
  const isSelf = target.developerId === page.member.developer.developerId;
  return (
    <OrganisationForm
      {...page}
      title="Change a member"
      lead={
        <Facts
          rows={[
            ['Name', <bdi>{target.name}</bdi>],
            ['E-mail', target.email],
            ['Member since', <Time at={target.createdAt} />],
          ]}
        />
      }
      action={path}
      does="Change the role"
      after={
        <p>
          <a href={isSelf ? `${ORGANISATION}/leave` : `${path}/remove`}>
            {isSelf ? 'Leave the organisation' : 'Remove from the organisation'}
          </a>
        </p>
      }
    >
      <Roles chosen={target.role} />
    </OrganisationForm>
  );
};

export const RemoveMemberView: FC<MemberProps> = ({ target, ...page }) => {
  const path = `${ORGANISATION}/members/${target.developerId}`;
  return (
    <OrganisationForm
      {...page}
      title="Remove a member"
      lead={
        <p>
          <b>{target.name}</b> ({target.email}) will no longer see {page.member.organisation.name}, and the
          invitations they sent end. API keys they made go on working: revoke those they may have kept.
        </p>
      }
      action={`${path}/remove`}
      does="Remove"
      danger
      back={path}
    />
  );
};

export const InviteView: FC<
  BoardProps & {
    readonly email: string;
    readonly role: MemberRole | undefined;
    readonly problems?: readonly Problem[];
  }
> = ({ email, role, problems = [], ...page }) => {
  return (
    <OrganisationForm
      {...page}
      problems={problems}
      title="Invite someone"
      action={`${ORGANISATION}/invite`}
      does="Send the invitation"
    >
      <Field
        label="E-mail address"
        name="email"
        type="email"
        value={email}
        error={errorOf(problems, 'email')}
        maxlength={254}
        autocomplete="off"
        hint="We send a link that works once, for 7 days, and for this address only."
      />
      <Roles chosen={role} error={errorOf(problems, 'role')} />
    </OrganisationForm>
  );
};

export const RevokeInvitationView: FC<BoardProps & { readonly invitation: Invitation }> = ({
  invitation: { invitationId, email, role },
  ...page
}) => (
  <OrganisationForm
    {...page}
    title="Take back an invitation"
    lead={
      <p>
        The link that <b>{email}</b> got, to join as {ROLE_WORDS[role].name.toLowerCase()}, will open nothing
        any more.
      </p>
    }
    action={`${ORGANISATION}/invitations/${invitationId}/revoke`}
    does="Take back"
    danger
  />
);
