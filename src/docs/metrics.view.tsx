/** Availability and performance by day: a chart of the mean times, and the table it is drawn from. */
import type { FC } from 'hono/jsx';
import type { Site } from '#developers/site.ts';
import { renderDay } from '#docs/metrics.schema.ts';
import { allOf, availabilityOf, type DayFigures, errorRateOf, meanMs } from '#edge/figures.ts';
import { Page } from '#edge/frame.view.tsx';
import { DAY_SECONDS } from '#kernel/time.ts';
import { dateWords } from '#kernel/words.ts';

/** The three interfaces: name, line, and the mean time the United Kingdom publishes as its target, milliseconds. */
const INTERFACES = [
  { kind: 'ais', name: 'Account information', dash: 'none', stroke: 'var(--accent)', target: 750 },
  { kind: 'pis', name: 'Payments', dash: '9 5', stroke: 'var(--primary)', target: 750 },
  { kind: 'cof', name: 'Funds confirmation', dash: '2 5', stroke: 'var(--info)', target: 300 },
] as const;

/** Drawn at its own size, pixels: a narrow screen scrolls it, so that its words stay readable. */
const WIDTH = 900;
const LEFT = 84;
const TOP = 40;
const BOTTOM = 260;
/** The vertical axis: powers of ten from 1 to 10,000 milliseconds, as answers and targets lie far apart. */
const DECADES = 4;

function heightOf(ms: number): number {
  const share = Math.min(1, Math.max(0, Math.log10(Math.max(1, ms)) / DECADES));
  return Math.round(BOTTOM - share * (BOTTOM - TOP));
}

const Chart: FC<{ days: readonly DayFigures[] }> = ({ days }) => {
  const step = (WIDTH - LEFT - 16) / Math.max(1, days.length - 1);
  const at = (index: number) => Math.round(LEFT + index * step);
  const first = days[0];
  const last = days.at(-1);
  return (
    <svg width={WIDTH} height="290" role="img" aria-labelledby="chart" font-size="14">
      <title id="chart">
        Mean time to the last byte by day, milliseconds; the table below has the figures
      </title>
      {INTERFACES.map(({ name, dash, stroke }, index) => (
        <g>
          <path d={`M${LEFT + index * 220} 14h30`} stroke={stroke} stroke-width="3" stroke-dasharray={dash} />
          <text x={LEFT + index * 220 + 38} y="18" fill="var(--ink)">
            {name}
          </text>
        </g>
      ))}
      {['1 ms', '10 ms', '100 ms', '1,000 ms', '10,000 ms'].map((label, decade) => (
        <g>
          <path d={`M${LEFT} ${heightOf(10 ** decade)}H${WIDTH - 16}`} stroke="var(--line)" />
          <text x={LEFT - 8} y={heightOf(10 ** decade) + 4} text-anchor="end" fill="var(--muted)">
            {label}
          </text>
        </g>
      ))}
      {[750, 300].map((target) => (
        <g>
          <path
            d={`M${LEFT} ${heightOf(target)}H${WIDTH - 16}`}
            stroke="var(--danger)"
            stroke-dasharray="1 3"
          />
          <text
            x={WIDTH - 16}
            y={heightOf(target) + (target === 750 ? -4 : 14)}
            text-anchor="end"
            fill="var(--danger)"
          >
            {target === 750 ? 'Target 750 ms' : 'Target for funds confirmation 300 ms'}
          </text>
        </g>
      ))}
      {INTERFACES.map(({ kind, dash, stroke }) => {
        const points = days.flatMap((day, index) => {
          const ms = meanMs(day.tallies[kind]);
          return ms === undefined ? [] : [[at(index), heightOf(ms)] as const];
        });
        return (
          <g stroke={stroke} fill={stroke}>
            <polyline points={points.join(' ')} fill="none" stroke-width="2" stroke-dasharray={dash} />
            {points.map(([x, y]) => (
              <circle cx={x} cy={y} r="3" />
            ))}
          </g>
        );
      })}
      {first === undefined || last === undefined ? null : (
        <g fill="var(--muted)">
          <text x={LEFT} y="284">
            {renderDay(first.day)}
          </text>
          {days.length === 1 ? null : (
            <text x={WIDTH - 16} y="284" text-anchor="end">
              {renderDay(last.day)}
            </text>
          )}
        </g>
      )}
    </svg>
  );
};

function figure(value: number | undefined, digits: number, unit: string): string {
  if (value === undefined) return '\u2013';
  return `${value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })}${unit}`;
}

const Row: FC<{ day: DayFigures }> = ({ day }) => {
  const availability = availabilityOf(day);
  return (
    <tr>
      <th scope="row">{dateWords(day.day * DAY_SECONDS)}</th>
      <td>{figure(availability, 2, '%')}</td>
      <td>{figure(availability === undefined ? undefined : 100 - availability, 2, '%')}</td>
      {INTERFACES.map(({ kind }) => (
        <td>{figure(meanMs(day.tallies[kind]), 0, ' ms')}</td>
      ))}
      <td>{figure(errorRateOf(day), 2, '%')}</td>
      <td>{figure(allOf(day).requests, 0, '')}</td>
    </tr>
  );
};

export const MetricsView: FC<{ site: Site; days: readonly DayFigures[]; csv: string }> = ({
  site,
  days,
  csv,
}) => (
  <Page {...site} title="Availability and performance" audience="developer" current="/status">
    <div class="prose">
      <h1>Availability and performance</h1>
      <p>How this interface did, day by day (UTC), from our own records.</p>
      {days.length === 0 ? (
        <p class="note">
          No figures yet. They appear some seconds after the first call:{' '}
          <a href="/docs/getting-started">make one</a>.
        </p>
      ) : (
        <>
          <section class="scroll" tabindex={0} aria-label="Chart">
            <Chart days={days} />
          </section>
          <section class="scroll" tabindex={0} aria-label="Figures by day">
            <table>
              <thead>
                <tr>
                  <th scope="col">Day</th>
                  <th scope="col">Available</th>
                  <th scope="col">Down</th>
                  {INTERFACES.map(({ name }) => (
                    <th scope="col">{name}, mean time</th>
                  ))}
                  <th scope="col">Errors of ours</th>
                  <th scope="col">Requests</th>
                </tr>
              </thead>
              <tbody>
                {days.toReversed().map((day) => (
                  <Row day={day} />
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
      <p class="links">
        <a class="button plain" href={csv}>
          CSV
        </a>
      </p>
      <h2>What the figures mean</h2>
      <ul>
        <li>
          A minute in which a request was answered was up; one in which requests failed and none was answered
          was down; a minute without requests is what our own check, every five minutes, found. Where even
          that is missing, the minute was down.
          {site.environment === 'sandbox' ? ' (A sandbox on your own machine makes no such checks.)' : ''}
        </li>
        <li>
          Times are means over the requests that got what they asked for, from their arrival to the whole
          answer, without the way there and back. Refusals are quick and would flatter them.
        </li>
        <li>Errors of ours are answers with status 500 and above, of all requests to the interface.</li>
        <li>
          Programs read the same here: <code>/metrics/open-banking</code> with{' '}
          <code>Accept: application/json</code>, <code>?from=2026-10-01&amp;to=2026-12-31</code> for other
          days, at most 92.
        </li>
      </ul>
    </div>
  </Page>
);
