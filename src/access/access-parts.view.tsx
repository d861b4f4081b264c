/** What the customer's pages share: the frame, the way between them, accounts and times. */
import type { FC, PropsWithChildren } from 'hono/jsx';
import type { AccessEntry, AccessPart, SharedAccount } from '#access/access-entry.ts';
import { ACCESS_ACTIONS, PARTS, type SignedInFrame } from '#access/access-props.ts';
import { endWords } from '#access/access-words.ts';
import { Day } from '#authorization/journey-parts.view.tsx';
import { Page } from '#edge/frame.view.tsx';

/** A page of somebody logged in. */
export const SignedInPage: FC<PropsWithChildren<SignedInFrame & { title: string; part?: AccessPart }>> = (
  page,
) => (
  <Page {...page} audience="customer">
    <div class="told">
      <div class="head">
        <span class="hint">Logged in as {page.customerName}</span>
        <button class="button plain enter" type="submit" form="log-out">
          Log out
        </button>
      </div>
      <nav aria-label="Your access">
        {Object.entries(PARTS).map(([part, { path, name }]) => (
          <a href={path} aria-current={part === page.part ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      {page.children}
      <form class="unseen" id="log-out" method="post" action={ACCESS_ACTIONS.logOut} />
    </div>
  </Page>
);

/** To the next page, while there is one. */
export const Older: FC<{ path: string | undefined }> = ({ path }) =>
  path === undefined ? null : (
    <p>
      <a class="button plain" href={path}>
        Show older
      </a>
    </p>
  );

/** `Main Account ending 5678, Joint Account ending 4321 (joint)`. */
export const AccountNames: FC<{ accounts: readonly SharedAccount[] }> = ({ accounts }) => (
  <>
    {accounts.map(({ nickname, maskedNumber, joint }, index) => (
      <>
        {index === 0 ? '' : ', '}
        <bdi>{nickname}</bdi> <span class="whole">{maskedNumber}</span>
        {joint ? ' (joint)' : ''}
      </>
    ))}
  </>
);

/** How what is over ended, and when. */
export const Ending: FC<{ entry: AccessEntry }> = ({ entry }) => (
  <>
    {endWords(entry)}
    {entry.endedAt === undefined ? null : (
      <>
        {' '}
        on <Day at={entry.endedAt} />
      </>
    )}
    .
  </>
);
