/** What the pages of a customer's journey share: the card, the failure message, the hidden interaction. */
import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import { JOURNEY_FIELDS, type JourneyFrame } from '#authorization/journey-props.ts';
import { Page } from '#edge/frame.view.tsx';
import { renderInstant } from '#kernel/time.ts';
import { dateTimeWords, dateWords } from '#kernel/words.ts';

/** Where the failure message stands, for `aria-describedby`. */
export const FAILURE_ID = 'failure';

interface StepProps {
  readonly frame: Pick<JourneyFrame, 'environment' | 'host' | 'failure'>;
  readonly title: string;
  /** Which page this is, of how many. */
  readonly step: 1 | 2 | 3;
  readonly of?: 2 | 3;
  /** Who is logged in, once somebody is. */
  readonly customerName?: string;
  /** Stands below the card. */
  readonly below?: Child;
}

/** One page of a log-in or of a journey that begins with one, in one card. */
export const Step: FC<PropsWithChildren<StepProps>> = ({
  frame: { environment, host, failure },
  title,
  step,
  of = 3,
  customerName,
  below,
  children,
}) => (
  <Page
    environment={environment}
    host={host}
    title={title}
    failed={failure !== undefined}
    audience="customer"
  >
    <article class="card">
      <p class="eyebrow">
        <span>
          Step {step} of {of}
        </span>
        {customerName === undefined ? null : <span>Logged in as {customerName}</span>}
      </p>
      {children}
    </article>
    {below}
  </Page>
);

/** The failure of the last post, in words, above the form. */
export const Failure: FC<{ text: string | undefined }> = ({ text }) =>
  text === undefined ? null : (
    <p class="note danger" id={FAILURE_ID} role="alert">
      {text}
    </p>
  );

/** The sealed interaction, in each form. */
export const Interaction: FC<{ sealed: string }> = ({ sealed }) => (
  <input type="hidden" name={JOURNEY_FIELDS.interaction} value={sealed} />
);

/** A day, in UK time. */
export const Day: FC<{ at: number }> = ({ at }) => <time datetime={renderInstant(at)}>{dateWords(at)}</time>;

/** A day and a time of it, which may stand on two lines. */
export const Moment: FC<{ at: number }> = ({ at }) => {
  const [day = '', clock = ''] = dateTimeWords(at).split(' at ');
  return (
    <>
      <time datetime={renderInstant(at)}>{day}</time> at <span class="whole">{clock}</span>
    </>
  );
};

/** On, or out of the journey without a decision: Cancel stands after the main button, which Enter therefore presses. */
export const ContinueOrCancel: FC = () => (
  <div class="actions">
    <button class="button" type="submit">
      Continue
    </button>
    <button class="button plain" type="submit" name={JOURNEY_FIELDS.decision} value="cancel" formnovalidate>
      Cancel
    </button>
  </div>
);

/** When what is consented to ends by itself, and that it may end sooner. */
export const UntilWhen: FC<{ at: number; softwareName: string }> = ({ at, softwareName }) => (
  <section aria-labelledby="until">
    <h2 id="until">For how long</h2>
    <p>
      Until{' '}
      <b>
        <Day at={at} />
      </b>
      . You can stop it sooner: tell {softwareName}, or us.
    </p>
  </section>
);

/** `Acorn Finance`, or `Acorn Finance (Acorn Group Ltd)` where the company is called otherwise. */
export const Asker: FC<Pick<JourneyFrame, 'softwareName' | 'organisationName'>> = ({
  softwareName,
  organisationName,
}) => (
  <>
    <b>
      <bdi>{softwareName}</bdi>
    </b>
    {organisationName === softwareName ? null : (
      <>
        {' '}
        (<bdi>{organisationName}</bdi>)
      </>
    )}
  </>
);
