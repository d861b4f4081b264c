/** The organisation's pages: who belongs to it, its name, the developer's other organisations, and leaving. */
import type { Child, FC } from 'hono/jsx';
import { DashboardPage, EntrancePage, SWITCH_ACTION } from '#developers/dashboard.view.tsx';
import type { Invitation } from '#developers/invitation.ts';
import type { Member } from '#developers/member.ts';
import type { ListedMember } from '#developers/membership.store.ts';
import { ORGANISATION_NAME_MAXIMUM } from '#developers/organisation.ts';
import {
  DocsLink,
  Facts,
  Field,
  Id,
  Note,
  ProblemSummary,
  ShownFor,
  Table,
  Time,
} from '#developers/parts.view.tsx';
import { mayDo, ROLE_WORDS } from '#developers/role.ts';
import type { Site } from '#developers/site.ts';

export const ORGANISATION = '/dashboard/organisation';

/** What was just done, as the address after it says (`?done=`). */
export const DONE = {
  invited: 'The invitation is on its way. It holds for 7 days.',
  revoked: 'The invitation is taken back: its link opens nothing any more.',
  role: 'The role is changed. It counts from the next request on.',
  removed: 'The member is removed. Their next request is refused.',
  renamed: 'The organisation has its new name.',
  made: 'The organisation is made, and you are its owner. You are working in it now.',
  joined: 'Welcome. You are a member now, and working in this organisation.',
  left: 'You have left. You are working in another organisation now.',
} as const;
export type Done = keyof typeof DONE;

export interface BoardProps {
  readonly site: Site;
  readonly member: Member;
}

/** The frame of every page about the organisation. */
export const OrganisationFrame: FC<
  BoardProps & {
    readonly title: string;
    readonly children?: Child;
    readonly action?: Child;
    readonly notice?: Child;
    readonly problem?: string | undefined;
    /** Of the problem. */
    readonly field?: string;
  }
> = ({ problem, field, children, ...page }) => (
  <DashboardPage {...page} current={ORGANISATION} failed={problem !== undefined}>
    {problem === undefined ? null : (
      <ProblemSummary
        topic="organisations-and-roles"
        errors={[{ message: problem, ...(field === undefined ? {} : { field }) }]}
      />
    )}
    {children}
  </DashboardPage>
);

/** Buttons at a form's end: what it does, and the way back. */
export const FormEnd: FC<{ readonly does: string; readonly danger?: boolean; readonly back?: string }> = ({
  does,
  danger = false,
  back = ORGANISATION,
}) => (
  <p class="links">
    <button class={danger ? 'button danger' : 'button'} type="submit">
      {does}
    </button>
    <a class="button plain" href={back}>
      Cancel
    </a>
  </p>
);

const Members: FC<BoardProps & { readonly members: readonly ListedMember[] }> = ({ member, members }) => {
  const changes = mayDo(member.role, 'members.change');
  return (
    <Table
      caption="Members"
      columns={['Name', 'E-mail', 'Role', 'Member since', ...(changes ? ['Change'] : [])]}
      rows={members.map(({ developerId, name, email, role, createdAt }) => [
        <>
          <bdi>{name}</bdi>
          {developerId === member.developer.developerId ? ' (you)' : ''}
        </>,
        <bdi>{email}</bdi>,
        ROLE_WORDS[role].name,
        <Time at={createdAt} />,
        ...(changes
          ? [
              <a href={`${ORGANISATION}/members/${developerId}`} aria-label={`Change ${email}`}>
                Change
              </a>,
            ]
          : []),
      ])}
    />
  );
};

const Invitations: FC<BoardProps & { readonly invitations: readonly Invitation[] }> = ({
  member,
  invitations,
}) => {
  const changes = mayDo(member.role, 'members.change');
  return (
    <Table
      caption="Invitations"
      columns={['E-mail', 'Role', 'Holds until', ...(changes ? ['Change'] : [])]}
      rows={invitations.map(({ invitationId, email, role, expiresAt }) => [
        <bdi>{email}</bdi>,
        ROLE_WORDS[role].name,
        <Time at={expiresAt} />,
        ...(changes
          ? [
              <a
                href={`${ORGANISATION}/invitations/${invitationId}/revoke`}
                aria-label={`Take back the invitation of ${email}`}
              >
                Take back
              </a>,
            ]
          : []),
      ])}
    />
  );
};

