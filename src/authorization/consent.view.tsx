/** Step 3: who asks, what they would see, of which accounts, for how long; and the customer's decision. */
import type { FC } from 'hono/jsx';
import { Accounts } from '#authorization/account-row.view.tsx';
import { FundsAsked } from '#authorization/funds-asked.view.tsx';
import { Failure, Interaction, Step, UntilWhen } from '#authorization/journey-parts.view.tsx';
import {
  type Asked,
  type ConsentProps,
  JOURNEY_ACTIONS,
  JOURNEY_FIELDS,
} from '#authorization/journey-props.ts';
import { PaymentAsked } from '#authorization/payment-asked.view.tsx';
import { PermissionsSeen } from '#authorization/permissions-seen.view.tsx';
import { IDENTITY_WORDS, PURPOSE_WORDS } from '#consents/permissions.ts';

type AccountAccess = Extract<Asked, { type: 'account-access' }>;

const AccessAsked: FC<{ asked: AccountAccess; softwareName: string; failure: string | undefined }> = ({
  asked,
  softwareName,
  failure,
}) => (
  <>
    <section aria-labelledby="sees">
      <h2 id="sees">What {softwareName} would see</h2>
      <PermissionsSeen {...asked} />
    </section>
    <Accounts type="checkbox" legend="Which accounts to share" accounts={asked.accounts} failure={failure} />
    <UntilWhen at={asked.expiresAt} softwareName={softwareName} />
  </>
);

const IdentityAsked: FC<{ staysSignedIn: boolean; softwareName: string; failure: string | undefined }> = ({
  staysSignedIn,
  softwareName,
  failure,
}) => (
  <section aria-labelledby="sees">
    <Failure text={failure} />
    <h2 id="sees">What {softwareName} would learn</h2>
    <ul class="sees">
      <li>
        <b>{IDENTITY_WORDS.group}</b>
        {IDENTITY_WORDS.sentence}
        {staysSignedIn ? ` ${IDENTITY_WORDS.again}` : ''}
      </li>
    </ul>
  </section>
);

/** What the three ways out are called; they look alike, for the bank has no wish of its own here. */
const CHOICES = [
  ['approve', 'Confirm'],
  ['deny', 'Refuse'],
  ['cancel', 'Cancel'],
] as const;

export const ConsentView: FC<ConsentProps> = (consent) => {
  const { asked, softwareName, organisationName, failure } = consent;
  const words = PURPOSE_WORDS[asked.type];
  return (
    <Step frame={consent} title="Your decision" step={3} customerName={consent.customerName}>
      <h1>
        {softwareName} wants to {words.wish}
      </h1>
      <p class="lead">
        {softwareName === organisationName ? (
          softwareName
        ) : (
          <>
            {softwareName} belongs to <b>{organisationName}</b>. It
          </>
        )}{' '}
        {words.limits}
      </p>
      <form id="consent" method="post" action={JOURNEY_ACTIONS.consent}>
        <Interaction sealed={consent.interaction} />
        <div class="asked">
          {asked.type === 'identity' ? (
            <IdentityAsked
              staysSignedIn={asked.staysSignedIn}
              softwareName={softwareName}
              failure={failure}
            />
          ) : null}
          {asked.type === 'account-access' ? (
            <AccessAsked asked={asked} softwareName={softwareName} failure={failure} />
          ) : null}
          {asked.type === 'payment' ? <PaymentAsked asked={asked} failure={failure} /> : null}
          {asked.type === 'funds-confirmation' ? (
            <FundsAsked asked={asked} softwareName={softwareName} failure={failure} />
          ) : null}
        </div>
        <div class="choices">
          {CHOICES.map(([decision, name]) => (
            <button
              class="button plain"
              type="submit"
              name={JOURNEY_FIELDS.decision}
              value={decision}
              formnovalidate={decision === 'cancel'}
            >
              {name}
            </button>
          ))}
        </div>
        <p class="hint">
          Confirm lets {softwareName} {words.wish}. Refuse says no to it. Cancel takes you back undecided.
        </p>
      </form>
    </Step>
  );
};
