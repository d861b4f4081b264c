/** The first page of the dashboard: the way to the first call, what there is, and the sandbox's test customers. */
import type { FC, PropsWithChildren } from 'hono/jsx';
import type { TestCustomers } from '#authorization/journey-props.ts';
import { DashboardPage } from '#developers/dashboard.view.tsx';
import type { Member } from '#developers/member.ts';
import { CodeBlock, DocsLink, Facts, Id, Table, Tag } from '#developers/parts.view.tsx';
import { mayDo } from '#developers/role.ts';
import type { Site } from '#developers/site.ts';
import { APPLICATIONS_PATH, applicationPath, NEW_PATH } from '#portal/application-paths.ts';
import { envText, firstCalls } from '#portal/first-steps.ts';
import type { Overview } from '#portal/overview.flow.ts';

export interface OverviewProps {
  readonly site: Site;
  readonly member: Member;
  readonly overview: Overview;
  /** Of a sandbox alone. */
  readonly testCustomers: TestCustomers | undefined;
}

const Step: FC<PropsWithChildren<{ title: string; done?: boolean }>> = ({
  title,
  done = false,
  children,
}) => (
  <li class={done ? 'done' : undefined}>
    <h3>
      {title} {done ? <Tag tone="ok">Done</Tag> : null}
    </h3>
    {children}
  </li>
);

const FirstSteps: FC<OverviewProps> = ({
  site,
  member,
  overview: { applications, newest, isAuthenticated, hasCalled },
}) => {
  const calls = newest === undefined ? [] : firstCalls(newest, site.environment);
  const [tools, call, ...onwards] = calls;
  return (
    <ol class="guide">
      <Step title="Create an application" done={newest !== undefined}>
        <p>
          An application is your software as the bank knows it: its name, where customers come back to, and a
          key pair that your browser makes.
        </p>
        {newest !== undefined ? (
          <p>
            You have {applications.length === 1 ? 'one: ' : `${applications.length}, the newest of them `}
            <a href={applicationPath(newest.clientId)}>{newest.softwareName}</a>.
          </p>
        ) : mayDo(member.role, 'applications.change') ? (
          <p>
            <a class="button" href={NEW_PATH}>
              Create an application
            </a>
          </p>
        ) : (
          <p class="note">Your role reads only. Ask an owner or a developer of {member.organisation.name}.</p>
        )}
      </Step>
      <Step title="Get a token" done={isAuthenticated}>
        <p>
          Your software proves itself with its private key and gets an access token for ten minutes, with
          which it asks for a consent. You need curl and Node.js 20 or later.
        </p>
        {newest === undefined || tools === undefined || call === undefined ? (
          <p class="hint">The commands for it appear here with your first application.</p>
        ) : (
          <details open={!isAuthenticated}>
            <summary>Commands for {newest.softwareName}</summary>
            <CodeBlock
              label="Save as .env, beside your private key"
              code={envText(site.issuer, newest, undefined)}
            />
            <CodeBlock label={tools.title} code={tools.code} />
            <CodeBlock label={call.title} code={call.code} />
          </details>
        )}
      </Step>
      <Step title="Make the first call for a customer" done={hasCalled}>
        <p>
          A customer sees what your software asks for, chooses accounts and confirms; then your software reads
          them.
        </p>
        {onwards.length === 0 ? (
          <p class="hint">
            <a href="/docs/getting-started">The getting-started guide</a> walks the whole way.
          </p>
        ) : (
          <details>
            <summary>Commands</summary>
            {onwards.map(({ title, words, code }) => (
              <>
                <p>{words}</p>
                <CodeBlock label={title} code={code} />
              </>
            ))}
          </details>
        )}
      </Step>
    </ol>
  );
};

const Sandbox: FC<{ issuer: string; accessLink: string; test: TestCustomers }> = ({
  issuer,
  accessLink,
  test: { customers, password, oneTimeCode },
}) => (
  <>
    <h2 id="customers">Your test customers</h2>
    <p>
      Your organisation has a bank of its own in the sandbox: nobody else sees these customers. Their password
      is <code>{password}</code>, their one-time code <code>{oneTimeCode}</code>.
    </p>
    <Table
      caption="Test customers"
      columns={['Username', 'Accounts']}
      rows={customers.map(({ username, note }) => [<code>{username}</code>, note])}
    />
    <h3>What they gave access to</h3>
    <p>
      As a customer of your sandbox, see each access with its accounts and its end, and stop it.{' '}
      <a href={accessLink}>Open the customers’ page</a>
    </p>
    <h3>Begin again</h3>
    <p>
      A reset ends all consents of your organisation and gives it fresh customers and accounts. It takes an{' '}
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
  const isSandbox = site.environment === 'sandbox';
  return (
    <DashboardPage site={site} member={member} title="Overview" current="/dashboard">
      <Facts
        rows={[
          ['Organisation', <bdi>{member.organisation.name}</bdi>],
          ['Base URL', <Id value={site.issuer} />],
          ['Discovery', <Id value={`${site.issuer}/.well-known/openid-configuration`} />],
          [
            'Applications',
            <a href={APPLICATIONS_PATH}>
              {overview.applications.length === 0 ? 'None yet' : overview.applications.length}
            </a>,
          ],
          [
            'Calls in 30 days',
            <a href="/dashboard/usage">
              {overview.calls === 0 ? 'None yet' : overview.calls.toLocaleString('en-GB')}
            </a>,
          ],
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
      {isSandbox && testCustomers !== undefined ? (
        <Sandbox issuer={site.issuer} accessLink={overview.accessLink} test={testCustomers} />
      ) : null}
      {isSandbox ? (
        <>
          <h2>On to production</h2>
          <p>
            Production is another deployment with real customers.{' '}
            <a href="/dashboard/production">See what it asks for, and what is still missing</a>.
          </p>
        </>
      ) : null}
      <p class="hint">
        <DocsLink topic="applications">How the dashboard works</DocsLink>
      </p>
    </DashboardPage>
  );
};
