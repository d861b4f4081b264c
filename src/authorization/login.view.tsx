/** Step 1: the customer logs in with username and password. */
import type { FC } from 'hono/jsx';
import { PasswordFields, TestPanel } from '#authorization/credential-fields.view.tsx';
import { Asker, ContinueOrCancel, Failure, Interaction, Step } from '#authorization/journey-parts.view.tsx';
import { JOURNEY_ACTIONS, type LoginProps } from '#authorization/journey-props.ts';
import { PURPOSE_WORDS } from '#consents/permissions.ts';

/** Failures show one text, whichever field was wrong: it may not tell which usernames exist. */
export const LoginView: FC<LoginProps> = (login) => {
  const failed = login.failure !== undefined;
  return (
    <Step
      frame={login}
      title="Log in"
      step={1}
      below={login.testCustomers === undefined ? null : <TestPanel {...login.testCustomers} />}
    >
      <h1>Log in to Hamster Bank</h1>
      <p class="lead">
        <Asker {...login} /> wants to {PURPOSE_WORDS[login.purpose].wish}. You will see exactly what before
        you decide.
      </p>
      <form id="login" method="post" action={JOURNEY_ACTIONS.login}>
        <Failure text={login.failure} />
        <Interaction sealed={login.interaction} />
        <PasswordFields failed={failed} />
        <ContinueOrCancel />
      </form>
    </Step>
  );
};
