/** The two steps in which a customer logs in to see what they gave access to. */
import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import {
  ACCESS_ACTIONS,
  type AccessCodeProps,
  type AccessFrame,
  BANK_FIELD,
  LEFT_WORDS,
  type LogInProps,
  logInPath,
} from '#access/access-props.ts';
import { CodeField, PasswordFields, TestPanel } from '#authorization/credential-fields.view.tsx';
import { Failure } from '#authorization/journey-parts.view.tsx';
import { Page } from '#edge/frame.view.tsx';

interface StepProps extends AccessFrame {
  readonly title: string;
  readonly step: 1 | 2;
  readonly failed: boolean;
  readonly below?: Child;
}

const LogInStep: FC<PropsWithChildren<StepProps>> = (page) => (
  <Page
    environment={page.environment}
    host={page.host}
    title={page.failed ? `Error: ${page.title}` : page.title}
    audience="customer"
  >
    <article class="card">
      <p class="eyebrow">
        <span>Step {page.step} of 2</span>
      </p>
      {page.children}
    </article>
    {page.below}
  </Page>
);

/** Failures show one text, whichever field was wrong: it may not tell which usernames exist. */
export const LogInView: FC<LogInProps> = (login) => {
  const failed = login.failure !== undefined;
  return (
    <LogInStep
      environment={login.environment}
      host={login.host}
      title="Log in"
      step={1}
      failed={failed}
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
    </LogInStep>
  );
};

export const AccessCodeView: FC<AccessCodeProps> = (code) => {
  const failed = code.failure !== undefined;
  return (
    <LogInStep environment={code.environment} host={code.host} title="One-time code" step={2} failed={failed}>
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
    </LogInStep>
  );
};
