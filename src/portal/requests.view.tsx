/** The request log as pages: its calls, its errors in groups, and one call. */
import type { Child, FC } from 'hono/jsx';
import type { OrganisationClient } from '#clients/organisation-clients.flow.ts';
import { DashboardPage } from '#developers/dashboard.view.tsx';
import type { Member } from '#developers/member.ts';
import {
  CodeBlock,
  DocsLink,
  EmptyState,
  Facts,
  Field,
  Id,
  type Problem,
  ProblemSummary,
  Table,
  Tag,
  Time,
} from '#developers/parts.view.tsx';
import type { Site } from '#developers/site.ts';
import { ERRORS, type ErrorCode } from '#kernel/errors.ts';
import type { Refusal } from '#kernel/result.ts';
import { repeatCall } from '#portal/repeat-call.ts';
import type { RequestPage } from '#traffic/find-requests.flow.ts';
import type { ErrorGroup, LoggedRequest } from '#traffic/logged-request.ts';
import { type Asked, FILTER_NAMES, type FilterName, METHODS } from '#traffic/request-query.ts';
import { searchOf } from '#traffic/traffic.schema.ts';

export const REQUESTS = '/dashboard/requests';

/** Who looks, and whose applications the calls are of. */
export interface LogViewing {
  readonly site: Site;
  readonly member: Member;
  readonly clients: readonly OrganisationClient[];
}

/** `errors`: those alike together. */
export type LogShow = 'calls' | 'errors';

function addressOf(asked: Asked, show: LogShow, cursor?: string): string {
  const search = new URLSearchParams(searchOf(asked, cursor));
  if (show === 'errors') search.set('show', show);
  const text = search.toString();
  return text === '' ? REQUESTS : `${REQUESTS}?${text}`;
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
    <a href={`/dashboard/applications/${clientId}`}>
      <bdi>{known.name}</bdi>
    </a>
  );
};

const Status: FC<{ readonly status: number }> = ({ status }) => (
  <Tag tone={status >= 500 ? 'danger' : status >= 400 ? 'amber' : 'ok'}>{status}</Tag>
);

