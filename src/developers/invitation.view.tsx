/** The page of an invitation's link: for the account of its address, for another's, for nobody's yet. */
import type { FC } from 'hono/jsx';
import { EntranceForm, EntrancePage, SIGN_OUT_ACTION } from '#developers/dashboard.view.tsx';
import type { Invited } from '#developers/invitation.store.ts';
import type { Problem } from '#developers/parts.view.tsx';
import { ROLE_WORDS } from '#developers/role.ts';
import { DASHBOARD, pathBefore } from '#developers/session.ts';
import { NameField, NewPasswordField } from '#developers/sign-up.view.tsx';
import type { Site } from '#developers/site.ts';

export const INVITATION = '/dashboard/invitation';

const TITLE = 'Join an organisation';

export interface InvitationProps {
  readonly site: Site;
  readonly token: string;
  readonly invited: Invited;
}

const Offer: FC<{ readonly invited: Invited }> = ({ invited: { organisationName, role } }) => (
  <>
    <b>{organisationName}</b> invites you as {ROLE_WORDS[role].name.toLowerCase()}: you may{' '}
    {ROLE_WORDS[role].may}.
  </>
);

/** For who is signed in with the invited address. */
export const AcceptView: FC<InvitationProps> = ({ site, token, invited }) => (
  <EntranceForm
    site={site}
    title={TITLE}
    lead={
      <>
        <Offer invited={invited} /> Your other organisations stay as they are.
      </>
    }
    action={INVITATION}
    hidden={{ token }}
    does="Join"
    below={<a href={DASHBOARD}>Not now</a>}
  />
);

/** For who is not signed in, and has an account. */
export const SignInFirstView: FC<InvitationProps> = ({ site, token, invited }) => (
  <EntrancePage site={site} title={TITLE}>
    <p class="lead">
      <Offer invited={invited} /> You have an account with this address. Sign in, and you come back here.
    </p>
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
> = ({ site, token, invited, name, problems }) => (
  <EntranceForm
    site={site}
    title={TITLE}
    lead={
      <>
        <Offer invited={invited} /> Your account’s address is <b>{invited.email}</b>.
      </>
    }
    action={`${INVITATION}/sign-up`}
    topic="organisations-and-roles"
    problems={problems}
    hidden={{ token }}
    does="Sign up and join"
  >
    <NameField value={name} problems={problems} />
    <NewPasswordField label="Password" of={invited.email} problems={problems} />
  </EntranceForm>
);

/** For who is signed in with another address; that of the invitation is not told. */
export const OtherAddressView: FC<{ readonly site: Site; readonly email: string }> = ({ site, email }) => (
  <EntranceForm
    site={site}
    title="This invitation is for another address"
    lead={
      <>
        You are signed in as <b>{email}</b>. Sign out, then open the link again. Or ask an owner to invite
        this address.
      </>
    }
    action={SIGN_OUT_ACTION}
    does="Sign out"
    below={<a href={DASHBOARD}>Go to the dashboard</a>}
  />
);
