/** Step 2: the customer types the one-time code. */
import type { FC } from 'hono/jsx';
import { CodeField } from '#authorization/credential-fields.view.tsx';
import { Asker, ContinueOrCancel, Failure, Interaction, Step } from '#authorization/journey-parts.view.tsx';
import { type CodeProps, JOURNEY_ACTIONS } from '#authorization/journey-props.ts';
import { PURPOSE_WORDS } from '#consents/permissions.ts';
import { moneyWords } from '#kernel/words.ts';

export const CodeView: FC<CodeProps> = (code) => {
  const failed = code.failure !== undefined;
  return (
    <Step frame={code} title="One-time code" step={2}>
      <h1>Enter your one-time code</h1>
      <p class="lead">
        {code.sandboxCode === undefined
          ? `We have sent ${code.sentTo ?? 'you'} a code of six digits. It `
          : 'The code '}
        is only for the request of <Asker {...code} /> to {PURPOSE_WORDS[code.purpose].wish}, and lasts{' '}
        <span class="whole">5 minutes</span>.
      </p>
      {code.payment === undefined ? null : (
        <p class="lead">
          Pay <b class="whole">{moneyWords(code.payment.amount)}</b> to{' '}
          <b>
            <bdi>{code.payment.payee}</bdi>
          </b>
          .
        </p>
      )}
      <form id="otp" method="post" action={JOURNEY_ACTIONS.otp}>
        <Failure text={code.failure} />
        <Interaction sealed={code.interaction} />
        <CodeField failed={failed} sandboxCode={code.sandboxCode} />
        <ContinueOrCancel />
      </form>
    </Step>
  );
};
