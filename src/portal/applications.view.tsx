/** Applications of an organisation: their list, the way to join, and one of them. */
import type { Child, FC } from 'hono/jsx';
import type { ClientStanding } from '#clients/admission.ts';
import type { ClientStatus } from '#clients/client.ts';
import type { OrganisationClient, OwnedRegistration } from '#clients/organisation-clients.flow.ts';
import {
  CodeBlock,
  DocsLink,
  EmptyState,
  Facts,
  Field,
  Id,
  Note,
  ProblemSummary,
  ShownFor,
  Table,
  Tag,
  Time,
} from '#developers/parts.view.tsx';
import { mayDo } from '#developers/role.ts';
import { ApplicationsPage, type Asked, problemOf, type Viewing } from '#portal/application-form.view.tsx';
import { applicationPath, JOIN_PATH, NEW_PATH } from '#portal/application-paths.ts';
import type { ShellBlock } from '#portal/first-steps.ts';
import { ShellBlocks } from '#portal/registered-application.view.tsx';

const StatusTag: FC<{ readonly status: ClientStatus }> = ({ status }) => {
  if (status === 'active') return <Tag tone="ok">Active</Tag>;
  return status === 'suspended' ? <Tag tone="danger">Suspended by the bank</Tag> : <Tag>Deleted</Tag>;
};

function mayChange({ member }: Viewing): boolean {
  return mayDo(member.role, 'applications.change');
}

const JoinWords: FC = () => (
  <p>
    Was your software registered elsewhere, by <code>POST /register</code>?{' '}
    <a href={JOIN_PATH}>Let it join this organisation</a>
  </p>
);

/** The list, or how to get a first one. */
export const ApplicationsView: FC<
  Viewing & { readonly clients: readonly OrganisationClient[]; readonly notice: string | undefined }
> = ({ clients, notice, ...viewing }) => (
  <ApplicationsPage
    {...viewing}
    title="Applications"
    action={
      mayChange(viewing) ? (
        <a class="button" href={NEW_PATH}>
          New application
        </a>
      ) : undefined
    }
    notice={notice === undefined ? undefined : <Note>{notice}</Note>}
  >
    {clients.length === 0 ? (
      <EmptyState title="No applications yet">
        <p>
          An application is your software as the bank knows it: its name, its keys and the addresses customers
          come back to. Every call to the API is made by an application.
        </p>
        <p>
          {viewing.site.environment === 'sandbox'
            ? 'Making one takes four short steps, and ends with commands that read the accounts of a test customer.'
            : 'Making one takes four short steps. Have the software statement of your directory at hand.'}{' '}
          <DocsLink topic="applications" />
        </p>
        {mayChange(viewing) ? (
          <JoinWords />
        ) : (
          <p>Ask an owner or a developer of your organisation to make one: your role reads.</p>
        )}
      </EmptyState>
    ) : (
      <>
        <Table
          caption="Applications of your organisation"
          columns={['Application', 'Status', 'Client id', 'Registered']}
          rows={clients.map(({ clientId, name, status, issuedAt, joinedAt }) => [
            <a href={applicationPath(clientId)}>
              <bdi>{name}</bdi>
            </a>,
            <>
              <StatusTag status={status} /> {joinedAt === null ? null : <Tag>Joined</Tag>}
            </>,
            <Id value={clientId} />,
            <Time at={issuedAt} />,
          ])}
        />
        {mayChange(viewing) ? <JoinWords /> : null}
      </>
    )}
  </ApplicationsPage>
);

/** Presents the registration token of software registered elsewhere. */
export const JoinView: FC<Viewing & { readonly asked: Asked }> = ({ asked, ...viewing }) => (
  <ApplicationsPage {...viewing} title="Let an application join" failed={asked.problems.length > 0}>
    <ProblemSummary topic="applications" errors={asked.problems} />
    <p>
      Software that was registered by <code>POST /register</code> belongs to no dashboard organisation yet, or
      to another. Whoever holds its registration access token may let it join this one: then its requests,
      usage and settings show here. The token is compared, and not kept. <DocsLink topic="applications" />
    </p>
    <form class="form" method="post" action={JOIN_PATH}>
      <ShownFor member={viewing.member} />
      <Field
        label="Client id"
        name="client_id"
        value={asked.values['client_id']}
        hint="The UUID that the registration answered."
        error={problemOf(asked, 'client_id')}
        autocomplete="off"
        code
      />
      <Field
        label="Registration access token"
        name="registration_access_token"
        type="password"
        hint="It begins with reg_token_."
        error={problemOf(asked, 'registration_access_token')}
        autocomplete="off"
        code
      />
      <button class="button" type="submit">
        Let it join
      </button>
    </form>
  </ApplicationsPage>
);

