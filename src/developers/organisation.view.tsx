/** The organisation's pages: who belongs to it, its name, the developer's other organisations, and leaving. */
import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import { DashboardPage, EntranceForm, SWITCH_ACTION } from '#developers/dashboard.view.tsx';
import type { Invitation } from '#developers/invitation.ts';
import type { Member } from '#developers/member.ts';
import type { ListedMember } from '#developers/membership.store.ts';
import { ORGANISATION_NAME_MAXIMUM } from '#developers/organisation.ts';
import {
  DocsLink,
  errorOf,
  Facts,
  Field,
  Id,
  Notice,
  type Problem,
  ProblemSummary,
  ShownFor,
  Table,
  Time,
} from '#developers/parts.view.tsx';
import { mayDo, ROLE_WORDS } from '#developers/role.ts';
import type { Site } from '#developers/site.ts';

export const ORGANISATION = '/dashboard/organisation';

/** Why an owner stays one. */
export const LAST_OWNER = 'An organisation always has an owner. Make somebody else one first.';

export interface BoardProps {
  readonly site: Site;
  readonly member: Member;
}

/** A page about the organisation that is one form: what to know first, its questions, what it does, and the way back. */
export const OrganisationForm: FC<
  PropsWithChildren<
    BoardProps & {
      readonly title: string;
      readonly lead?: Child;
      readonly problems?: readonly Problem[];
      readonly action: string;
      /** What its button says. */
      readonly does: string;
      readonly danger?: boolean;
      readonly back?: string;
      /** Below the form. */
      readonly after?: Child;
    }
  >
> = ({
  lead,
  problems = [],
  action,
  does,
  danger = false,
  back = ORGANISATION,
  after,
  children,
  ...page
}) => (
  <DashboardPage {...page} current={ORGANISATION} failed={problems.length > 0}>
    <ProblemSummary topic="organisations-and-roles" errors={problems} />
    {lead}
    <form class="form" method="post" action={action}>
      <ShownFor member={page.member} />
      {children}
      <p class="links">
        <button class={danger ? 'button danger' : 'button'} type="submit">
          {does}
        </button>
        <a class="button plain" href={back}>
          Cancel
        </a>
      </p>
    </form>
    {after}
  </DashboardPage>
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
    rows={member.memberships.map(({ organisation: { organisationId, name }, role }) => [
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
    /** What was just done. */
    readonly notice: string | undefined;
  }
> = ({ members, invitations, notice, ...board }) => {
  const { organisation, role } = board.member;
  return (
    <DashboardPage
      {...board}
      title="Organisation"
      current={ORGANISATION}
      notice={<Notice words={notice} />}
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
    </DashboardPage>
  );
};

const NameField: FC<{
  readonly value: string;
  readonly problems: readonly Problem[] | undefined;
  readonly hint: string;
}> = ({ problems = [], ...field }) => (
  <Field
    {...field}
    error={errorOf(problems, 'name')}
    label="Name of the organisation"
    name="name"
    maxlength={ORGANISATION_NAME_MAXIMUM}
    autocomplete="organization"
  />
);

interface NameProps {
  readonly value: string;
  readonly problems?: readonly Problem[];
}

export const RenameView: FC<BoardProps & NameProps> = ({ value, ...page }) => (
  <OrganisationForm {...page} title="Rename the organisation" action={`${ORGANISATION}/rename`} does="Rename">
    <NameField value={value} problems={page.problems} hint="Registered applications keep the old one." />
  </OrganisationForm>
);

/** For who belongs to no organisation too. `nonce` is new with each showing: a form sent twice makes one organisation. */
export const NewOrganisationView: FC<NameProps & { readonly site: Site; readonly nonce: string }> = ({
  site,
  nonce,
  value,
  problems = [],
}) => (
  <EntranceForm
    site={site}
    title="New organisation"
    action={`${ORGANISATION}/new`}
    topic="organisations-and-roles"
    problems={problems}
    hidden={{ nonce }}
    does="Make the organisation"
    below={<a href={ORGANISATION}>Cancel</a>}
  >
    <NameField
      value={value}
      problems={problems}
      hint="It has members, applications and keys of its own, and you are its first owner."
    />
  </EntranceForm>
);

export const LeaveView: FC<BoardProps & { readonly problems?: readonly Problem[] }> = (page) => (
  <OrganisationForm
    {...page}
    title="Leave the organisation"
    lead={
      <p>
        You will no longer see <b>{page.member.organisation.name}</b>. Its applications and keys go on
        working. To come back you need a new invitation.
      </p>
    }
    action={`${ORGANISATION}/leave`}
    does="Leave"
    danger
  />
);
