/** Usage as a page: two charts with their table, then by application, by route and by error. */
import type { Child, FC } from 'hono/jsx';
import type { RateWindow } from '#clients/admission.ts';
import { EmptyState, Facts, Field, Hidden, type Problem, Table } from '#developers/parts.view.tsx';
import { HOUR_SECONDS, renderInstant } from '#kernel/time.ts';
import { Application, Code, choicesOf, type LogViewing, REQUESTS, Route } from '#portal/logged-call.view.tsx';
import { MakeApplication, PortalPage } from '#portal/portal-page.view.tsx';
import { addressOf } from '#portal/request-filters.view.tsx';
import { Chart } from '#portal/usage-chart.view.tsx';
import { type Figures, USAGE_PERIODS, type Usage, type UsagePeriod } from '#traffic/usage.ts';

export const USAGE = '/dashboard/usage';

const PERIOD_WORDS: Readonly<Record<UsagePeriod, string>> = {
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
};

export interface UsageProps extends LogViewing {
  readonly period: UsagePeriod;
  /** The application that is chosen; undefined: all of them. */
  readonly clientId: string | undefined;
  readonly problems: readonly Problem[];
  readonly usage: Usage | undefined;
  /** What is left now, by application. */
  readonly windows: ReadonlyMap<string, RateWindow | undefined>;
  /** Requests a minute that the bank allows an application. */
  readonly limit: number;
}

type Reported = UsageProps & { readonly usage: Usage };

function usageAddress(period: UsagePeriod, clientId: string | undefined): string {
  const search = new URLSearchParams({ period, ...(clientId === undefined ? {} : { client_id: clientId }) });
  return `${USAGE}?${search.toString()}`;
}

function count(value: number): string {
  return value.toLocaleString('en-GB');
}

/** As exact as it is: within 12 %. */
function timeOf(value: number | undefined): string {
  return value === undefined ? '\u2013' : `${Number(value.toPrecision(2))} ms`;
}

function errorsOf({ requests, errors }: Figures): string {
  if (errors === 0) return '0';
  return `${count(errors)} (${Number(((errors / requests) * 100).toPrecision(2))} %)`;
}

/** A stretch by its beginning, UTC: `14:00`, or `22 Nov`, with the hour where a day has several. */
function labelOf(hour: number, period: UsagePeriod): string {
  // `Sun, 22 Nov 2026 14:00:00 GMT`
  const text = new Date(hour * HOUR_SECONDS * 1000).toUTCString();
  const [day, clock] = [text.slice(5, 11), text.slice(17, 22)];
  if (period === '24h') return clock;
  return period === '30d' || clock === '00:00' ? day : `${day} ${clock}`;
}

/** Routes shown at most. */
const ROUTES = 30;

const FIGURES = ['Requests', 'Errors', 'p50', 'p95'].map((title) => ({ title, figures: true }) as const);
const BUSIEST = { title: 'Busiest minute', figures: true } as const;

/** A route with its method before it. */
const RouteOf: FC<{ readonly route: string }> = ({ route }) => {
  const [method = '', path = ''] = route.split(' ');
  return <Route method={method} route={path} />;
};

/** A row of figures, after what names it. */
function rowOf(names: readonly Child[], figures: Figures, ...more: readonly Child[]): readonly Child[] {
  return names.concat(
    [count(figures.requests), errorsOf(figures), timeOf(figures.p50Ms), timeOf(figures.p95Ms)],
    more,
  );
}

const Choice: FC<UsageProps> = ({ period, clientId, clients }) => (
  <>
    <nav class="links" aria-label="Period">
      {USAGE_PERIODS.map((each) => (
        <a href={usageAddress(each, clientId)} aria-current={each === period ? 'page' : undefined}>
          {PERIOD_WORDS[each]}
        </a>
      ))}
    </nav>
    {clients.length === 0 ? null : (
      <form class="form" method="get" action={USAGE}>
        <Hidden fields={{ period }} />
        <Field
          label="Application"
          name="client_id"
          optional
          value={clientId ?? ''}
          options={[['', 'All of them'], ...choicesOf(clients)]}
        />
        <button class="button plain" type="submit">
          Show
        </button>
      </form>
    )}
  </>
);

/** The calls of the request log that ended so, of what is shown here. */
function callsAddress({ clientId, usage }: Reported, { status, code }: Usage['errors'][number]): string {
  const filters = {
    client_id: clientId ?? '',
    status: String(status),
    code: code ?? '',
    from: renderInstant(usage.span.fromHour * HOUR_SECONDS),
  };
  return addressOf(new Map(Object.entries(filters)), 'calls');
}