/** An error's code, leading to its document. */
export const Code: FC<{ readonly code: string | null }> = ({ code }) => {
  if (code === null) return <span class="hint">none</span>;
  // As text it stays on one line, where code would break anywhere.
  return Object.hasOwn(ERRORS, code) ? (
    <DocsLink code={code as ErrorCode}>{code}</DocsLink>
  ) : (
    <span>{code}</span>
  );
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
const Ending: FC<Pick<LoggedRequest, 'status' | 'code'>> = ({ status, code }) => (
  <>
    <Status status={status} /> {code === null ? null : <Code code={code} />}
  </>
);

/** Each filter as the form names it. */
const LABELS = {
  client_id: 'Application',
  status: 'Status',
  code: 'Error code',
  method: 'Method',
  route: 'Path',
  request_id: 'Request id',
  from: 'From (UTC day)',
  to: 'To (UTC day)',
} as const satisfies Record<FilterName, string>;

/** What is wrong with the filters, each with its field. */
export function filterProblems({ errors = [] }: Refusal): readonly Problem[] {
  return errors.map(({ field, message }) => {
    const name = FILTER_NAMES.find((each) => each === field);
    return name === undefined
      ? { message: 'This link is of another list: begin again at its newest page.' }
      : { field: name, message: `${LABELS[name]} ${message}.` };
  });
}

const Filters: FC<
  Pick<LogViewing, 'clients'> & {
    readonly asked: Asked;
    readonly show: LogShow;
    readonly problems: readonly Problem[];
  }
> = ({ clients, asked, show, problems }) => {
  const of = (name: FilterName) => ({
    name,
    label: LABELS[name],
    value: asked.get(name) ?? '',
    optional: true,
    error: problems.find(({ field }) => field === name)?.message,
  });
  const isFiltered = FILTER_NAMES.some((name) => (asked.get(name) ?? '') !== '');
  return (
    <details open={isFiltered}>
      <summary>Filter</summary>
      <form method="get" action={REQUESTS}>
        {show === 'errors' ? <input type="hidden" name="show" value="errors" /> : null}
        <div class="tiles">
          <Field
            {...of('client_id')}
            options={[
              ['', 'Every application and key'],
              ...clients.map(({ clientId, name }) => [clientId, name] as const),
            ]}
          />
          <Field
            {...of('status')}
            options={
              [
                ['', 'Every status'],
                ['2xx', 'Answered (2xx)'],
                ['3xx', 'Redirected (3xx)'],
                ['4xx', 'Refused (4xx)'],
                ['5xx', 'Failed at the bank (5xx)'],
                ...(/^\d{3}$/.test(asked.get('status') ?? '')
                  ? [[asked.get('status') ?? '', asked.get('status') ?? ''] as const]
                  : []),
              ] as const
            }
          />
          <Field {...of('code')} placeholder="invalid_token" code autocomplete="off" />
          <Field
            {...of('method')}
            options={[['', 'Every method'], ...METHODS.map((method) => [method, method] as const)]}
          />
          <Field
            {...of('route')}
            placeholder="/open-banking/v1/accounts/{account_id}"
            code
            autocomplete="off"
          />
          <Field {...of('request_id')} code autocomplete="off" />
          <Field {...of('from')} placeholder="2026-11-01" autocomplete="off" />
          <Field {...of('to')} placeholder="2026-11-30" autocomplete="off" />
        </div>
        <p class="links">
          <button class="button" type="submit">
            Filter
          </button>
          {isFiltered ? (
            <a class="button plain" href={show === 'errors' ? `${REQUESTS}?show=errors` : REQUESTS}>
              Show everything
            </a>
          ) : null}
        </p>
      </form>
    </details>
  );
};

/** The two ways to look. */
const Shows: FC<{ readonly asked: Asked; readonly show: LogShow }> = ({ asked, show }) => (
  <nav class="links" aria-label="How calls are shown">
    {(['calls', 'errors'] as const).map((each) => (
      <a href={addressOf(asked, each)} aria-current={each === show ? 'page' : undefined}>
        {each === 'calls' ? 'All calls' : 'Errors, equal ones together'}
      </a>
    ))}
  </nav>
);

const Calls: FC<Pick<LogViewing, 'clients'> & { readonly asked: Asked; readonly page: RequestPage }> = ({
  clients,
  asked,
  page,
}) => (
  <>
    <Table
      caption="Calls, the newest first"
      columns={['Request', 'Ended', { title: 'Duration', figures: true }, 'Application', 'Time']}
      rows={page.requests.map((request) => [
        <a href={`${REQUESTS}/${request.requestId}`}>
          <Route {...request} />
        </a>,
        <Ending {...request} />,
        `${request.durationMs} ms`,
        <Application clients={clients} clientId={request.clientId} />,
        <Time at={Math.floor(request.atMs / 1000)} seconds />,
      ])}
    />
    {page.next === undefined && page.prev === undefined ? null : (
      <p class="links">
        {page.prev === undefined ? null : (
          <a class="button plain" href={addressOf(asked, 'calls', page.prev)}>
            Newer
          </a>
        )}
        {page.next === undefined ? null : (
          <a class="button plain" href={addressOf(asked, 'calls', page.next)}>
            Older
          </a>
        )}
      </p>
    )}
  </>
);

/** The filters of one group's calls, within those that were asked for. */
function groupAddress(asked: Asked, { code, status, method, route, clientId }: ErrorGroup): string {
  const own = new Map(asked);
  own.set('status', String(status));
  own.set('method', method);
  own.set('route', route);
  if (code !== null) own.set('code', code);
  if (clientId !== null) own.set('client_id', clientId);
  return addressOf(own, 'calls');
}

const Groups: FC<
  Pick<LogViewing, 'clients'> & { readonly asked: Asked; readonly groups: readonly ErrorGroup[] }
> = ({ clients, asked, groups }) => (
  <Table
    caption="Errors, equal ones together, the most frequent first"
    columns={['Request', 'Ended', { title: 'Calls', figures: true }, 'Application', 'Last seen']}
    rows={groups.map((group) => [
      <Route {...group} />,
      <Ending {...group} />,
      <a href={groupAddress(asked, group)}>{group.requests.toLocaleString('en-GB')}</a>,
      <Application clients={clients} clientId={group.clientId} />,
      <a href={`${REQUESTS}/${group.requestId}`}>
        <Time at={Math.floor(group.lastMs / 1000)} seconds />
      </a>,
    ])}
  />
);

const FIRST_CALL = `ACCESS_TOKEN={access_token}
CONSENT_ID={consent_id}`;

const NoCalls: FC<LogViewing> = ({ site, clients }) => (
  <EmptyState title="No calls yet">
    <p>
      Each call that one of your applications or API keys makes stands here some seconds after its answer, for
      30 days: what was asked, how it ended, how long it took. No bodies, no secrets.
    </p>
    {clients.length === 0 ? (
      <p>
        Calls need an application: <a href="/dashboard/applications/new">make one</a>, it ends with commands
        to copy.
      </p>
    ) : (
      <CodeBlock
        label="A call to begin with"
        code={`BASE_URL=${site.issuer}\n${FIRST_CALL}\n${repeatCall({
          entryId: '',
          atMs: 0,
          method: 'GET',
          route: '/open-banking/v1/accounts',
          status: 200,
          code: null,
          durationMs: 0,
          requestId: '',
          clientId: null,
          credential: '',
        })}`}
      />
    )}
    <p>
      Calls that prove no application, without a token or with an expired one, are not here: nobody can say
      whose they were.
    </p>
  </EmptyState>
);

export interface LogProps extends LogViewing {
  readonly asked: Asked;
  readonly show: LogShow;
  readonly problems: readonly Problem[];
  /** Undefined where the filters are wrong. */
  readonly page: RequestPage | undefined;
  readonly groups: readonly ErrorGroup[] | undefined;
}

function contentOf({ asked, show, page, groups, ...viewing }: LogProps): Child {
  const isFiltered = searchOf(asked, asked.get('cursor')) !== '';
  if (show === 'errors' && groups !== undefined && groups.length > 0) {
    return <Groups clients={viewing.clients} asked={asked} groups={groups} />;
  }
  if (page !== undefined && page.requests.length > 0) {
    return <Calls clients={viewing.clients} asked={asked} page={page} />;
  }
  if (page === undefined && groups === undefined) return null;
  if (show === 'errors') {
    return (
      <EmptyState title={isFiltered ? 'No such errors' : 'No errors'}>
        <p>{isFiltered ? 'No error matches.' : 'No call of the last 30 days ended in an error.'}</p>
      </EmptyState>
    );
  }
  return isFiltered ? (
    <EmptyState title="No such calls">
      <p>No call of the last 30 days matches. Choose less, or show everything.</p>
    </EmptyState>
  ) : (
    <NoCalls {...viewing} />
  );
}

export const RequestsView: FC<LogProps> = (props) => (
  <DashboardPage
    site={props.site}
    member={props.member}
    title="Request log"
    current={REQUESTS}
    failed={props.problems.length > 0}
  >
    <p class="lead">
      The calls of {props.member.organisation.name}, the newest 10,000 of the last 30 days.{' '}
      <DocsLink topic="request-log" />
    </p>
    <ProblemSummary errors={props.problems} />
    <Shows asked={props.asked} show={props.show} />
    <Filters {...props} />
    {contentOf(props)}
  </DashboardPage>
);

export const RequestView: FC<LogViewing & { readonly request: LoggedRequest }> = ({
  request,
  clients,
  ...board
}) => (
  <DashboardPage {...board} title="One call" current={REQUESTS}>
    <p>
      <a href={REQUESTS}>Back to the request log</a>
    </p>
    <p>
      <Route {...request} />
    </p>
    <p>
      <Time at={Math.floor(request.atMs / 1000)} seconds />
    </p>
    <Facts
      rows={[
        ['Ended', <Ending {...request} />],
        ['Duration', `${request.durationMs} ms at the bank`],
        ['Application', <Application clients={clients} clientId={request.clientId} />],
        ['Credential', request.credential],
        ['Request id', <Id value={request.requestId} />],
      ]}
    />
    {request.code === null || !Object.hasOwn(ERRORS, request.code) ? null : (
      <p>
        {ERRORS[request.code as ErrorCode].message}{' '}
        <DocsLink code={request.code as ErrorCode}>What to do</DocsLink>
      </p>
    )}
    <h2>Make this call again</h2>
    <p>The log keeps neither tokens nor ids nor bodies, so the command has variables in their place.</p>
    <CodeBlock label="curl" code={repeatCall(request)} />
    <p>
      Quote the request id when you ask us about this call. If your software sent the same id more than once,
      this is the newest call:{' '}
      <a href={`${REQUESTS}?request_id=${request.requestId}`}>all calls with this id</a>.
    </p>
  </DashboardPage>
);
