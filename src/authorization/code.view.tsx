/** Step 2: the customer types the one-time code. */
import type { FC } from 'hono/jsx';
import {
  Asker,
  CancelButton,
  FAILURE_ID,
  Failure,
  Interaction,
  Step,
} from '#authorization/journey-parts.view.tsx';
import { type CodeProps, JOURNEY_ACTIONS, JOURNEY_FIELDS } from '#authorization/journey-props.ts';

export const CodeView: FC<CodeProps> = (code) => {
  const failed = code.failure !== undefined;
  return (
    <Step environment={code.environment} host={code.host} title="One-time code" step={2} failed={failed}>
      <h1>Enter your one-time code</h1>
      <p class="lead">
        {code.sentTo === undefined ? 'We have sent you' : `We have sent ${code.sentTo}`} a code of six digits.
        It is only for the request of <Asker {...code} />
        {code.purpose === 'identity' ? ' to confirm who you are' : ' to see account information'}, and lasts 5
        minutes.
      </p>
      <form id="otp" method="post" action={JOURNEY_ACTIONS.otp}>
        <Failure text={code.failure} />
        <Interaction sealed={code.interaction} />
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
            {code.sandboxCode === undefined ? (
              'Nobody from the bank will ever ask you for it.'
            ) : (
              <>
                No code is sent in the sandbox: it is always <code>{code.sandboxCode}</code>.
              </>
            )}
          </p>
        </div>
        <div class="actions">
          <button class="button" type="submit">
            Continue
          </button>
          <CancelButton />
        </div>
      </form>
    </Step>
  );
};
