/** One thing that a customer let an app do, in full, and the pages that ask whether to stop it. */
import type { FC, PropsWithChildren } from 'hono/jsx';
import { type AccessEntry, isLive } from '#access/access-entry.ts';
import { AccountNames, Ending, SignedInPage } from '#access/access-parts.view.tsx';
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

/** What it opens or opened, in the words in which the customer was asked. */
const What: FC<{ entry: AccessEntry }> = ({ entry: { consent, softwareName } }) => {
  const { request } = consent;
  const isNow = consent.status === 'authorized';
  if (request.type === 'payment') {
    return (
      <section aria-labelledby="what">
        <h2 id="what">The payment</h2>
        <PaymentTerms payment={request.payment} quote={request.quote} />
      </section>
    );
  }
  if (request.type === 'funds-confirmation') {
    return (
      <section aria-labelledby="what">
        <h2 id="what">What {softwareName} is told</h2>
        <ul class="sees">
          <li>
            <b>Yes or no</b>
            It names an amount, and we say whether it is available at that moment. Nothing else is told, and
            no money is held back for it.
          </li>
        </ul>
      </section>
    );
  }
  return (
    <section aria-labelledby="what">
      <h2 id="what">
        What {softwareName} {isNow ? 'sees' : 'saw, if it looked'}
      </h2>
      <PermissionsSeen {...request} />
    </section>
  );
};

const When: FC<Pick<AccessDetailProps, 'entry' | 'history'>> = ({ entry, history }) => {
  const { consent } = entry;
  const since = history.find(({ event }) => event === 'authorized')?.at;
  const until = isLive(entry) ? expiryOf(consent) : undefined;
  return (
    <section aria-labelledby="when">
      <h2 id="when">Since when, until when</h2>
      <dl>
        {since === undefined ? null : (
          <>
            <dt>Since</dt>
            <dd>
              <Moment at={since} />
            </dd>
          </>
        )}
        {until === undefined ? null : (
          <>
            <dt>Until</dt>
            <dd>
              <Moment at={until} />
            </dd>
          </>
        )}
        {consent.type === 'payment' ? null : (
          <>
            <dt>Last used</dt>
            <dd>{consent.lastUsedAt === undefined ? 'Not used' : <Day at={consent.lastUsedAt} />}</dd>
          </>
        )}
        {entry.payment === undefined ? null : (
          <>
            <dt>Payment</dt>
            <dd>
              {paymentWords(entry.payment)} <Day at={entry.payment.statusUpdatedAt} />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
};

const Checks: FC<Pick<AccessDetailProps, 'checks' | 'nextChecks'>> = ({ checks, nextChecks }) =>
  checks === undefined ? null : (
    <section aria-labelledby="checks">
      <h2 id="checks">What it asked</h2>
      {checks.length === 0 ? <p>Nothing yet.</p> : null}
      <ul class="sees">
        {checks.map(({ amount, fundsAvailable, createdAt, reference }) => (
          <li>
            <b>
              {moneyWords(amount)}: {fundsAvailable ? 'yes' : 'no'}
            </b>
            <Moment at={createdAt} />, for <bdi>{reference}</bdi>
          </li>
        ))}
      </ul>
      {nextChecks === undefined ? null : (
        <p>
          <a class="button plain" href={nextChecks}>
            Show older
          </a>
        </p>
      )}
    </section>
  );

const History: FC<Pick<AccessDetailProps, 'entry' | 'history'>> = ({ entry, history }) => (
  <section aria-labelledby="history">
    <h2 id="history">Who did what</h2>
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
  </section>
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
            <section aria-labelledby="accounts">
              <h2 id="accounts">{accounts.length === 1 ? 'Your account' : 'Your accounts'}</h2>
              <p>
                <AccountNames accounts={accounts} />
              </p>
            </section>
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
