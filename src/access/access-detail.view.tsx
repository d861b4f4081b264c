/** One thing that a customer let an app do, in full, and the pages that ask whether to stop it. */
import type { Child, FC, PropsWithChildren } from 'hono/jsx';
import { type AccessEntry, isLive } from '#access/access-entry.ts';
import { AccountNames, Ending, Older, SignedInPage } from '#access/access-parts.view.tsx';
import { ACCESS_PATH } from '#access/access-path.ts';
import {
  type AccessDetailProps,
  detailPath,
  type SignedInFrame,
  type StopIdentityProps,
  type StopProps,
  stopIdentityPath,
  stopPath,
} from '#access/access-props.ts';
import { abilityWords, historyWords, paymentWords } from '#access/access-words.ts';
import { Day, Moment } from '#authorization/journey-parts.view.tsx';
import { PaymentTerms } from '#authorization/payment-asked.view.tsx';
import { PermissionsSeen } from '#authorization/permissions-seen.view.tsx';
import { expiryOf } from '#consents/consent.ts';
import { PURPOSE_WORDS, type Purpose, STOP_WORDS } from '#consents/permissions.ts';
import { moneyWords } from '#kernel/words.ts';

const Section: FC<PropsWithChildren<{ id: string; title: string }>> = ({ id, title, children }) => (
  <section aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    {children}
  </section>
);

/** What it opens or opened, in the words in which the customer was asked. */
const What: FC<{ entry: AccessEntry }> = ({ entry }) => {
  const { request } = entry.consent;
  const { softwareName } = entry;
  if (request.type === 'payment') {
    return (
      <Section id="what" title="The payment">
        <PaymentTerms payment={request.payment} quote={request.quote} />
      </Section>
    );
  }
  if (request.type === 'funds-confirmation') {
    return (
      <Section id="what" title={`What ${softwareName} is told`}>
        <ul class="sees">
          <li>
            <b>Yes or no</b>
            It names an amount, and we say whether it is available at that moment. No money is held back for
            it.
          </li>
        </ul>
      </Section>
    );
  }
  return (
    <Section id="what" title={`What ${softwareName} ${isLive(entry) ? 'sees' : 'saw, if it looked'}`}>
      <PermissionsSeen {...request} />
    </Section>
  );
};

const When: FC<Pick<AccessDetailProps, 'entry' | 'history'>> = ({ entry, history }) => {
  const { consent, payment } = entry;
  const since = history.find(({ event }) => event === 'authorized')?.at;
  const until = isLive(entry) ? expiryOf(consent) : undefined;
  const lines: (readonly [string, Child] | undefined)[] = [
    since === undefined ? undefined : ['Since', <Moment at={since} />],
    until === undefined ? undefined : ['Until', <Moment at={until} />],
    consent.type === 'payment'
      ? undefined
      : ['Last used', consent.lastUsedAt === undefined ? 'Not used' : <Day at={consent.lastUsedAt} />],
    payment && [
      'Payment',
      <>
        {paymentWords(payment)} <Day at={payment.statusUpdatedAt} />
      </>,
    ],
  ];
  return (
    <Section id="when" title="Since when, until when">
      <dl>
        {lines.map((line) =>
          line === undefined ? null : (
            <>
              <dt>{line[0]}</dt>
              <dd>{line[1]}</dd>
            </>
          ),
        )}
      </dl>
    </Section>
  );
};

const Checks: FC<Pick<AccessDetailProps, 'entry' | 'funds'>> = ({ entry, funds }) =>
  funds === undefined ? null : (
    <Section id="checks" title="What it asked">
      {funds.checks.length === 0 ? <p>Nothing yet.</p> : null}
      <ul class="sees">
        {funds.checks.map(({ amount, fundsAvailable, createdAt, reference }) => (
          <li>
            <b>
              {moneyWords(amount)}: {fundsAvailable ? 'yes' : 'no'}
            </b>
            <Moment at={createdAt} />, for <bdi>{reference}</bdi>
          </li>
        ))}
      </ul>
      <Older path={funds.next && `${detailPath(entry.consent.consentId)}?checks=${funds.next}`} />
    </Section>
  );

