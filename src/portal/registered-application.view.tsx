/** What an application is given: its registration token, once, and commands that work as they stand. */
import type { FC, PropsWithChildren } from 'hono/jsx';
import type { Registration } from '#clients/statement.ts';
import { CodeBlock, Facts, Id, Note } from '#developers/parts.view.tsx';
import { ApplicationsPage, type Viewing } from '#portal/application-form.view.tsx';
import { applicationPath } from '#portal/application-paths.ts';
import type { ShellBlock } from '#portal/first-steps.ts';

/** Blocks to copy into a shell, in their order. */
export const ShellBlocks: FC<{ readonly blocks: readonly ShellBlock[] }> = ({ blocks }) => (
  <>
    {blocks.map(({ title, words, code }) => (
      <>
        <p>{words}</p>
        <CodeBlock label={title} code={code} />
      </>
    ))}
  </>
);

type Handout = Viewing & { readonly registration: Registration; readonly registrationToken: string };

/** Hands out a registration token, which no other page shows. */
const HandoutPage: FC<PropsWithChildren<Handout & { readonly title: string }>> = ({
  registration,
  registrationToken,
  title,
  children,
  ...viewing
}) => {
  const { clientId, softwareName } = registration.client;
  return (
    <ApplicationsPage
      {...viewing}
      title={title}
      action={
        <a class="button plain" href={applicationPath(clientId)}>
          Go to the application
        </a>
      }
      notice={
        <Note tone="amber">
          <p>
            <b>Copy the registration access token now.</b> We keep only a digest of it, so this page is the
            only one that shows it. Whoever holds it can change and delete the application.
          </p>
        </Note>
      }
    >
      <Facts
        rows={[
          ['Application', <bdi>{softwareName}</bdi>],
          ['Client id', <Id value={clientId} />],
          ['Registration access token', <Id value={registrationToken} />],
        ]}
      />
      {children}
    </ApplicationsPage>
  );
};

/** What a new application is given. */
export const RegisteredView: FC<
  Handout & { readonly env: string; readonly blocks: readonly ShellBlock[] }
> = ({ env, blocks, ...handout }) => (
  <HandoutPage {...handout} title="Your application is registered">
    <h2>Make your first call</h2>
    <p>
      Do it within 24 hours: an application that never authenticates itself lapses. Save this as .env beside
      your private key. It holds the registration token: keep it to yourself.
    </p>
    <CodeBlock label=".env" code={env} />
    <ShellBlocks blocks={blocks} />
    {handout.site.environment === 'sandbox' ? (
      <p>
        An <a href="/dashboard/api-keys">API key</a> of your organisation opens the sandbox’s own helpers; the
        calls of the API need none.
      </p>
    ) : null}
  </HandoutPage>
);

/** The token that took the old one's place. */
export const RotatedView: FC<Handout> = (handout) => (
  <HandoutPage {...handout} title="The new registration token" />
);
