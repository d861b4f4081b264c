/** The local mailbox: each message as it would have been sent, its links to be opened. */
import type { Child, FC } from 'hono/jsx';
import { EmptyState, Time } from '#developers/parts.view.tsx';
import type { Site } from '#developers/site.ts';
import { Page } from '#edge/frame.view.tsx';
import type { LocalMessage } from '#sandbox/mailbox.store.ts';

/** A line of a message; one that is an address is a link. */
function lineOf(line: string): Child {
  return /^https?:\/\/\S+$/.test(line) ? <a href={line}>{line}</a> : line;
}

export const MailboxView: FC<{ readonly site: Site; readonly messages: readonly LocalMessage[] }> = ({
  site,
  messages,
}) => (
  <Page {...site} title="Local mailbox" audience="developer">
    <div class="prose">
      <h1>Local mailbox</h1>
      <p>
        What this sandbox would have sent by e-mail. Messages stay for a day; other deployments have no such
        page.
      </p>
      {messages.length === 0 ? (
        <EmptyState title="No messages yet">
          <p>
            Sign up at <a href="/dashboard/sign-up">/dashboard/sign-up</a>, and the message comes here.
          </p>
        </EmptyState>
      ) : null}
      {messages.map(({ recipient, subject, body, sentAt }) => (
        <article class="card empty">
          <p class="eyebrow">
            <span>To {recipient}</span>
            <Time at={sentAt} />
          </p>
          <h2>{subject}</h2>
          {body.split('\n\n').map((line) => (
            <p>{lineOf(line)}</p>
          ))}
        </article>
      ))}
    </div>
  </Page>
);
