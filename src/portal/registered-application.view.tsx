/** What an application is given: its registration token, once, and commands that work as they stand. */
import type { FC, PropsWithChildren } from 'hono/jsx';
import type { Client } from '#clients/client.ts';
import { CodeBlock, Facts, Id, Note } from '#developers/parts.view.tsx';
import { ApplicationsPage } from '#portal/application-form.view.tsx';
import { applicationPath } from '#portal/application-paths.ts';
import { envText, firstCalls } from '#portal/first-steps.ts';
import type { Viewing } from '#portal/portal-page.view.tsx';

/** The `.env` of an application and the commands that use it, in their order. */
export const FirstCalls: FC<
  Pick<Viewing, 'site'> & { readonly client: Client; readonly registrationToken?: string }
> = ({ site, client, registrationToken }) => (
  <>
    <CodeBlock label=".env" code={envText(site.issuer, client, registrationToken)} />
    {firstCalls(client, site.environment).map(({ title, words, code }) => (
      <>
        <p>{words}</p>
        <CodeBlock label={title} code={code} />
      </>
    ))}
  </>
);

type Handout = Viewing & { readonly client: Client; readonly registrationToken: string };

/** Hands out a registration token, which no other page shows. */
const HandoutPage: FC<PropsWithChildren<Handout & { readonly title: string }>> = ({
  client: { clientId, softwareName },
  registrationToken,
  children,
  ...page
}) => (
  <ApplicationsPage
    {...page}
    action={
      <a class="button plain" href={applicationPath(clientId)}>
        Go to the application
      </a>
    }
    notice={
      <Note tone="amber">
        <p>
          <b>Copy the registration access token now.</b> We keep only a digest of it: no other page shows it.
          Whoever holds it can change and delete the application.
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

/** What a new application is given. */
export const RegisteredView: FC<Handout> = (handout) => (
  <HandoutPage {...handout} title="Your application is registered">
    <h2>Make your first call</h2>
    <p>
      Do it within 24 hours: an application that never gets a token lapses. Save this as .env beside your
      private key. It holds the registration token: keep it to yourself.
    </p>
    <FirstCalls {...handout} />
  </HandoutPage>
);

/** The token that took the old one's place. */
export const RotatedView: FC<Handout> = (handout) => (
  <HandoutPage {...handout} title="The new registration token" />
);
