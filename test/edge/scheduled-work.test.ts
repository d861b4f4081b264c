/** Scheduled work: what runs at which tick, and that one job's failure is not another's. */
import { createExecutionContext, createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { createScheduled } from '#app.ts';
import { isDailyTick, isHourlyTick, runScheduled } from '#edge/scheduled-work.ts';
import { listLog, TEST_NOW_MS, testScope } from '../support/scope.ts';

const day = (hour: number, minute: number) => Date.UTC(2026, 10, 22, hour, minute);

describe('isDailyTick', () => {
  it.each([
    [2, 55, false],
    [3, 0, true],
    [3, 4, true],
    [3, 5, false],
    [15, 0, false],
  ])('%d:%d: %s', (hour, minute, expected) => {
    expect(isDailyTick(day(hour, minute))).toBe(expected);
  });

  it('comes once in a day of ticks', () => {
    const ticks = Array.from({ length: 288 }, (_, index) => day(0, 0) + index * 300_000);
    expect(ticks.filter(isDailyTick)).toHaveLength(1);
    expect(ticks.filter(isHourlyTick)).toHaveLength(24);
  });
});

describe('runScheduled', () => {
  const jobs = (ran: string[]) => [
    {
      name: 'broken',
      every: 'tick' as const,
      run: () => {
        ran.push('broken');
        return Promise.reject(new Error('it broke'));
      },
    },
    { name: 'tick', every: 'tick' as const, run: async () => ran.push('tick') },
    { name: 'hour', every: 'hour' as const, run: async () => ran.push('hour') },
    { name: 'day', every: 'day' as const, run: async () => ran.push('day') },
  ];

  it('runs the ticking jobs, whatever fails, and logs the failure', async () => {
    const ran: string[] = [];
    const { log, lines } = listLog();
    await runScheduled(testScope({ log }), day(12, 5), jobs(ran));
    expect(ran).toEqual(['broken', 'tick']);
    expect(lines).toMatchObject([
      { event: 'scheduled_failed', reason: expect.stringContaining('broken: Error: it broke') },
    ]);
  });

  it('runs the hourly ones at their tick', async () => {
    const ran: string[] = [];
    await runScheduled(testScope(), day(12, 0), jobs(ran));
    expect(ran).toEqual(['broken', 'tick', 'hour']);
  });

  it('runs the daily ones at their tick', async () => {
    const ran: string[] = [];
    await runScheduled(testScope(), day(3, 0), jobs(ran));
    expect(ran).toEqual(['broken', 'tick', 'hour', 'day']);
  });
});

describe('the trigger', () => {
  it('drains the outbox', async () => {
    await env.DB.prepare(
      `INSERT INTO outbox (topic, subject, payload, created_at, due_at, attempts) VALUES ('test.unknown', 's', '{}', 1, 1, 0)`,
    ).run();
    const { log, lines } = listLog();
    const scheduled = createScheduled({ clock: { nowMs: () => TEST_NOW_MS }, log });
    await scheduled(createScheduledController({ scheduledTime: TEST_NOW_MS }), env, createExecutionContext());
    expect(lines.map((line) => line.event)).toContain('outbox_drained');
  });

  it('says what is misconfigured', async () => {
    const { log, lines } = listLog();
    const bindings = { ...env, ISSUER: 'nowhere' };
    await createScheduled({ log })(createScheduledController(), bindings, createExecutionContext());
    expect(lines).toEqual([{ event: 'misconfigured', reason: expect.stringContaining('ISSUER') }]);
  });
});
