/** Sign-in, the proof anew before a change that needs one, and the choice of a new password. */
import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import { ACCOUNT_PATHS } from '#developers/accounts.ts';
import type { PasskeyForm } from '#developers/ask-passkey.flow.ts';
import { EntranceForm } from '#developers/dashboard.view.tsx';
import type { Problem } from '#developers/parts.view.tsx';
import { PASSKEY_SCRIPTS, PasskeyOffer } from '#developers/passkey.view.tsx';
import { DASHBOARD } from '#developers/session.ts';
import { EmailField, NewPasswordField, PasswordField } from '#developers/sign-up.view.tsx';
import type { Site } from '#developers/site.ts';

/** One text for what is wrong, unknown or refused: it may not tell which. */
export const SIGN_IN_FAILURE =
  'We could not sign you in with that e-mail address and password. After several failures we wait before we take another.';
export const PROOF_FAILURE =
  'That is not your password. After several failures we wait before we take another.';

export interface ProofProps {
  readonly site: Site;
  /** Of the account that is to prove itself, or as somebody typed it. */
  readonly email: string;
  /** Where to go on to. */
  readonly next: string;
  /** What was wrong with what was sent. */
  readonly failure: string | undefined;
  /** What just happened. */
  readonly notice: string | undefined;
  /** Asks for a passkey instead; none on a host that can have no passkeys. */
  readonly passkey: PasskeyForm | undefined;
}

/** A form that asks for a password, or a passkey instead. */
const ProofForm: FC<
  PropsWithChildren<
    Omit<ProofProps, 'email'> & {
      readonly title: string;
      readonly lead?: Child;
      readonly action: string;
      readonly does: string;
      readonly below: Child;
      readonly forgotten?: Child;
    }
  >
> = ({ next, failure, passkey, forgotten, ...form }) => {
  const hidden: Readonly<Record<string, string>> = next === DASHBOARD ? {} : { next };
  return (
    <EntranceForm
      {...form}
      problems={failure === undefined ? [] : [{ field: 'password', message: failure }]}
      hidden={hidden}
      scripts={PASSKEY_SCRIPTS}
      other={
        <>
          <PasskeyOffer action={form.action} form={passkey} hidden={hidden} does={form.does} />
          {forgotten}
        </>
      }
    />
  );
};

export const SignInView: FC<ProofProps> = ({ email, ...proof }) => (
  <ProofForm
    {...proof}
    title="Sign in"
    action={ACCOUNT_PATHS.signIn}
    does="Sign in"
    forgotten={
      <p class="lead">
        <a href={ACCOUNT_PATHS.reset}>Forgotten your password?</a>
      </p>
    }
    below={
      <>
        New here? <a href={ACCOUNT_PATHS.signUp}>Sign up</a>
      </>
    }
  >
    <EmailField value={email} />
    <PasswordField />
  </ProofForm>
);

export const ConfirmView: FC<ProofProps> = ({ email, ...proof }) => (
  <ProofForm
    {...proof}
    title="Confirm that it is you"
    lead={
      <>
        We ask once more before what changes secrets or members. You are signed in as <b>{email}</b>.
      </>
    }
    action={ACCOUNT_PATHS.confirm}
    does="Confirm"
    below={<a href={DASHBOARD}>Back to the dashboard</a>}
  >
    <PasswordField of={email} />
  </ProofForm>
);

export const AskResetView: FC<{
  readonly site: Site;
  readonly email: string;
  readonly problems: readonly Problem[];
}> = ({ email, problems, ...page }) => (
  <EntranceForm
    {...page}
    title="Choose a new password"
    lead="We send a link to your address. It works for 30 minutes."
    action={ACCOUNT_PATHS.reset}
    problems={problems}
    does="Send the link"
    below={<a href={ACCOUNT_PATHS.signIn}>Back to sign-in</a>}
  >
    <EmailField value={email} problems={problems} />
  </EntranceForm>
);

export const ResetView: FC<{
  readonly site: Site;
  readonly email: string;
  readonly token: string;
  readonly problems: readonly Problem[];
}> = ({ site, email, token, problems }) => (
  <EntranceForm
    site={site}
    title="Choose a new password"
    lead={
      <>
        For <b>{email}</b>. It signs you out everywhere.
      </>
    }
    action={ACCOUNT_PATHS.newPassword}
    problems={problems}
    hidden={{ token }}
    does="Set the password"
  >
    <NewPasswordField label="New password" of={email} problems={problems} />
  </EntranceForm>
);
