/** The figures by day: what counts as which interface, what a minute was, and what survives being written again. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '#app.ts';
import { foldMinutes } from '#edge/day-figures.store.ts';
import { type Evidence, judgedSpan, standingOf } from '#edge/day-figures.ts';
import { writeMinutes } from '#edge/figures.store.ts';
import { kindOf, NO_TALLY, sumOf, tallyOf } from '#edge/figures.ts';
import { dayOf, readFigures, recordProbe, writeUpDays } from '#edge/keep-figures.flow.ts';
import { listLog, TEST_NOW_MS, testScope } from '../support/scope.ts';
import { runTick } from '../support/tick.ts';

const TODAY = dayOf(TEST_NOW_MS / 1000);
const NOON = Math.floor(TEST_NOW_MS / 60_000);

beforeEach(async () => {
  await env.DB.batch([
    env.DB.prepare('DELETE FROM figure_minutes'),
    env.DB.prepare('DELETE FROM figure_days'),
  ]);
});

async function rowsOf(table: 'figure_minutes' | 'figure_days') {
  const { results } = await env.DB.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3`).all();
  return results;
}

describe('kindOf', () => {
  it.each([
    ['GET /open-banking/v1/accounts', 'ais'],
    ['GET /open-banking/v1/accounts/:account_id/balances', 'ais'],
    ['HEAD /open-banking/v1/transactions', 'ais'],
    ['POST /open-banking/v1/payments', 'pis'],
    ['GET /open-banking/v1/payments/:payment_id', 'pis'],
    ['POST /open-banking/v1/funds-confirmations', 'cof'],
    ['POST /open-banking/v1/consents', 'other'],
    ['POST /oauth/token', 'other'],
    ['DELETE /register/:client_id', 'other'],
    ['GET /docs', undefined],
    ['GET /metrics/open-banking', undefined],
    ['GET unrouted', undefined],
  ])('%s: %s', (route, kind) => {
    expect(kindOf(route)).toBe(kind);
  });
});

describe('tallyOf', () => {
  it.each([
    [200, { requests: 1, answered: 1, faults: 0, totalMs: 13 }],
    [303, { requests: 1, answered: 1, faults: 0, totalMs: 13 }],
    [404, { requests: 1, answered: 0, faults: 0, totalMs: 0 }],
    [429, { requests: 1, answered: 0, faults: 0, totalMs: 0 }],
    [500, { requests: 1, answered: 0, faults: 1, totalMs: 0 }],
    [503, { requests: 1, answered: 0, faults: 1, totalMs: 0 }],
  ])('of status %d', (status, tally) => {
    expect(tallyOf({ status, ms: 12.6 })).toEqual(tally);
    expect(sumOf(NO_TALLY, tally)).toEqual(tally);
  });
});

describe('standingOf', () => {
  const at = (minute: number, more: Partial<Evidence>): Evidence => ({
    minute,
    answered: 0,
    faults: 0,
    probes: 0,
    failedProbes: 0,
    ...more,
  });
  const span = { from: 100, to: 110, expectsProbes: true };
  const up = [at(100, { probes: 1 }), at(105, { probes: 1 })];

  it.each<[string, Evidence[], number, number]>([
    ['probes that found all well, no requests', up, 600, 0],
    ['one minute in which all failed', [...up, at(103, { faults: 7 })], 600, 60],
    ['a minute in which some failed', [...up, at(103, { faults: 7, answered: 1 })], 600, 0],
    [
      'a probe that failed, no requests',
      [at(100, { probes: 1 }), at(105, { probes: 1, failedProbes: 1 })],
      600,
      300,
    ],
    [
      'a probe that failed, one minute answered all the same',
      [at(100, { probes: 1 }), at(105, { probes: 1, failedProbes: 1, answered: 2 })],
      600,
      240,
    ],
    ['a probe that is missing', [at(100, { probes: 1 })], 600, 300],
    ['nothing at all', [], 600, 600],
  ])('%s', (_what, evidence, measuredSeconds, downSeconds) => {
    expect(standingOf(evidence, span)).toEqual({ measuredSeconds, downSeconds });
  });

  it('leaves silent minutes out where nothing probes', () => {
    const evidence = [at(101, { answered: 1 }), at(102, { faults: 1 })];
    expect(standingOf(evidence, { ...span, expectsProbes: false })).toEqual({
      measuredSeconds: 120,
      downSeconds: 60,
    });
  });
});

describe('judgedSpan', () => {
  const day = 20_000;
  const start = day * 1440;
  it.each([
    ['a whole day that is over', start - 5, (start + 1440) * 60, start, start + 1440],
    ['the day of the first minute', start + 7, (start + 1440) * 60, start + 7, start + 1440],
    ['a day that runs, up to the running five minutes', start - 5, (start + 14) * 60 + 59, start, start + 10],
    ['the first five minutes of all', start + 1, (start + 3) * 60, start + 1, start + 1],
  ])('%s', (_what, first, now, from, to) => {
    expect(judgedSpan(day, first, now)).toEqual({ from, to });
  });
});

describe('minutes', () => {
  const tally = { minute: NOON, kind: 'ais', requests: 3, answered: 2, faults: 1, totalMs: 40 } as const;

  it('are totals: written again they change nothing, and grow with the isolate', async () => {
    const { database } = testScope();
    await writeMinutes(database, 'one', [tally]);
    await writeMinutes(database, 'one', [tally]);
    await writeMinutes(database, 'two', [tally]);
    await writeMinutes(database, 'one', [{ ...tally, requests: 4 }]);
    expect(await rowsOf('figure_minutes')).toMatchObject([
      { source: 'one', requests: 4, total_ms: 40 },
      { source: 'two', requests: 3 },
    ]);
  });

  it('become one row when they are folded, once, and a late row is added', async () => {
    const { database } = testScope();
    await writeMinutes(database, 'one', [tally]);
    await writeMinutes(database, 'two', [tally]);
    await foldMinutes(database, NOON - 10, NOON);
    expect(await rowsOf('figure_minutes')).toHaveLength(2);
    await foldMinutes(database, NOON - 10, NOON + 1);
    await foldMinutes(database, NOON - 10, NOON + 1);
    expect(await rowsOf('figure_minutes')).toMatchObject([
      { source: '', requests: 6, answered: 4, faults: 2 },
    ]);
    await writeMinutes(database, 'three', [tally]);
    await foldMinutes(database, NOON - 10, NOON + 1);
    expect(await rowsOf('figure_minutes')).toMatchObject([{ source: '', requests: 9, total_ms: 120 }]);
  });
});

describe('days', () => {
  const deployed = { ISSUER: 'https://sandbox.example.com' };

  it('are written up once they are over, once only, and their minutes go a day later', async () => {
    const scope = testScope({ bindings: deployed });
    const before = (TODAY - 1) * 1440;
    for (const minute of [before, before - 1440]) {
      await writeMinutes(scope.database, 'one', [
        { minute, kind: 'ais', requests: 10, answered: 8, faults: 2, totalMs: 80 },
        { minute, kind: 'pis', requests: 1, answered: 1, faults: 0, totalMs: 5 },
      ]);
    }
    const live = await readFigures(scope, TODAY - 2, TODAY - 1);
    await writeUpDays(scope);
    await writeMinutes(scope.database, 'late', [
      { minute: before, kind: 'ais', requests: 99, answered: 99, faults: 0, totalMs: 0 },
    ]);
    await writeUpDays(scope);
    expect(await readFigures(scope, TODAY - 2, TODAY - 1)).toEqual(live);
    expect(live).toMatchObject([
      { day: TODAY - 2, measuredSeconds: 86_400, downSeconds: 86_340 },
      { day: TODAY - 1, tallies: { ais: { requests: 10, faults: 2 }, pis: { totalMs: 5 } } },
    ]);
    const minutes = await rowsOf('figure_minutes');
    expect(minutes.every((row) => Number(row['minute']) >= before)).toBe(true);
    expect(await rowsOf('figure_days')).toHaveLength(10);
  });

  it('are kept for 800 days', async () => {
    const scope = testScope({ bindings: deployed });
    await env.DB.prepare(
      "INSERT INTO figure_days VALUES (?1 - 801, 'all', 1, 1, 0, 1, 60, 0), (?1 - 800, 'all', 1, 1, 0, 1, 60, 0)",
    )
      .bind(TODAY)
      .run();
    await writeUpDays(scope);
    const days = (await rowsOf('figure_days')).map((row) => row['day']);
    expect(Math.min(...days.map(Number))).toBe(TODAY - 800);
  });

  it('have the probes of the schedule, one a tick, as evidence', async () => {
    await runTick(TEST_NOW_MS - 600_000, deployed);
    await runTick(TEST_NOW_MS - 300_000, deployed);
    await recordProbe(testScope({ nowMs: TEST_NOW_MS - 300_000 }), false);
    const [today] = await readFigures(testScope({ bindings: deployed }), TODAY, TODAY);
    expect(today).toMatchObject({ measuredSeconds: 600, downSeconds: 300 });
  });
});

describe('an isolate', () => {
  const PAUSE_MS = 20;

  function recorder(log = listLog()) {
    let nowMs = TEST_NOW_MS;
    const app = createApp({ clock: { nowMs: () => nowMs }, log: log.log, gatherMs: PAUSE_MS });
    async function send(paths: readonly string[], bindings: object = {}): Promise<void> {
      const context = createExecutionContext();
      for (const path of paths) {
        await app.fetch(new Request(`http://localhost:8787${path}`), { ...env, ...bindings }, context);
      }
      await waitOnExecutionContext(context);
    }
    return { send, advance: (ms: number) => (nowMs += ms), lines: log.lines };
  }

  it('writes once in a pause what it answered, pages and unknown paths left out', async () => {
    const { send, advance } = recorder();
    await send([
      '/open-banking/v1/accounts',
      '/open-banking/v1/accounts',
      '/oauth/jwks',
      '/docs',
      '/nowhere',
    ]);
    expect(await rowsOf('figure_minutes')).toMatchObject([
      { minute: NOON, kind: 'ais', requests: 2, answered: 0, faults: 0 },
      { minute: NOON, kind: 'other', requests: 1, answered: 1, faults: 0 },
    ]);
    advance(60_000);
    await send(['/oauth/jwks']);
    await send(['/oauth/jwks']);
    const rows = await rowsOf('figure_minutes');
    expect(rows.map((row) => [row['minute'], row['requests']])).toEqual([
      [NOON, 2],
      [NOON, 1],
      [NOON + 1, 2],
    ]);
    expect(new Set(rows.map((row) => row['source'])).size).toBe(1);
  });

  it('keeps what D1 did not take, and writes it when D1 is back', async () => {
    const { send, advance, lines } = recorder();
    const broken = {
      prepare: () => {
        throw new Error('D1_ERROR: Network connection lost.');
      },
    };
    const away = { DB: { withSession: () => broken } };
    await send(['/oauth/jwks'], away);
    expect(lines.map(({ event }) => event)).toContain('figures_unwritten');
    expect(await rowsOf('figure_minutes')).toEqual([]);
    advance(120_000);
    await send(['/oauth/jwks']);
    expect((await rowsOf('figure_minutes')).map((row) => row['minute'])).toEqual([NOON, NOON + 2]);
  });

  it('tells Analytics Engine each request, where it is bound', async () => {
    const { send } = recorder();
    const points: unknown[] = [];
    await send(['/oauth/jwks', '/open-banking/v1/accounts'], {
      METRICS: { writeDataPoint: (point: unknown) => points.push(point) },
    });
    expect(points).toEqual([
      { indexes: ['stranger'], blobs: ['GET /oauth/jwks', 'other', 'none'], doubles: [200, 0, 0, 1] },
      {
        indexes: ['stranger'],
        blobs: ['GET /open-banking/v1/accounts', 'ais', 'invalid_token'],
        doubles: [401, 0, 0, 0],
      },
    ]);
  });
});