const OwnOrganisations: FC<BoardProps> = ({ member }) => (
  <Table
    caption="Your organisations"
    columns={['Organisation', 'Your role', 'Work in it']}
    rows={member.organisations.map(({ organisationId, name, role }) => [
      <bdi>{name}</bdi>,
      ROLE_WORDS[role].name,
      organisationId === member.organisation.organisationId ? (
        'You are here'
      ) : (
        <form method="post" action={SWITCH_ACTION}>
          <button
            class="button plain"
            type="submit"
            name="organisation_id"
            value={organisationId}
            aria-label={`Switch to ${name}`}
          >
            Switch
          </button>
        </form>
      ),
    ])}
  />
);

export const OrganisationView: FC<
  BoardProps & {
    readonly members: readonly ListedMember[];
    readonly invitations: readonly Invitation[];
    readonly done: Done | undefined;
  }
> = ({ members, invitations, done, ...board }) => {
  const { organisation, role } = board.member;
  return (
    <OrganisationFrame
      {...board}
      title="Organisation"
      notice={done === undefined ? undefined : <Note>{DONE[done]}</Note>}
      action={
        mayDo(role, 'members.change') ? (
          <a class="button" href={`${ORGANISATION}/invite`}>
            Invite someone
          </a>
        ) : undefined
      }
    >
      <Facts
        rows={[
          [
            'Name',
            <>
              <bdi>{organisation.name}</bdi>
              {mayDo(role, 'organisation.change') ? (
                <>
                  {' '}
                  <a href={`${ORGANISATION}/rename`}>Rename</a>
                </>
              ) : null}
            </>,
          ],
          ['Id', <Id value={organisation.organisationId} />],
          [
            'Your role',
            <>
              {ROLE_WORDS[role].name}: you may {ROLE_WORDS[role].may}.
            </>,
          ],
        ]}
      />
      <h2>Members</h2>
      <Members {...board} members={members} />
      <h2>Invitations</h2>
      {invitations.length === 0 ? (
        <p class="hint">Nobody is invited at the moment.</p>
      ) : (
        <Invitations {...board} invitations={invitations} />
      )}
      <h2>Your organisations</h2>
      <OwnOrganisations {...board} />
      <p class="links">
        <a class="button plain" href={`${ORGANISATION}/new`}>
          New organisation
        </a>
        <a class="button plain" href={`${ORGANISATION}/leave`}>
          Leave this organisation
        </a>
      </p>
      <p>
        <DocsLink topic="organisations-and-roles">What each role may do</DocsLink>
      </p>
    </OrganisationFrame>
  );
};

const NameField: FC<{ readonly value: string; readonly error: string | undefined; readonly hint: string }> = (
  field,
) => (
  <Field
    {...field}
    label="Name of the organisation"
    name="name"
    maxlength={ORGANISATION_NAME_MAXIMUM}
    autocomplete="organization"
  />
);

interface NameProps {
  readonly value: string;
  readonly problem?: string | undefined;
}

export const RenameView: FC<BoardProps & NameProps> = ({ value, problem, ...board }) => (
  <OrganisationFrame {...board} title="Rename the organisation" problem={problem} field="name">
    <form class="form" method="post" action={`${ORGANISATION}/rename`}>
      <ShownFor member={board.member} />
      <NameField
        value={value}
        error={problem}
        hint="Software statements minted from now on carry it. Applications that are registered keep the name in theirs."
      />
      <FormEnd does="Rename" />
    </form>
  </OrganisationFrame>
);

/** For who belongs to no organisation too. */
/** `nonce` is new with each showing: a form sent twice makes one organisation. */
export const NewOrganisationView: FC<NameProps & { readonly site: Site; readonly nonce: string }> = ({
  site,
  nonce,
  value,
  problem,
}) => (
  <EntrancePage site={site} title="New organisation" failed={problem !== undefined}>
    <form class="form" method="post" action={`${ORGANISATION}/new`}>
      <input type="hidden" name="nonce" value={nonce} />
      {problem === undefined ? null : (
        <ProblemSummary topic="organisations-and-roles" errors={[{ field: 'name', message: problem }]} />
      )}
      <NameField
        value={value}
        error={problem}
        hint="It has members, applications and keys of its own, and you are its first owner."
      />
      <FormEnd does="Make the organisation" />
    </form>
  </EntrancePage>
);

export const LeaveView: FC<BoardProps & { readonly problem?: string | undefined }> = ({
  problem,
  ...board
}) => (
  <OrganisationFrame {...board} title="Leave the organisation" problem={problem}>
    <p>
      You will no longer see <b>{board.member.organisation.name}</b>, its applications or its keys. Its keys
      and applications go on working. To come back you need a new invitation.
    </p>
    <form method="post" action={`${ORGANISATION}/leave`}>
      <ShownFor member={board.member} />
      <FormEnd does="Leave" danger />
    </form>
  </OrganisationFrame>
);
