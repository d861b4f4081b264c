/** Lists of what a customer let apps do: what opens something now, payments, and what is over. */
import type { FC } from 'hono/jsx';
import { type AccessEntry, groupByApp, type IdentityEntry, isLive } from '#access/access-entry.ts';
import { AccountNames, Ending, Older, SignedInPage } from '#access/access-parts.view.tsx';
import { type AccessListProps, detailPath, PARTS, stopIdentityPath } from '#access/access-props.ts';
import { abilityWords, paymentWords } from '#access/access-words.ts';
import { Day, Moment } from '#authorization/journey-parts.view.tsx';
import { expiryOf, requestOf } from '#consents/consent.ts';
import { IDENTITY_WORDS, PURPOSE_WORDS } from '#consents/permissions.ts';
import { moneyWords } from '#kernel/words.ts';

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** When it was last used, which of a payment the payment itself says; what was refused never could be. */
const LastUse: FC<{ entry: AccessEntry }> = ({ entry }) => {
  const { type, status, lastUsedAt } = entry.consent;
  if (type === 'payment' || status === 'rejected') return null;
  if (lastUsedAt === undefined) return <> {isLive(entry) ? 'Not used yet' : 'It was never used'}.</>;
  return (
    <>
      {' '}
      Last used on <Day at={lastUsedAt} />.
    </>
  );
};

/** Since when and until when. */
const Span: FC<{ entry: AccessEntry }> = ({ entry }) => {
  const { consent } = entry;
  const until = expiryOf(consent);
  if (!isLive(entry) || until === undefined) return <Ending entry={entry} />;
  if (consent.type === 'payment') {
    return (
      <>
        Not paid yet. It can be made until <Moment at={until} />.
      </>
    );
  }
  return (
    <>
      Since <Day at={consent.statusUpdatedAt} />, until <Day at={until} />.
    </>
  );
};

/** To more of it; `of` says to screen readers what that is. */
const Onward: FC<{ words: string; path: string; of: string }> = ({ words, path, of }) => (
  <p class="links">
    <a class="button plain" href={path}>
      {words}
      <span class="unseen">: {of}</span>
    </a>
  </p>
);

/** To the whole of a consent. */
const ToWhole: FC<{ entry: AccessEntry; of: string }> = ({ entry, of }) => (
  <Onward
    words={isLive(entry) ? 'See or stop' : 'See more'}
    path={detailPath(entry.consent.consentId)}
    of={of}
  />
);

const AccessItem: FC<{ entry: AccessEntry }> = ({ entry }) => {
  const ability = abilityWords(entry);
  return (
    <li>
      <b>{capital(ability)}</b>
      {entry.accounts.length === 0 ? null : (
        <>
          <AccountNames accounts={entry.accounts} />.{' '}
        </>
      )}
      <Span entry={entry} />
      <LastUse entry={entry} />
      <ToWhole entry={entry} of={`${entry.softwareName} ${ability}`} />
    </li>
  );
};

const IdentityItem: FC<{ entry: IdentityEntry }> = ({ entry }) => {
  const ability = `can ${PURPOSE_WORDS.identity.wish}`;
  return (
    <li>
      <b>{capital(ability)}</b>
      {IDENTITY_WORDS.group}, and nothing else of you. Since <Day at={entry.givenAt} />, until{' '}
      <Day at={entry.expiresAt} />.
      <Onward words="Stop" path={stopIdentityPath(entry.clientId)} of={`${entry.softwareName} ${ability}`} />
    </li>
  );
};

const AppCard: FC<{ entries: readonly (AccessEntry | IdentityEntry)[] }> = ({ entries }) => {
  const [first] = entries;
  if (first === undefined) return null;
  const { softwareName, organisationName } = first;
  return (
    <article class="card told">
      <div>
        <h2>{softwareName}</h2>
        {organisationName === softwareName ? null : <p class="hint">{organisationName}</p>}
      </div>
      <ul class="sees">
        {entries.map((entry) =>
          'consent' in entry ? <AccessItem entry={entry} /> : <IdentityItem entry={entry} />,
        )}
      </ul>
    </article>
  );
};

const PaymentCard: FC<{ entry: AccessEntry }> = ({ entry }) => {
  const { consent, payment, softwareName, accounts } = entry;
  const { instructedAmount, creditor } = requestOf(consent, 'payment').payment;
  const amount = moneyWords(instructedAmount);
  return (
    <article class="card">
      <h2>
        {amount} to <bdi>{creditor.name}</bdi>
      </h2>
      <p class="lead">
        {payment === undefined ? (
          <>
            {isLive(entry) ? '' : 'Never paid. '}
            <Span entry={entry} />
          </>
        ) : (
          <>
            {paymentWords(payment)} <Day at={payment.statusUpdatedAt} />.
          </>
        )}{' '}
        By <bdi>{softwareName}</bdi>
        {accounts.length === 0 ? null : (
          <>
            , from <AccountNames accounts={accounts} />
          </>
        )}
        .
      </p>
      <ToWhole entry={entry} of={`${amount} to ${creditor.name}`} />
    </article>
  );
};

export const AccessListView: FC<AccessListProps> = (list) => {
  const { part, entries, identities } = list;
  const { title, introduction, nothing } = PARTS[part];
  return (
    <SignedInPage {...list} title={title}>
      <h1>{title}</h1>
      <p>{introduction}</p>
      {list.hasStopped ? (
        <p class="note" role="status">
          You stopped it.
        </p>
      ) : null}
      {entries.length + identities.length === 0 ? (
        <article class="card">
          <p>{list.isFirst ? nothing : 'There is nothing more.'}</p>
        </article>
      ) : null}
      {part === 'payments'
        ? entries.map((entry) => <PaymentCard entry={entry} />)
        : groupByApp([...entries, ...identities]).map((group) => <AppCard entries={group} />)}
      <Older path={list.next} />
    </SignedInPage>
  );
};
