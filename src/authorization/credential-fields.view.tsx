/** The fields in which customers prove themselves, wherever they log in, and the sandbox's panel with what to type. */
import type { FC } from 'hono/jsx';
import { FAILURE_ID } from '#authorization/journey-parts.view.tsx';
import { JOURNEY_FIELDS, type TestCustomers } from '#authorization/journey-props.ts';

export const TestPanel: FC<TestCustomers> = ({ customers, password, oneTimeCode }) => (
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
export const PasswordFields: FC<{ failed: boolean }> = ({ failed }) => {
  const wrong = failed ? { 'aria-describedby': FAILURE_ID, 'aria-invalid': 'true' as const } : {};
  return (
    <>
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
    </>
  );
};

/** `sandboxCode`: the sandbox sends none. */
export const CodeField: FC<{ failed: boolean; sandboxCode: string | undefined }> = ({
  failed,
  sandboxCode,
}) => (
  <div class="field">
    <label for="code">One-time code</label>
    <input
      class="otp"
      id="code"
      name={JOURNEY_FIELDS.otp}
      inputmode="numeric"
      autocomplete="one-time-code"
      pattern="[0-9 ]{6,12}"
      title="Six digits"
      maxlength={12}
      required
      autofocus={failed}
      aria-describedby={failed ? `${FAILURE_ID} code-hint` : 'code-hint'}
      aria-invalid={failed ? 'true' : undefined}
    />
    <p class="hint" id="code-hint">
      {sandboxCode === undefined ? (
        'Six digits. Nobody from the bank will ever ask you for them.'
      ) : (
        <>
          In the sandbox no code is sent: it is always <code>{sandboxCode}</code>.
        </>
      )}
    </p>
  </div>
);