/** Where the keys are, by what identifies each. */
const KeyRows: FC<{ readonly owned: OwnedRegistration }> = ({ owned }) => {
  const { keys } = owned.registration.client;
  if (keys.by === 'reference') {
    return (
      <p>
        Fetched from <span class="id">{keys.jwksUri}</span>, at most every 5 minutes.
      </p>
    );
  }
  return (
    <Table
      caption="Public keys"
      columns={['Key id', 'Type', 'Algorithm']}
      rows={keys.jwks.keys.map((key) => [
        key.kid === undefined ? 'none' : <Id value={key.kid} />,
        key.kty,
        typeof key['alg'] === 'string' ? key['alg'] : 'any of its type',
      ])}
    />
  );
};

function limitWords({ limitOverride, requestsInWindow }: ClientStanding, perMinute: number): Child {
  const limit = limitOverride ?? perMinute;
  return `${limit} requests a minute; ${Math.max(0, limit - requestsInWindow)} left in the current window`;
}

export interface ApplicationProps extends Viewing {
  readonly owned: OwnedRegistration;
  readonly standing: ClientStanding | undefined;
  readonly perMinute: number;
  readonly env: string;
  readonly blocks: readonly ShellBlock[];
  readonly notice: string | undefined;
}

/** One application. */
export const ApplicationView: FC<ApplicationProps> = (props) => {
  const { owned, standing, site, member } = props;
  const { client } = owned.registration;
  const { clientId, status } = client;
  const isLive = status !== 'ended' && mayDo(member.role, 'applications.change');
  const isEditable = isLive && status === 'active';
  const { jwks: _keys, software_statement: _statement, ...shown } = client.metadata;
  return (
    <ApplicationsPage
      site={site}
      member={member}
      title={client.softwareName}
      action={
        isEditable ? (
          <a class="button" href={applicationPath(clientId, 'edit')}>
            Change
          </a>
        ) : undefined
      }
      notice={props.notice === undefined ? undefined : <Note>{props.notice}</Note>}
    >
      {status === 'suspended' ? (
        <Note tone="danger">
          <p>
            The bank has suspended this application: all its calls are refused. Please get in touch with us.
          </p>
        </Note>
      ) : null}
      <Facts
        rows={[
          ['Status', <StatusTag status={status} />],
          ['Client id', <Id value={clientId} />],
          ['Registered', <Time at={client.issuedAt} />],
          ...(owned.joinedAt === null ? [] : [['Joined', <Time at={owned.joinedAt} />] as const]),
          ['Certified for', <bdi>{client.organisationName}</bdi>],
          ['Roles', client.roles.join(', ')],
          ['Scopes', client.scopes.join(' ')],
          ['Redirect URIs', client.redirectUris.join(', ') || 'None'],
          ...(standing === undefined || status !== 'active'
            ? []
            : [['Rate limit', limitWords(standing, props.perMinute)] as const]),
          ...(standing === undefined || status === 'ended'
            ? []
            : [
                [
                  'First authenticated',
                  standing.firstAuthenticatedAtMs === null ? (
                    'Not yet: it lapses 24 hours after its registration unless it does'
                  ) : (
                    <Time at={Math.floor(standing.firstAuthenticatedAtMs / 1000)} />
                  ),
                ] as const,
              ]),
        ]}
      />
      <h2>Keys</h2>
      <KeyRows owned={owned} />
      {status === 'ended' ? null : (
        <>
          <h2>First calls</h2>
          <details>
            <summary>.env and commands</summary>
            <p>KEY_FILE is where you keep the private key; we never had it.</p>
            <CodeBlock label=".env" code={props.env} />
            <ShellBlocks blocks={props.blocks} />
          </details>
        </>
      )}
      <h2>Registration</h2>
      <details>
        <summary>All that is registered</summary>
        <CodeBlock label="Without keys and software statement" code={JSON.stringify(shown, undefined, 2)} />
      </details>
      {isLive ? (
        <>
          <p>
            The registration access token reads, changes and deletes this registration at{' '}
            <span class="id">{`${site.issuer}/register/${clientId}`}</span>.
          </p>
          <div class="links">
            {isEditable ? (
              <a class="button plain" href={applicationPath(clientId, 'token')}>
                Rotate the registration token
              </a>
            ) : null}
            {owned.joinedAt === null ? null : (
              <a class="button plain" href={applicationPath(clientId, 'leave')}>
                Let it leave
              </a>
            )}
            <a class="button danger" href={applicationPath(clientId, 'delete')}>
              Delete
            </a>
          </div>
        </>
      ) : null}
    </ApplicationsPage>
  );
};
