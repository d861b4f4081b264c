/** Sign-up: the form, the page that says to look for the mail, the mailed link's page, and why nobody can sign up. */
import type { FC } from 'hono/jsx';
import { ACCOUNT_PATHS, NAME_LENGTH_MAXIMUM } from '#developers/accounts.ts';
import { EntrancePage } from '#developers/dashboard.view.tsx';
import { PASSWORD_LENGTH_MAXIMUM, PASSWORD_LENGTH_MINIMUM } from '#developers/new-password.ts';
import { Field, Note, type Problem, ProblemSummary } from '#developers/parts.view.tsx';
import type { Site } from '#developers/site.ts';

const PASSWORD_HINT = `At least ${PASSWORD_LENGTH_MINIMUM} characters; any will do, spaces too.`;

/** A password that is chosen, not typed from memory. */
export const NewPasswordField: FC<{ readonly label: string; readonly error?: string | undefined }> = (
  props,
) => (
  <Field
    {...props}
    name="password"
    type="password"
    autocomplete="new-password"
    hint={PASSWORD_HINT}
    minlength={PASSWORD_LENGTH_MINIMUM}
    maxlength={PASSWORD_LENGTH_MAXIMUM}
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
}> = ({ site, values, problems }) => {
  const errorOf = (name: string) => problems.find(({ field }) => field === name)?.message;
  return (
    <EntrancePage
      site={site}
      title="Sign up"
      failed={problems.length > 0}
      below={
        <p class="lead">
          Signed up before? <a href={ACCOUNT_PATHS.signIn}>Sign in</a>
        </p>
      }
    >
      <p class="lead">
        {site.environment === 'sandbox'
          ? 'For the sandbox: test customers, test money, no contract.'
          : 'For production: you join your registered applications once you are in.'}
      </p>
      <form class="form" method="post" action={ACCOUNT_PATHS.signUp}>
        <ProblemSummary topic="accounts" errors={problems} />
        <Field
          label="E-mail address"
          name="email"
          type="email"
          autocomplete="username"
          value={values.email}
          error={errorOf('email')}
        />
        <Field
          label="Your name"
          name="name"
          autocomplete="name"
          maxlength={NAME_LENGTH_MAXIMUM}
          value={values.name}
          error={errorOf('name')}
        />
        <Field
          label="Organisation"
          name="organisation"
          autocomplete="organization"
          hint="Your company. You can invite others to it."
          maxlength={NAME_LENGTH_MAXIMUM}
          value={values.organisation}
          error={errorOf('organisation')}
        />
        <NewPasswordField label="Password" error={errorOf('password')} />
        <button class="button" type="submit">
          Sign up
        </button>
      </form>
    </EntrancePage>
  );
};

/** The same page for a sign-up and a reset, whether the address is known or not. */
export const LookForMailView: FC<{
  readonly site: Site;
  readonly email: string;
  readonly purpose: 'sign_up' | 'reset';
  /** Where a local sandbox shows its mail. */
  readonly mailbox: string | undefined;
}> = ({ site, email, purpose, mailbox }) => (
  <EntrancePage
    site={site}
    title="Check your e-mail"
    below={
      <p class="lead">
        Nothing there after a few minutes? Look in your spam folder, then{' '}
        <a href={purpose === 'sign_up' ? ACCOUNT_PATHS.signUp : ACCOUNT_PATHS.reset}>try again</a>.
      </p>
    }
  >
    <p class="lead">
      {purpose === 'sign_up' ? (
        <>
          We sent a message to <b>{email}</b>. Open its link within 24 hours to finish signing up.
        </>
      ) : (
        <>
          If there is an account for <b>{email}</b>, we sent a message to it. Open its link within 30 minutes
          to choose a new password.
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

export const ConfirmEmailView: FC<{
  readonly site: Site;
  readonly email: string;
  readonly token: string;
  readonly failed: boolean;
}> = ({ site, email, token, failed }) => (
  <EntrancePage site={site} title="Confirm your address" failed={failed}>
    <p class="lead">
      Enter the password you chose when you signed up as <b>{email}</b>.
    </p>
    <form class="form" method="post" action={ACCOUNT_PATHS.confirmEmail}>
      {failed ? (
        <Note tone="danger">
          <p>
            That is not the password of this sign-up. After several failed attempts we wait before we accept
            another. If you signed up more than once, use the newest message, or sign up again.
          </p>
        </Note>
      ) : null}
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="username" value={email} autocomplete="username" />
      <Field label="Password" name="password" type="password" autocomplete="current-password" />
      <button class="button" type="submit">
        Confirm and sign in
      </button>
      <p class="hint">If you did not sign up, close this page: nothing happens.</p>
    </form>
  </EntrancePage>
);

/** A link that opens nothing any more; the same for one that never did. */
export const LinkEndedView: FC<{ readonly site: Site; readonly again: 'sign_up' | 'reset' }> = ({
  site,
  again,
}) => (
  <EntrancePage site={site} title="This link does not work any more">
    <p class="lead">
      Each link works once, and only for a while. Perhaps it was used, or a part of it is missing.
    </p>
    <p class="links">
      <a class="button" href={ACCOUNT_PATHS.signIn}>
        Sign in
      </a>
      <a class="button plain" href={again === 'sign_up' ? ACCOUNT_PATHS.signUp : ACCOUNT_PATHS.reset}>
        {again === 'sign_up' ? 'Sign up again' : 'Ask for a new link'}
      </a>
    </p>
  </EntrancePage>
);

/** Without e-mail nobody can prove an address. */
export const MailClosedView: FC<{ readonly site: Site; readonly what: 'Sign-up' | 'Password reset' }> = ({
  site,
  what,
}) => (
  <EntrancePage site={site} title={`${what} is closed`}>
    <p class="lead">
      This deployment has no way to send e-mail, and without it nobody can prove that an address is theirs.
    </p>
    <p class="lead">
      Who runs it can open it: bind the platform’s e-mail as <code>EMAIL</code> and set{' '}
      <code>EMAIL_FROM</code>, as <code>docs/deploy.md</code> says.
    </p>
    <p class="links">
      <a class="button" href={ACCOUNT_PATHS.signIn}>
        Sign in
      </a>
    </p>
  </EntrancePage>
);
