/** Availability and performance by day: charts of the mean times, and the table with the figures. */
import type { Child, FC } from 'hono/jsx';
import { Table } from '#developers/parts.view.tsx';
import type { Site } from '#developers/site.ts';
import { allOf, availabilityOf, type DayFigures, errorRateOf, meanMs } from '#edge/day-figures.ts';
import { Page } from '#edge/frame.view.tsx';
import { DAY_SECONDS } from '#kernel/time.ts';
import { dateWords } from '#kernel/words.ts';
import { Chart } from '#portal/usage-chart.view.tsx';

/** The three interfaces, with the mean time the United Kingdom publishes as its target, milliseconds. */
const INTERFACES = [
  { kind: 'ais', name: 'Account information', target: 750 },
  { kind: 'pis', name: 'Payments', target: 750 },
  { kind: 'cof', name: 'Funds confirmation', target: 300 },
] as const;

function dayWords({ day }: DayFigures): string {
  return dateWords(day * DAY_SECONDS);
}

function figure(value: number | undefined, digits: number, unit: string): string {
  if (value === undefined) return '\u2013';
  return `${value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })}${unit}`;
}

function rowOf(day: DayFigures): readonly Child[] {
  const availability = availabilityOf(day);
  return [
    dayWords(day),
    figure(availability, 2, '%'),
    figure(availability === undefined ? undefined : 100 - availability, 2, '%'),
    ...INTERFACES.map(({ kind }) => figure(meanMs(day.tallies[kind]), 0, ' ms')),
    figure(errorRateOf(day), 2, '%'),
    figure(allOf(day).requests, 0, ''),
  ];
}

const Figures: FC<{ days: readonly DayFigures[] }> = ({ days }) => (
  <>
    {INTERFACES.map(({ kind, name, target }) => (
      <Chart
        title={`${name}, mean time by day`}
        names={[`${name}, milliseconds`]}
        bars={days.map((day) => ({
          // `21 Nov`
          label: dayWords(day).replace(/^(\d+ \w{3}).*/, '$1'),
          parts: [Math.round(meanMs(day.tallies[kind]) ?? 0)],
        }))}
        limit={{ value: target, label: `Target: ${target} ms` }}
      />
    ))}
    <Table
      caption="Figures by day"
      columns={[
        'Day',
        'Available',
        'Down',
        ...INTERFACES.map(({ name }) => `${name}, mean time`),
        'Errors of ours',
        'Requests',
      ]}
      rows={days.toReversed().map(rowOf)}
    />
  </>
);

export const MetricsView: FC<{ site: Site; days: readonly DayFigures[]; csv: string }> = ({
  site,
  days,
  csv,
}) => (
  <Page {...site} title="Availability and performance" audience="developer" current="/status">
    <div class="prose">
      <h1>Availability and performance</h1>
      <p>How this interface did, day by day (UTC).</p>
      {days.length === 0 ? (
        <p class="note">
          No figures yet. They appear some seconds after the first call:{' '}
          <a href="/docs/getting-started">make one</a>.
        </p>
      ) : (
        <Figures days={days} />
      )}
      <p class="links">
        <a class="button plain" href={csv}>
          CSV
        </a>
      </p>
      <h2>What the figures mean</h2>
      <ul>
        <li>
          A minute with an answered request was up, one with failures alone was down. Without requests our own
          check of every five minutes decides; without that too the minute was down.
          {site.environment === 'sandbox' ? ' (A sandbox on your own machine makes no such checks.)' : ''}
        </li>
        <li>
          Times are means of requests that got what they asked for, from arrival to last byte: refusals are
          quick and would flatter them.
        </li>
        <li>Errors of ours are answers with status 500 and above.</li>
        <li>
          Programs ask for the same with <code>Accept: application/json</code>, and for other days, at most
          92, with <code>?from=2026-10-01&amp;to=2026-12-31</code>.
        </li>
      </ul>
    </div>
  </Page>
);
