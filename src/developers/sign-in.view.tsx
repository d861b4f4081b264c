/** Sign-in, the proof anew before a change that needs one, and the choice of a new password. */
import type { Child, FC } from 'hono/jsx';
import { ACCOUNT_PATHS } from '#developers/accounts.ts';
import { EntrancePage } from '#developers/dashboard.view.tsx';
import { Field, Note, type Problem, ProblemSummary } from '#developers/parts.view.tsx';
import { DASHBOARD } from '#developers/session.ts';
import { NewPasswordField } from '#developers/sign-up.view.tsx';
import type { Site } from '#developers/site.ts';

/** One text for what is wrong, unknown or refused: it may not tell which. */
export const SIGN_IN_FAILURE =
  'We could not sign you in with that e-mail address and password. After several failed attempts we wait before we accept another.';
export const PROOF_FAILURE =
  'That is not your password. After several failed attempts we wait before we accept another.';

const Next: FC<{ readonly next: string }> = ({ next }) =>
  next === DASHBOARD ? null : <input type="hidden" name="next" value={next} />;

interface Common {
  readonly site: Site;
  /** Where to go on to. */
  readonly next: string;
  /** What was wrong with what was sent; undefined on a first visit. */
  readonly failure: string | undefined;
  /** What just happened. */
  readonly notice: string | undefined;
  /** Another way to prove it, below the form. */
  readonly other?: Child;
  readonly scripts?: readonly string[];
}

const Notice: FC<{ readonly words: string | undefined }> = ({ words }) =>
  words === undefined ? null : (
    <Note>
      <p>{words}</p>
    </Note>
  );

export const SignInView: FC<Common & { readonly email: string }> = ({
  site,
  next,
  failure,
  email,
  notice,
  other,
  scripts = [],
}) => (
  <EntrancePage
    site={site}
    title="Sign in"
    failed={failure !== undefined}
    scripts={scripts}
    below={
      <p class="lead">
        New here? <a href={ACCOUNT_PATHS.signUp}>Sign up</a>
      </p>
    }
  >
    <form class="form" method="post" action={ACCOUNT_PATHS.signIn}>
      <Notice words={notice} />
      <ProblemSummary topic="accounts" errors={failure === undefined ? [] : [{ message: failure }]} />
      <Next next={next} />
      <Field label="E-mail address" name="email" type="email" autocomplete="username" value={email} />
      <Field label="Password" name="password" type="password" autocomplete="current-password" />
      <button class="button" type="submit">
        Sign in
      </button>
    </form>
    {other}
    <p class="lead">
      <a href={ACCOUNT_PATHS.reset}>Forgotten your password?</a>
    </p>
  </EntrancePage>
);

export const ConfirmView: FC<Common & { readonly email: string }> = ({
  site,
  next,
  failure,
  email,
  notice,
  other,
  scripts = [],
}) => (
  <EntrancePage
    site={site}
    title="Confirm that it is you"
    failed={failure !== undefined}
    scripts={scripts}
    below={
      <p class="lead">
        <a href={DASHBOARD}>Back to the dashboard</a>
      </p>
    }
  >
    <p class="lead">
      What comes next changes secrets, or who may do what, so we ask once more. You are signed in as{' '}
      <b>{email}</b>.
    </p>
    <form class="form" method="post" action={ACCOUNT_PATHS.confirm}>
      <Notice words={notice} />
      <ProblemSummary
        topic="accounts"
        errors={failure === undefined ? [] : [{ message: failure, field: 'password' }]}
      />
      <Next next={next} />
      <input type="hidden" name="username" value={email} autocomplete="username" />
      <Field label="Password" name="password" type="password" autocomplete="current-password" />
      <button class="button" type="submit">
        Confirm
      </button>
    </form>
    {other}
  </EntrancePage>
);

export const AskResetView: FC<{
  readonly site: Site;
  readonly problems: readonly Problem[];
  readonly email: string;
}> = ({ site, problems, email }) => (
  <EntrancePage
    site={site}
    title="Choose a new password"
    failed={problems.length > 0}
    below={
      <p class="lead">
        <a href={ACCOUNT_PATHS.signIn}>Back to sign-in</a>
      </p>
    }
  >
    <p class="lead">We send a link to your address. It works for 30 minutes.</p>
    <form class="form" method="post" action={ACCOUNT_PATHS.reset}>
      <ProblemSummary topic="accounts" errors={problems} />
      <Field
        label="E-mail address"
        name="email"
        type="email"
        autocomplete="username"
        value={email}
        error={problems[0]?.message}
      />
      <button class="button" type="submit">
        Send the link
      </button>
    </form>
  </EntrancePage>
);

export const ResetView: FC<{
  readonly site: Site;
  readonly email: string;
  readonly token: string;
  readonly problem: string | undefined;
}> = ({ site, email, token, problem }) => (
  <EntrancePage site={site} title="Choose a new password" failed={problem !== undefined}>
    <p class="lead">
      For <b>{email}</b>. It signs you out everywhere.
    </p>
    <form class="form" method="post" action={ACCOUNT_PATHS.newPassword}>
      <ProblemSummary
        topic="accounts"
        errors={problem === undefined ? [] : [{ field: 'password', message: problem }]}
      />
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="username" value={email} autocomplete="username" />
      <NewPasswordField label="New password" error={problem} />
      <button class="button" type="submit">
        Set the password
      </button>
    </form>
  </EntrancePage>
);