/** What is left of an application's minute; a window opens with its first call. */
function leftOf(window: RateWindow | undefined): string {
  return window === undefined ? '\u2013' : `${count(window.remaining)} of ${count(window.limit)}`;
}

const Report: FC<Reported> = (props) => {
  const { period, clients, windows, clientId, usage } = props;
  const { total, series, routes, errors } = usage;
  const chosen = clientId === undefined ? undefined : windows.get(clientId);
  const limit = chosen?.limit ?? props.limit;
  const labelled = Array.from(series, (stretch) => ({
    ...stretch,
    label: labelOf(stretch.fromHour, period),
  }));
  return (
    <>
      <Facts
        rows={[
          ['Requests', count(total.requests)],
          ['Errors', errorsOf(total)],
          ['p50: half within', timeOf(total.p50Ms)],
          ['p95: 95 % within', timeOf(total.p95Ms)],
          ['Busiest minute', `${count(total.busiestMinute)} of ${count(limit)} allowed`],
          [
            'Left this minute',
            chosen === undefined ? null : `${leftOf(chosen)}, for ${chosen.resetSeconds} s more`,
          ],
        ]}
      />
      <h2>Requests</h2>
      <Chart
        title="Requests and errors over time, UTC"
        names={['Requests', 'of them errors']}
        bars={labelled.map(({ label, requests, errors: part }) => ({ label, parts: [requests, part] }))}
      />
      <h2>Busiest minutes and the rate limit</h2>
      <Chart
        title="Requests of one application in its busiest minute, UTC"
        names={['Requests in the busiest minute']}
        bars={labelled.map(({ label, busiestMinute }) => ({ label, parts: [busiestMinute] }))}
        limit={{ value: limit, label: `Rate limit: ${count(limit)} a minute` }}
      />
      <details>
        <summary>Both as a table</summary>
        <Table
          caption="Usage over time, UTC"
          columns={['From (UTC)', ...FIGURES, BUSIEST]}
          rows={labelled.map((stretch) => rowOf([stretch.label], stretch, count(stretch.busiestMinute)))}
        />
      </details>
      <h2>By application</h2>
      <Table
        caption="Usage by application"
        columns={['Application', ...FIGURES, BUSIEST, { title: 'Left this minute', figures: true }]}
        rows={usage.clients.map((client) =>
          rowOf(
            [<Application clients={clients} clientId={client.clientId} />],
            client,
            count(client.busiestMinute),
            leftOf(windows.get(client.clientId ?? '')),
          ),
        )}
      />
      <h2>By route</h2>
      <Table
        caption="Usage by route"
        columns={['Route', 'Application', ...FIGURES]}
        rows={routes
          .slice(0, ROUTES)
          .map((each) =>
            rowOf(
              [<RouteOf route={each.route} />, <Application clients={clients} clientId={each.clientId} />],
              each,
            ),
          )}
      />
      {routes.length > ROUTES ? (
        <p>
          The {ROUTES} with most requests of {routes.length}.
        </p>
      ) : null}
      <h2>Errors</h2>
      {errors.length === 0 ? (
        <p>No call ended in an error.</p>
      ) : (
        <Table
          caption="Errors by code"
          columns={['Error', 'Status', { title: 'Calls', figures: true }]}
          rows={errors.map((error) => [
            <Code code={error.code} />,
            String(error.status),
            <a href={callsAddress(props, error)}>{count(error.requests)}</a>,
          ])}
        />
      )}
    </>
  );
};

export const UsageView: FC<UsageProps> = (props) => {
  const { site, member, problems, usage, period, clients } = props;
  return (
    <PortalPage site={site} member={member} title="Usage" current={USAGE} topic="usage" problems={problems}>
      <p class="lead">What {member.organisation.name} called, in UTC.</p>
      <Choice {...props} />
      {usage === undefined ? null : usage.total.requests > 0 ? (
        <Report {...props} usage={usage} />
      ) : (
        <EmptyState title={`No calls in the last ${PERIOD_WORDS[period]}`}>
          {clients.length === 0 ? (
            <MakeApplication member={member} />
          ) : (
            <p>
              Choose a longer period, or make a call: <a href={REQUESTS}>the request log</a> has a command to
              begin with.
            </p>
          )}
        </EmptyState>
      )}
    </PortalPage>
  );
};
