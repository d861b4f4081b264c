/** Applications of an organisation: their list, the way to join, and one of them. */
import type { Child, FC } from 'hono/jsx';
import type { ClientStanding } from '#clients/admission.ts';
import type { Client, ClientStatus } from '#clients/client.ts';
import type { OrganisationClient, OwnedRegistration } from '#clients/organisation-clients.flow.ts';
import {
  CodeBlock,
  EmptyState,
  Facts,
  Id,
  Note,
  ShownFor,
  Table,
  Tag,
  Time,
} from '#developers/parts.view.tsx';
import { mayDo } from '#developers/role.ts';
import { ApplicationsPage } from '#portal/application-form.view.tsx';
import { applicationPath, JOIN_PATH, NEW_PATH } from '#portal/application-paths.ts';
import { type Asked, AskedField, Form, ReadsOnly, type Viewing } from '#portal/portal-page.view.tsx';
import { FirstCalls } from '#portal/registered-application.view.tsx';

const STATUS_TAGS = {
  active: <Tag tone="ok">Active</Tag>,
  suspended: <Tag tone="danger">Suspended by the bank</Tag>,
  ended: <Tag>Deleted</Tag>,
} as const satisfies Record<ClientStatus, unknown>;

function mayChange({ member }: Viewing): boolean {
  return mayDo(member.role, 'applications.change');
}

/** The list, or how to get a first one. */
export const ApplicationsView: FC<
  Viewing & { readonly clients: readonly OrganisationClient[]; readonly notice: Child }
> = ({ clients, ...viewing }) => (
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
  >
    {clients.length === 0 ? (
      <EmptyState title="No applications yet">
        <p>
          An application is your software as the bank knows it. You give it a name and keys, and it gets a
          client id.
        </p>
        {viewing.site.environment === 'sandbox' ? null : (
          <p>Have the software statement of your directory at hand.</p>
        )}
        {mayChange(viewing) ? null : <ReadsOnly />}
      </EmptyState>
    ) : (
      <Table
        caption="Applications of your organisation"
        columns={['Application', 'Status', 'Client id', 'Registered']}
        rows={clients.map(({ clientId, name, status, issuedAt, joinedAt }) => [
          <a href={applicationPath(clientId)}>
            <bdi>{name}</bdi>
          </a>,
          <>
            {STATUS_TAGS[status]} {joinedAt === null ? null : <Tag>Joined</Tag>}
          </>,
          <Id value={clientId} />,
          <Time at={issuedAt} />,
        ])}
      />
    )}
    {mayChange(viewing) ? (
      <p>
        Was your software registered elsewhere, by <code>POST /register</code>?{' '}
        <a href={JOIN_PATH}>Let it join this organisation</a>
      </p>
    ) : null}
  </ApplicationsPage>
);

/** Presents the registration token of software registered elsewhere. */
export const JoinView: FC<Viewing & { readonly asked: Asked }> = ({ asked, ...viewing }) => (
  <ApplicationsPage {...viewing} title="Let an application join" problems={asked.problems}>
    <p>
      Software registered by <code>POST /register</code> joins this organisation with its registration access
      token, which is not kept.
    </p>
    <Form submit="Let it join">
      <ShownFor {...viewing} />
      <AskedField
        asked={asked}
        label="Client id"
        name="client_id"
        hint="The UUID that the registration answered."
        autocomplete="off"
        code
      />
      <AskedField
        asked={asked}
        label="Registration access token"
        name="registration_access_token"
        type="password"
        hint="It begins with reg_token_."
        autocomplete="off"
        code
      />
    </Form>
  </ApplicationsPage>
);

/** Where the keys are, by what identifies each. */
const KeyRows: FC<Pick<Client, 'keys'>> = ({ keys }) => {
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
        typeof key['alg'] === 'string' ? key['alg'] : 'any',
      ])}
    />
  );
};

function limitWords({ limitOverride, requestsInWindow }: ClientStanding, perMinute: number): Child {
  const limit = limitOverride ?? perMinute;
  return `${limit} requests a minute; ${Math.max(0, limit - requestsInWindow)} left now`;
}

function firstTime({ firstAuthenticatedAtMs }: ClientStanding): Child {
  return firstAuthenticatedAtMs === null ? (
    'Not yet: it lapses 24 hours after its registration unless it does'
  ) : (
    <Time at={Math.floor(firstAuthenticatedAtMs / 1000)} />
  );
}

export interface ApplicationProps extends Viewing {
  readonly owned: OwnedRegistration;
  readonly standing: ClientStanding | undefined;
  readonly perMinute: number;
  readonly notice: Child;
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
      notice={props.notice}
    >
      {status === 'suspended' ? (
        <Note tone="danger">
          <p>All calls of this application are refused. Please get in touch with us.</p>
        </Note>
      ) : null}
      <Facts
        rows={[
          ['Status', STATUS_TAGS[status]],
          ['Client id', <Id value={clientId} />],
          ['Registered', <Time at={client.issuedAt} />],
          ['Joined', owned.joinedAt === null ? null : <Time at={owned.joinedAt} />],
          ['Certified for', <bdi>{client.organisationName}</bdi>],
          ['Roles', client.roles.join(', ')],
          ['Scopes', client.scopes.join(' ')],
          ['Redirect URIs', client.redirectUris.join(', ') || 'None'],
          [
            'Rate limit',
            standing === undefined || status !== 'active' ? null : limitWords(standing, props.perMinute),
          ],
          ['First authenticated', standing === undefined || status === 'ended' ? null : firstTime(standing)],
        ]}
      />
      <h2>Keys</h2>
      <KeyRows {...client} />
      {status === 'ended' ? null : (
        <>
          <h2>First calls</h2>
          <details>
            <summary>.env and commands</summary>
            <p>KEY_FILE is your private key, which we never had.</p>
            <FirstCalls site={site} client={client} />
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
