/** The request log as a page: its calls, or its errors in groups. */
import type { Child, FC } from 'hono/jsx';
import { CodeBlock, EmptyState, type Problem, Table, Time } from '#developers/parts.view.tsx';
import { Application, Ending, LogPage, type LogViewing, REQUESTS, Route } from '#portal/logged-call.view.tsx';
import { MakeApplication } from '#portal/portal-page.view.tsx';
import { repeatCall } from '#portal/repeat-call.ts';
import { addressOf, Filters, type LogShow } from '#portal/request-filters.view.tsx';
import type { RequestPage } from '#traffic/find-requests.flow.ts';
import type { ErrorGroup } from '#traffic/logged-request.ts';
import type { Asked } from '#traffic/request-query.ts';
import { searchOf } from '#traffic/traffic.schema.ts';

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
      columns={['Request', 'Status', { title: 'Duration', figures: true }, 'Application', 'Time']}
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
  const own = { client_id: clientId ?? '', status: String(status), code: code ?? '', method, route };
  return addressOf(new Map([...asked, ...Object.entries(own)]), 'calls');
}

const Groups: FC<
  Pick<LogViewing, 'clients'> & { readonly asked: Asked; readonly groups: readonly ErrorGroup[] }
> = ({ clients, asked, groups }) => (
  <Table
    caption="Errors, equal ones together, the most frequent first"
    columns={['Request', 'Status', { title: 'Calls', figures: true }, 'Application', 'Last seen']}
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

const NoCalls: FC<LogViewing> = ({ site, member, clients }) => (
  <EmptyState title="No calls yet">
    <p>
      Each call of your applications and API keys stands here some seconds after its answer; a call without a
      valid token does not.
    </p>
    {clients.length === 0 ? (
      <MakeApplication member={member} />
    ) : (
      <CodeBlock
        label="A call to begin with"
        code={`BASE_URL=${site.issuer}
ACCESS_TOKEN={access_token}
CONSENT_ID={consent_id}
${repeatCall({ method: 'GET', route: '/open-banking/v1/accounts', credential: '' })}`}
      />
    )}
  </EmptyState>
);

export interface LogProps extends LogViewing {
  readonly asked: Asked;
  readonly show: LogShow;
  /** What is wrong with the filters; else there are calls or groups. */
  readonly problems: readonly Problem[];
  readonly page?: RequestPage;
  readonly groups?: readonly ErrorGroup[];
}

function contentOf({ asked, show, page, groups, ...viewing }: LogProps): Child {
  const { clients } = viewing;
  if (groups !== undefined && groups.length > 0) {
    return <Groups clients={clients} asked={asked} groups={groups} />;
  }
  if (page !== undefined && page.requests.length > 0) {
    return <Calls clients={clients} asked={asked} page={page} />;
  }
  if (page === undefined && groups === undefined) return null;
  const isFiltered = searchOf(asked, asked.get('cursor')) !== '';
  if (show === 'calls' && !isFiltered) return <NoCalls {...viewing} />;
  return (
    <EmptyState title={`No ${isFiltered ? 'such ' : ''}${show} in the last 30 days`}>
      {isFiltered ? <p>Choose less, or show everything.</p> : null}
    </EmptyState>
  );
}

export const RequestsView: FC<LogProps> = (props) => (
  <LogPage site={props.site} member={props.member} title="Request log" problems={props.problems}>
    <p class="lead">The calls of {props.member.organisation.name}, the newest 10,000 of the last 30 days.</p>
    <Shows asked={props.asked} show={props.show} />
    <Filters {...props} />
    {contentOf(props)}
  </LogPage>
);
