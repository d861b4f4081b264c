/** The first page of the dashboard: the way to the first call, what there is, and the sandbox's test customers. */
import type { FC } from 'hono/jsx';
import type { TestCustomers } from '#authorization/journey-props.ts';
import { CodeBlock, Facts, Id, Table } from '#developers/parts.view.tsx';
import { APPLICATIONS_PATH, applicationPath } from '#portal/application-paths.ts';
import type { Overview } from '#portal/overview.flow.ts';
import { MakeApplication, PortalPage, Step, type Viewing } from '#portal/portal-page.view.tsx';
import { FirstCalls } from '#portal/registered-application.view.tsx';

type OverviewProps = Viewing & {
  readonly overview: Overview;
  /** Of a sandbox alone. */
  readonly testCustomers: TestCustomers | undefined;
};

const FirstSteps: FC<OverviewProps> = ({
  site,
  member,
  overview: { newest, isAuthenticated, hasCalled },
}) => (
  <>
    <ol class="guide">
      <Step title="Create an application" state={newest === undefined ? 'unknown' : 'met'}>
        <p>
          An application is your software as the bank knows it. You give it a name and keys, and it gets a
          client id.
        </p>
        {newest === undefined ? (
          <MakeApplication member={member} />
        ) : (
          <p>
            The newest of yours: <a href={applicationPath(newest.clientId)}>{newest.softwareName}</a>.
          </p>
        )}
      </Step>
      <Step title="Get a token" state={isAuthenticated ? 'met' : 'unknown'}>
        <p>Your software proves itself with its private key, gets an access token and asks for a consent.</p>
      </Step>
      <Step title="Make the first call for a customer" state={hasCalled ? 'met' : 'unknown'}>
        <p>The customer chooses accounts and confirms; then your software reads them.</p>
      </Step>
    </ol>
    {newest === undefined ? (
      <p class="hint">
        With your first application the commands for all this stand here, as in the{' '}
        <a href="/docs/getting-started">getting-started guide</a>.
      </p>
    ) : (
      <details open={!isAuthenticated}>
        <summary>Commands for {newest.softwareName}</summary>
        <FirstCalls site={site} client={newest} />
      </details>
    )}
  </>
);

const Sandbox: FC<{ issuer: string; accessLink: string; test: TestCustomers }> = ({
  issuer,
  accessLink,
  test: { customers, password, oneTimeCode },
}) => (
  <>
    <h2 id="customers">Your test customers</h2>
    <p>
      They are your organisation’s own. Their password is <code>{password}</code>, their one-time code{' '}
      <code>{oneTimeCode}</code>.
    </p>
    <Table
      caption="Test customers"
      columns={['Username', 'Accounts']}
      rows={customers.map(({ username, note }) => [<code>{username}</code>, note])}
    />
    <p>
      See and stop what they gave access to, as a customer does: <a href={accessLink}>the customers’ page</a>
    </p>
    <h3>Begin again</h3>
    <p>
      A reset ends all consents of your organisation and gives it fresh customers. It takes an{' '}
      <a href="/dashboard/api-keys">API key</a> and cannot be undone; applications stay.
    </p>
    <CodeBlock
      label="Reset the sandbox"
      code={`curl -X POST "${issuer}/sandbox/reset" \\\n  -H "Authorization: Bearer $API_KEY"`}
    />
  </>
);

export const OverviewView: FC<OverviewProps> = (props) => {
  const { site, member, overview, testCustomers } = props;
  return (
    <PortalPage site={site} member={member} title="Overview" current="/dashboard" topic="applications">
      <Facts
        rows={[
          ['Organisation', <bdi>{member.organisation.name}</bdi>],
          ['Base URL', <Id value={site.issuer} />],
          ['Discovery', <Id value={`${site.issuer}/.well-known/openid-configuration`} />],
          ['Applications', <a href={APPLICATIONS_PATH}>{overview.applications.length || 'None yet'}</a>],
          ['Calls in 30 days', <a href="/dashboard/usage">{overview.calls.toLocaleString('en-GB')}</a>],
        ]}
      />
      {overview.isAuthenticated && overview.hasCalled ? (
        <details>
          <summary>First steps, all done</summary>
          <FirstSteps {...props} />
        </details>
      ) : (
        <>
          <h2>First steps</h2>
          <FirstSteps {...props} />
        </>
      )}
      {testCustomers === undefined ? null : (
        <>
          <Sandbox issuer={site.issuer} accessLink={overview.accessLink} test={testCustomers} />
          <h2>On to production</h2>
          <p>
            <a href="/dashboard/production">See what production asks for, and what is still missing</a>
          </p>
        </>
      )}
    </PortalPage>
  );
};
