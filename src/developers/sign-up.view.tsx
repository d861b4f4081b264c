/** Sign-up: the form, the page that says to look for the mail, the mailed link's page, and why nobody can sign up. */
import type { FC } from 'hono/jsx';
import { ACCOUNT_PATHS, NAME_LENGTH_MAXIMUM } from '#developers/accounts.ts';
import { EntranceForm, EntrancePage } from '#developers/dashboard.view.tsx';
import { PASSWORD_LENGTH_MAXIMUM, PASSWORD_LENGTH_MINIMUM } from '#developers/new-password.ts';
import { errorOf, Field, type Problem } from '#developers/parts.view.tsx';
import type { Site } from '#developers/site.ts';

/** For password managers: whose password it is. */
const Username: FC<{ readonly of: string | undefined }> = ({ of }) =>
  of === undefined ? null : <input type="hidden" name="username" value={of} autocomplete="username" />;

/** A password that is chosen, not typed from memory; `of` an address that the form does not ask for. */
export const NewPasswordField: FC<{
  readonly label: string;
  readonly of?: string;
  readonly problems: readonly Problem[];
}> = ({ label, of, problems }) => (
  <>
    <Username of={of} />
    <Field
      label={label}
      name="password"
      type="password"
      autocomplete="new-password"
      hint={`At least ${PASSWORD_LENGTH_MINIMUM} characters; any will do, spaces too.`}
      error={errorOf(problems, 'password')}
      minlength={PASSWORD_LENGTH_MINIMUM}
      maxlength={PASSWORD_LENGTH_MAXIMUM}
    />
  </>
);

/** A password that the reader has. */
export const PasswordField: FC<{ readonly of?: string }> = ({ of }) => (
  <>
    <Username of={of} />
    <Field label="Password" name="password" type="password" autocomplete="current-password" />
  </>
);

/** The address that an account is known by. */
export const EmailField: FC<{ readonly value: string; readonly problems?: readonly Problem[] }> = ({
  value,
  problems = [],
}) => (
  <Field
    label="E-mail address"
    name="email"
    type="email"
    autocomplete="username"
    value={value}
    error={errorOf(problems, 'email')}
  />
);

export const NameField: FC<{ readonly value: string; readonly problems: readonly Problem[] }> = ({
  value,
  problems,
}) => (
  <Field
    label="Your name"
    name="name"
    autocomplete="name"
    maxlength={NAME_LENGTH_MAXIMUM}
    value={value}
    error={errorOf(problems, 'name')}
  />
);

export interface SignUpFields {
  readonly email: string;
  readonly name: string;
  readonly organisation: string;
}

export const SignUpView: FC<{
  readonly site: Site;
  readonly values: SignUpFields;
  readonly problems: readonly Problem[];
}> = ({ site, values, problems }) => (
  <EntranceForm
    site={site}
    title="Sign up"
    lead={
      site.environment === 'sandbox'
        ? 'For the sandbox: test customers, test money, no contract.'
        : 'For production: you join your registered applications once you are in.'
    }
    action={ACCOUNT_PATHS.signUp}
    problems={problems}
    does="Sign up"
    below={
      <>
        Signed up before? <a href={ACCOUNT_PATHS.signIn}>Sign in</a>
      </>
    }
  >
    <EmailField value={values.email} problems={problems} />
    <NameField value={values.name} problems={problems} />
    <Field
      label="Organisation"
      name="organisation"
      autocomplete="organization"
      hint="Your company. You can invite others to it."
      maxlength={NAME_LENGTH_MAXIMUM}
      value={values.organisation}
      error={errorOf(problems, 'organisation')}
    />
    <NewPasswordField label="Password" problems={problems} />
  </EntranceForm>
);

/** What a mailed link is for, where who lost it may ask for another. */
export type Asked = 'sign_up' | 'reset';

const ASKED_AT = { sign_up: ACCOUNT_PATHS.signUp, reset: ACCOUNT_PATHS.reset } as const;

/** The same page for a sign-up and a reset, whether the address is known or not. */
export const LookForMailView: FC<{
  readonly site: Site;
  readonly email: string;
  readonly asked: Asked;
  /** Where a local sandbox shows its mail. */
  readonly mailbox: string | undefined;
}> = ({ site, email, asked, mailbox }) => (
  <EntrancePage
    site={site}
    title="Check your e-mail"
    below={
      <>
        Nothing there? Look in your spam folder, then <a href={ASKED_AT[asked]}>try again</a>.
      </>
    }
  >
    <p class="lead">
      {asked === 'sign_up' ? (
        <>
          We sent a message to <b>{email}</b>. Open its link within 24 hours to finish signing up.
        </>
      ) : (
        <>
          If <b>{email}</b> has an account, we sent a message to it. Open its link within 30 minutes to choose
          a new password.
        </>
      )}
    </p>
    {mailbox === undefined ? null : (
      <p class="links">
        <a class="button" href={mailbox}>
          Open the local mailbox
        </a>
      </p>
    )}
  </EntrancePage>
);

const WRONG_PASSWORD =
  'That is not the password of this sign-up. After several failures we wait before we take another. If you signed up more than once, use the newest message, or sign up again.';

export const ConfirmEmailView: FC<{
  readonly site: Site;
  readonly email: string;
  readonly token: string;
  readonly failed: boolean;
}> = ({ site, email, token, failed }) => (
  <EntranceForm
    site={site}
    title="Confirm your address"
    lead={
      <>
        Enter the password you chose when you signed up as <b>{email}</b>.
      </>
    }
    action={ACCOUNT_PATHS.confirmEmail}
    problems={failed ? [{ message: WRONG_PASSWORD }] : []}
    hidden={{ token }}
    does="Confirm and sign in"
    below="If you did not sign up, close this page: nothing happens."
  >
    <PasswordField of={email} />
  </EntranceForm>
);

/** A link that opens nothing any more; the same for one that never did. Of an invitation an owner can send another. */
export const LinkEndedView: FC<{ readonly site: Site; readonly of: Asked | 'invitation' }> = ({
  site,
  of,
}) => (
  <EntrancePage site={site} title="This link does not work any more">
    <p class="lead">
      It was used, is too old, or a part of it is missing.
      {of === 'invitation' ? ' An owner of the organisation can send another.' : null}
    </p>
    <p class="links">
      <a class="button" href={ACCOUNT_PATHS.signIn}>
        Sign in
      </a>
      {of === 'invitation' ? null : (
        <a class="button plain" href={ASKED_AT[of]}>
          {of === 'sign_up' ? 'Sign up again' : 'Ask for a new link'}
        </a>
      )}
    </p>
  </EntrancePage>
);

/** Without e-mail nobody can prove an address. */
export const MailClosedView: FC<{ readonly site: Site; readonly asked: Asked }> = ({ site, asked }) => (
  <EntrancePage site={site} title={`${asked === 'sign_up' ? 'Sign-up' : 'Password reset'} is closed`}>
    <p class="lead">
      This deployment cannot send e-mail, so nobody can prove an address. Who runs it can set{' '}
      <code>EMAIL</code> and <code>EMAIL_FROM</code>, as <code>docs/deploy.md</code> says.
    </p>
    <p class="links">
      <a class="button" href={ACCOUNT_PATHS.signIn}>
        Sign in
      </a>
    </p>
  </EntrancePage>
);