const History: FC<Pick<AccessDetailProps, 'entry' | 'history'>> = ({ entry, history }) => (
  <Section id="history" title="Who did what">
    {history.length === 0 ? (
      <p>We keep each step for 30 days after the end.</p>
    ) : (
      <ol class="sees">
        {history.map((line) => (
          <li>
            <b>{historyWords(line, entry)}</b>
            <Moment at={line.at} />
          </li>
        ))}
      </ol>
    )}
  </Section>
);

/** The app, and its company where that is called otherwise. */
const Whose: FC<{ entry: AccessEntry }> = ({ entry: { softwareName, organisationName } }) =>
  softwareName === organisationName ? null : (
    <p class="lead">
      {softwareName} belongs to <b>{organisationName}</b>.
    </p>
  );

export const AccessDetailView: FC<AccessDetailProps> = (detail) => {
  const { entry } = detail;
  const { consent, softwareName, accounts } = entry;
  const title = `${softwareName} ${abilityWords(entry)}`;
  return (
    <SignedInPage {...detail} title={title}>
      <article class="card told">
        <h1>{title}</h1>
        <Whose entry={entry} />
        {isLive(entry) ? (
          <p>
            <a class="button" href={stopPath(consent.consentId)}>
              {STOP_WORDS[consent.type].button}
            </a>
          </p>
        ) : (
          <p class="note" role="status">
            <Ending entry={entry} />
            {consent.status === 'consumed' ? null : ` ${softwareName} gets nothing from us by it.`}
          </p>
        )}
        <div class="asked">
          <What entry={entry} />
          {accounts.length === 0 ? null : (
            <Section id="accounts" title={accounts.length === 1 ? 'Your account' : 'Your accounts'}>
              <p>
                <AccountNames accounts={accounts} />
              </p>
            </Section>
          )}
          <When {...detail} />
          <Checks {...detail} />
          <History {...detail} />
        </div>
      </article>
    </SignedInPage>
  );
};

interface QuestionProps extends SignedInFrame {
  readonly softwareName: string;
  readonly purpose: Purpose;
  /** Where the form is posted. */
  readonly action: string;
  /** Back, with nothing changed. */
  readonly back: string;
}

/** Whether to stop it, and what follows; the one confirmation. */
const StopQuestion: FC<PropsWithChildren<QuestionProps>> = ({ purpose, softwareName, ...page }) => {
  const { button, consequence } = STOP_WORDS[purpose];
  const question = `Stop letting ${softwareName} ${PURPOSE_WORDS[purpose].wish}?`;
  return (
    <SignedInPage {...page} title={question}>
      <article class="card">
        <h1>{question}</h1>
        <p class="lead">
          From then on {softwareName} {consequence}
        </p>
        {page.children}
        <form id="stop" method="post" action={page.action}>
          <div class="actions">
            <button class="button" type="submit">
              {button}
            </button>
            <a class="button plain" href={page.back}>
              Keep it
            </a>
          </div>
        </form>
      </article>
    </SignedInPage>
  );
};

export const StopView: FC<StopProps> = ({ entry, ...frame }) => {
  const { consent, softwareName, accounts } = entry;
  return (
    <StopQuestion
      {...frame}
      softwareName={softwareName}
      purpose={consent.type}
      action={stopPath(consent.consentId)}
      back={detailPath(consent.consentId)}
    >
      {accounts.length === 0 ? null : (
        <p class="lead">
          It is about <AccountNames accounts={accounts} />.
        </p>
      )}
    </StopQuestion>
  );
};

export const StopIdentityView: FC<StopIdentityProps> = ({ entry, ...frame }) => (
  <StopQuestion
    {...frame}
    softwareName={entry.softwareName}
    purpose="identity"
    action={stopIdentityPath(entry.clientId)}
    back={ACCESS_PATH}
  />
);
