/** /metrics/open-banking: a page, JSON and CSV from the same days. */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderDay } from '#docs/metrics.schema.ts';
import { writeMinutes } from '#edge/figures.store.ts';
import { dayOf } from '#edge/keep-figures.flow.ts';
import { testApp } from '../support/app.ts';
import { TEST_NOW_MS, testScope } from '../support/scope.ts';

const PATH = '/metrics/open-banking';
const TODAY = dayOf(TEST_NOW_MS / 1000);
const BROWSER = { accept: 'text/html,application/xhtml+xml' };
const app = testApp();

beforeAll(async () => {
  const { database } = testScope();
  const minute = TEST_NOW_MS / 60_000 - 30;
  await writeMinutes(database, 'one', [
    { minute, kind: 'ais', requests: 4, answered: 3, faults: 0, totalMs: 100 },
    { minute: minute + 1, kind: 'pis', requests: 3, answered: 1, faults: 2, totalMs: 40 },
    { minute: minute + 2, kind: 'other', requests: 1, answered: 0, faults: 1, totalMs: 0 },
  ]);
  await env.DB.prepare(
    `INSERT INTO figure_days VALUES (?1, 'all', 0, 0, 0, 0, 86400, 864), (?1, 'ais', 200, 100, 1, 1234, 0, 0)`,
  )
    .bind(TODAY - 1)
    .run();
});

describe('as JSON', () => {
  it('has each day once, written up or of its minutes', async () => {
    const answer = await app.request(PATH);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({
      generated_at: '2026-11-22T12:00:00Z',
      days: [
        {
          date: '2026-11-21',
          availability_percent: 99,
          downtime_percent: 1,
          down_seconds: 864,
          measured_seconds: 86_400,
          error_rate_percent: 0.5,
          requests: 200,
          errors: 1,
          ais: { requests: 200, mean_ttlb_ms: 12.3 },
          pis: { requests: 0, mean_ttlb_ms: null },
          cof: { requests: 0, mean_ttlb_ms: null },
        },
        {
          date: '2026-11-22',
          // Locally nothing is probed: three minutes are known, one of them down.
          availability_percent: 66.667,
          downtime_percent: 33.333,
          down_seconds: 60,
          measured_seconds: 180,
          error_rate_percent: 37.5,
          requests: 8,
          errors: 3,
          ais: { requests: 4, mean_ttlb_ms: 33.3 },
          pis: { requests: 3, mean_ttlb_ms: 40 },
          cof: { requests: 0, mean_ttlb_ms: null },
        },
      ],
    });
  });

  it.each([
    ['?from=2026-11-21&to=2026-11-21', ['2026-11-21']],
    ['?to=2026-11-21', ['2026-11-21']],
    ['?from=2026-11-22', ['2026-11-22']],
    ['?from=2026-09-01&to=2026-12-01', ['2026-11-21', '2026-11-22']],
    ['?from=2020-01-01&to=2020-02-01', []],
  ])('takes the days of %s', async (query, dates) => {
    const body = await (await app.request(PATH + query)).json<{ days: { date: string }[] }>();
    expect(body.days.map(({ date }) => date)).toEqual(dates);
  });

  it.each([
    '?from=yesterday',
    '?to=2026-02-30',
    '?from=2026-11-22&to=2026-11-21',
    '?from=2026-08-01',
    '?from=',
  ])('refuses %s', async (query) => {
    const answer = await app.request(PATH + query);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ field: expect.any(String) }],
    });
  });
});

it('is CSV too, with the same figures', async () => {
  const answer = await app.request(`${PATH}.csv`);
  expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="open-banking.csv"');
  expect(await answer.text()).toBe(
    [
      'date,availability_percent,downtime_percent,ais_mean_ttlb_ms,pis_mean_ttlb_ms,cof_mean_ttlb_ms,error_rate_percent,ais_requests,pis_requests,cof_requests,requests,errors,down_seconds,measured_seconds',
      '2026-11-21,99,1,12.3,,,0.5,200,0,0,200,1,864,86400',
      '2026-11-22,66.667,33.333,33.3,40,,37.5,4,3,0,8,3,60,180',
      '',
    ].join('\r\n'),
  );
});

it('is a page with a chart, the table it is drawn from, and the address of the CSV', async () => {
  const answer = await app.request(`${PATH}?from=2026-11-21`, { headers: BROWSER });
  expect(answer.status).toBe(200);
  const text = await answer.text();
  expect(text).toContain('<svg');
  expect(text).toContain('<th scope="row">21 November 2026</th><td>99.00%</td>');
  expect(text).toContain('href="/metrics/open-banking.csv?from=2026-11-21&amp;to=2026-11-22"');
  expect(text).not.toMatch(/ style=/);
});

it('says what to do where there are no figures', async () => {
  const answer = await app.request(`${PATH}?from=2020-01-01&to=2020-01-02`, { headers: BROWSER });
  const text = await answer.text();
  expect(text).toContain('No figures yet');
  expect(text).not.toContain('<table');
});

it('renders days', () => {
  expect(renderDay(TODAY)).toBe('2026-11-22');
});
