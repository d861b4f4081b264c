/** The page of an invitation's link: for the account of its address, for another's, for nobody's yet; and its end. */
import type { Child, FC } from 'hono/jsx';
import type { Invited } from '#developers/accept-invitation.flow.ts';
import { ACCOUNT_PATHS, NAME_LENGTH_MAXIMUM } from '#developers/accounts.ts';
import { EntrancePage, SIGN_OUT_ACTION } from '#developers/dashboard.view.tsx';
import { Field, type Problem, ProblemSummary } from '#developers/parts.view.tsx';
import { ROLE_WORDS } from '#developers/role.ts';
import { pathBefore } from '#developers/session.ts';
import { NewPasswordField } from '#developers/sign-up.view.tsx';
import type { Site } from '#developers/site.ts';

export const INVITATION = '/dashboard/invitation';

export interface InvitationProps extends Invited {
  readonly site: Site;
  readonly token: string;
}

const Offer: FC<Pick<InvitationProps, 'invitation' | 'organisationName'>> = ({
  invitation,
  organisationName,
}) => (
  <p class="lead">
    <b>{organisationName}</b> invites you as {ROLE_WORDS[invitation.role].name.toLowerCase()}: you may{' '}
    {ROLE_WORDS[invitation.role].may}.
  </p>
);

const Token: FC<{ readonly token: string }> = ({ token }) => (
  <input type="hidden" name="token" value={token} />
);

/** For who is signed in with the invited address. */
export const AcceptView: FC<InvitationProps> = ({ site, token, ...invited }) => (
  <EntrancePage site={site} title="Join an organisation">
    <Offer {...invited} />
    <p>Your other organisations stay as they are. You can switch between them at any time.</p>
    <form method="post" action={INVITATION}>
      <Token token={token} />
      <p class="links">
        <button class="button" type="submit">
          Join
        </button>
        <a class="button plain" href="/dashboard">
          Not now
        </a>
      </p>
    </form>
  </EntrancePage>
);

/** For who is not signed in, and has an account. */
export const SignInFirstView: FC<InvitationProps> = ({ site, token, ...invited }) => (
  <EntrancePage site={site} title="Join an organisation">
    <Offer {...invited} />
    <p>You have an account with this address. Sign in, and you come back here.</p>
    <p class="links">
      <a class="button" href={pathBefore('sign-in', `${INVITATION}?token=${token}`)}>
        Sign in
      </a>
    </p>
  </EntrancePage>
);

/** For who has no account yet: the link has proved the address. */
export const InvitedSignUpView: FC<
  InvitationProps & { readonly name: string; readonly problems: readonly Problem[] }
> = ({ site, token, name, problems, ...invited }) => {
  const errorOf = (field: string) => problems.find((problem) => problem.field === field)?.message;
  return (
    <EntrancePage site={site} title="Join an organisation" failed={problems.length > 0}>
      <Offer {...invited} />
      <form class="form" method="post" action={`${INVITATION}/sign-up`}>
        <ProblemSummary topic="organisations-and-roles" errors={problems} />
        <Token token={token} />
        <p class="hint">
          Your account’s address is <b>{invited.invitation.email}</b>.
        </p>
        <input type="hidden" name="username" value={invited.invitation.email} autocomplete="username" />
        <Field
          label="Your name"
          name="name"
          autocomplete="name"
          maxlength={NAME_LENGTH_MAXIMUM}
          value={name}
          error={errorOf('name')}
        />
        <NewPasswordField label="Password" error={errorOf('password')} />
        <button class="button" type="submit">
          Sign up and join
        </button>
      </form>
    </EntrancePage>
  );
};

const Said: FC<{ readonly site: Site; readonly title: string; readonly children?: Child }> = ({
  site,
  title,
  children,
}) => (
  <EntrancePage site={site} title={title}>
    {children}
  </EntrancePage>
);

/** For who is signed in with another address; that of the invitation is not told. */
export const OtherAddressView: FC<{ readonly site: Site; readonly email: string }> = ({ site, email }) => (
  <Said site={site} title="This invitation is for another address">
    <p class="lead">
      You are signed in as <b>{email}</b>. An invitation can only be accepted with the address it was sent to.
    </p>
    <p>Sign out, then open the link again. Or ask an owner to invite the address you use here.</p>
    <form method="post" action={SIGN_OUT_ACTION}>
      <p class="links">
        <button class="button" type="submit">
          Sign out
        </button>
        <a class="button plain" href="/dashboard">
          Go to the dashboard
        </a>
      </p>
    </form>
  </Said>
);

/** The same for a link that was used, taken back, or never was. */
export const InvitationEndedView: FC<{ readonly site: Site }> = ({ site }) => (
  <Said site={site} title="This invitation does not work any more">
    <p class="lead">
      Each works once, for 7 days. Perhaps it was used, taken back, or a part of the link is missing.
    </p>
    <p>If you have accepted it, sign in. If not, ask an owner of the organisation for another.</p>
    <p class="links">
      <a class="button" href={ACCOUNT_PATHS.signIn}>
        Sign in
      </a>
    </p>
  </Said>
);
