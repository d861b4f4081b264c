/** One call of the request log, and the parts that every list of calls is made of. */
import type { FC } from 'hono/jsx';
import type { OrganisationClient } from '#clients/organisation-clients.flow.ts';
import { CodeBlock, DocsLink, Facts, Id, Tag, Time } from '#developers/parts.view.tsx';
import { ERRORS, type ErrorCode } from '#kernel/errors.ts';
import { applicationPath } from '#portal/application-paths.ts';
import { PortalPage, type SectionProps, type Viewing } from '#portal/portal-page.view.tsx';
import { repeatCall } from '#portal/repeat-call.ts';
import type { LoggedRequest } from '#traffic/logged-request.ts';

export const REQUESTS = '/dashboard/requests';

/** Who looks, and whose applications the calls are of. */
export interface LogViewing extends Viewing {
  readonly clients: readonly OrganisationClient[];
}

/** A page of the section. */
export const LogPage: FC<SectionProps> = (page) => (
  <PortalPage {...page} current={REQUESTS} topic="request-log" />
);

/** Applications to choose from: of equal names with the beginning of the id. */
export function choicesOf(
  clients: readonly OrganisationClient[],
): readonly (readonly [clientId: string, label: string])[] {
  return clients.map(({ clientId, name, endedAt }) => {
    const isOnly = clients.every((other) => other.clientId === clientId || other.name !== name);
    return [
      clientId,
      `${name}${isOnly ? '' : ` ${clientId.slice(0, 8)}`}${endedAt === null ? '' : ' (deleted)'}`,
    ];
  });
}

/** An application by its name; calls by API key have none. */
export const Application: FC<Pick<LogViewing, 'clients'> & { readonly clientId: string | null }> = ({
  clients,
  clientId,
}) => {
  if (clientId === null) return <span class="hint">API key</span>;
  const known = clients.find((client) => client.clientId === clientId);
  return known === undefined ? (
    <span class="id">{clientId}</span>
  ) : (
    <a href={applicationPath(clientId)}>
      <bdi>{known.name}</bdi>
    </a>
  );
};

function isError(code: string | null): code is ErrorCode {
  return code !== null && Object.hasOwn(ERRORS, code);
}

/** An error's code, leading to its document. */
export const Code: FC<{ readonly code: string | null }> = ({ code }) => {
  if (code === null) return <span class="hint">none</span>;
  // As text it stays on one line, where code would break anywhere.
  return isError(code) ? <DocsLink code={code}>{code}</DocsLink> : <span>{code}</span>;
};

/** Method and path, which may break after each slash; as code it would break anywhere. */
export const Route: FC<{ readonly method: string; readonly route: string }> = ({ method, route }) => (
  <>
    <b>{method}</b>{' '}
    {route.split('/').map((part, index) => (
      <>
        {index === 0 ? null : (
          <>
            /<wbr />
          </>
        )}
        {part}
      </>
    ))}
  </>
);

/** How a call ended. */
export const Ending: FC<Pick<LoggedRequest, 'status' | 'code'>> = ({ status, code }) => (
  <>
    <Tag tone={status >= 500 ? 'danger' : status >= 400 ? 'amber' : 'ok'}>{status}</Tag>{' '}
    {code === null ? null : <Code code={code} />}
  </>
);

export const RequestView: FC<LogViewing & { readonly request: LoggedRequest }> = ({
  request,
  clients,
  ...viewing
}) => (
  <LogPage {...viewing} title="One call">
    <p>
      <Route {...request} />
    </p>
    <p>
      <Time at={Math.floor(request.atMs / 1000)} seconds />
    </p>
    <Facts
      rows={[
        ['Status', <Ending {...request} />],
        ['Duration', `${request.durationMs} ms`],
        ['Application', <Application clients={clients} clientId={request.clientId} />],
        ['Credential', request.credential],
        ['Request id', <Id value={request.requestId} />],
      ]}
    />
    {isError(request.code) ? (
      <p>
        {ERRORS[request.code].message} <DocsLink code={request.code}>What to do</DocsLink>
      </p>
    ) : null}
    <h2>Make this call again</h2>
    <p>Variables stand for what the log does not keep.</p>
    <CodeBlock label="curl" code={repeatCall(request)} />
    <p>
      Quote the request id when you ask us about this call. It is the newest of{' '}
      <a href={`${REQUESTS}?request_id=${request.requestId}`}>all calls with this id</a>.
    </p>
  </LogPage>
);
