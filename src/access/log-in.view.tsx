/** The two steps in which a customer logs in to see what they gave access to. */
import type { FC } from 'hono/jsx';
import {
  ACCESS_ACTIONS,
  type AccessCodeProps,
  BANK_FIELD,
  LEFT_WORDS,
  type LogInProps,
  logInPath,
} from '#access/access-props.ts';
import { CodeField, PasswordFields, TestPanel } from '#authorization/credential-fields.view.tsx';
import { Failure, Step } from '#authorization/journey-parts.view.tsx';

/** Failures show one text, whichever field was wrong: it may not tell which usernames exist. */
export const LogInView: FC<LogInProps> = (login) => {
  const failed = login.failure !== undefined;
  return (
    <Step
      frame={login}
      title="Log in"
      step={1}
      of={2}
      below={login.testCustomers === undefined ? null : <TestPanel {...login.testCustomers} />}
    >
      <h1>Your access page</h1>
      <p class="lead">
        Log in to see which apps can see your accounts or pay from them, and to stop any of them at once.
      </p>
      <form id="login" method="post" action={ACCESS_ACTIONS.logIn}>
        {login.left === undefined || failed ? null : (
          <p class="note" role="status">
            {LEFT_WORDS[login.left]}
          </p>
        )}
        <Failure text={login.failure} />
        {login.handle === undefined ? null : <input type="hidden" name={BANK_FIELD} value={login.handle} />}
        <PasswordFields failed={failed} />
        <button class="button" type="submit">
          Continue
        </button>
      </form>
    </Step>
  );
};

export const AccessCodeView: FC<AccessCodeProps> = (code) => {
  const failed = code.failure !== undefined;
  return (
    <Step frame={code} title="One-time code" step={2} of={2}>
      <h1>Enter your one-time code</h1>
      <p class="lead">
        {code.sandboxCode === undefined
          ? `We have sent ${code.sentTo ?? 'you'} a code of six digits. It `
          : 'The code '}
        is only for this page, where you see and stop access, and lasts <span class="whole">5 minutes</span>.
      </p>
      <form id="otp" method="post" action={ACCESS_ACTIONS.code}>
        <Failure text={code.failure} />
        <CodeField failed={failed} sandboxCode={code.sandboxCode} />
        <div class="actions">
          <button class="button" type="submit">
            Continue
          </button>
          <a class="button plain" href={logInPath(code.handle)}>
            Start again
          </a>
        </div>
      </form>
    </Step>
  );
};
