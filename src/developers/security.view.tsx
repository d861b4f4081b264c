/** Your account: how you sign in, and where you are signed in. */
import type { Child, FC } from 'hono/jsx';
import { ACCOUNT_PATHS, agentWords } from '#developers/accounts.ts';
import { DashboardPage, type FrameMember } from '#developers/dashboard.view.tsx';
import {
  DocsLink,
  Facts,
  Hidden,
  Notice,
  type Problem,
  ProblemSummary,
  Table,
  Tag,
  Time,
} from '#developers/parts.view.tsx';
import type { ListedSession } from '#developers/session.store.ts';
import { NewPasswordField } from '#developers/sign-up.view.tsx';
import type { Site } from '#developers/site.ts';

interface Framed {
  readonly site: Site;
  readonly member: FrameMember;
}

const SignOutButton: FC<{ readonly session: ListedSession }> = ({ session }) => (
  <form method="post" action={ACCOUNT_PATHS.sessions}>
    <Hidden fields={{ session_id: session.sessionId }} />
    <button
      class="button plain"
      type="submit"
      aria-label={`Sign out ${agentWords(session.agent)}, ${session.source}`}
    >
      Sign out
    </button>
  </form>
);

export const SecurityView: FC<
  Framed & {
    readonly sessions: readonly ListedSession[];
    readonly ownSessionId: string;
    readonly hasPassword: boolean;
    readonly notice: string | undefined;
    /** The section on passkeys. */
    readonly passkeys?: Child;
  }
> = ({ site, member, sessions, ownSessionId, hasPassword, notice, passkeys }) => (
  <DashboardPage
    site={site}
    member={member}
    title="Your account"
    current="/dashboard/security"
    notice={<Notice words={notice} />}
  >
    <Facts
      rows={[
        ['Name', member.developer.name],
        ['E-mail address', member.developer.email],
      ]}
    />
    <h2 id="password">Password</h2>
    <p>
      {hasPassword
        ? 'Changing it signs out your other sessions.'
        : 'You sign in by passkey alone. You may set a password too.'}
    </p>
    <p>
      <a class="button plain" href={ACCOUNT_PATHS.password}>
        {hasPassword ? 'Change password' : 'Set a password'}
      </a>
    </p>
    {passkeys}
    <h2 id="sessions">Where you are signed in</h2>
    <p>
      A session ends after 12 hours without use, and after seven days in any case. Sign out what you do not
      know, then change your password. <DocsLink topic="accounts" />
    </p>
    <Table
      caption="Sessions"
      columns={['Browser', 'Address', 'Signed in', 'Last used', 'Sign out']}
      rows={sessions.map((session) => [
        agentWords(session.agent),
        <span class="id">{session.source}</span>,
        <Time at={session.createdAt} />,
        <Time at={session.lastUsedAt} />,
        session.sessionId === ownSessionId ? (
          <Tag tone="ok">This one</Tag>
        ) : (
          <SignOutButton session={session} />
        ),
      ])}
    />
    {sessions.length < 2 ? null : (
      <form method="post" action={ACCOUNT_PATHS.sessions}>
        <Hidden fields={{ session_id: 'others' }} />
        <button class="button plain" type="submit">
          Sign out all others
        </button>
      </form>
    )}
  </DashboardPage>
);

export const ChangePasswordView: FC<Framed & { readonly problems: readonly Problem[] }> = ({
  site,
  member,
  problems,
}) => (
  <DashboardPage
    site={site}
    member={member}
    title="Change password"
    current="/dashboard/security"
    failed={problems.length > 0}
  >
    <form class="form" method="post" action={ACCOUNT_PATHS.password}>
      <ProblemSummary topic="accounts" errors={problems} />
      <NewPasswordField label="New password" of={member.developer.email} problems={problems} />
      <button class="button" type="submit">
        Set the password
      </button>
    </form>
  </DashboardPage>
);
