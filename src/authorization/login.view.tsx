/** Step 1: the customer logs in with username and password. */
import type { FC } from 'hono/jsx';
import {
  Asker,
  ContinueOrCancel,
  FAILURE_ID,
  Failure,
  Interaction,
  Step,
} from '#authorization/journey-parts.view.tsx';
import {
  JOURNEY_ACTIONS,
  JOURNEY_FIELDS,
  type LoginProps,
  type TestCustomers,
} from '#authorization/journey-props.ts';
import { PURPOSE_WORDS } from '#consents/permissions.ts';

const TestPanel: FC<TestCustomers> = ({ customers, password, oneTimeCode }) => (
  <aside class="test" aria-labelledby="test-customers">
    <h2 id="test-customers">Test customers</h2>
    <p>
      Password <code>{password}</code>, then one-time code <code>{oneTimeCode}</code>.
    </p>
    <dl>
      {customers.map(({ username, note }) => (
        <>
          <dt>{username}</dt>
          <dd>{note}</dd>
        </>
      ))}
    </dl>
  </aside>
);

/** Failures show one text, whichever field was wrong: it may not tell which usernames exist. */
export const LoginView: FC<LoginProps> = (login) => {
  const failed = login.failure !== undefined;
  const wrong = failed ? { 'aria-describedby': FAILURE_ID, 'aria-invalid': 'true' as const } : {};
  return (
    <Step
      environment={login.environment}
      host={login.host}
      title="Log in"
      step={1}
      failed={failed}
      below={login.testCustomers === undefined ? null : <TestPanel {...login.testCustomers} />}
    >
      <h1>Log in to Hamster Bank</h1>
      <p class="lead">
        <Asker {...login} /> {PURPOSE_WORDS[login.purpose].request} You will see exactly what before you
        decide.
      </p>
      <form id="login" method="post" action={JOURNEY_ACTIONS.login}>
        <Failure text={login.failure} />
        <Interaction sealed={login.interaction} />
        <div class="field">
          <label for="username">Username</label>
          <input
            id="username"
            name={JOURNEY_FIELDS.username}
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            maxlength={100}
            required
            autofocus={failed}
            {...wrong}
          />
        </div>
        <div class="field">
          <label for="password">Password</label>
          <input
            id="password"
            type="password"
            name={JOURNEY_FIELDS.password}
            autocomplete="current-password"
            maxlength={200}
            required
            {...wrong}
          />
        </div>
        <ContinueOrCancel />
      </form>
    </Step>
  );
};
