/** The outbox: delivered at least once, later again after a failure, gone when handled. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { deliverClaimed, drainOutbox, LATER, type OutboxDelivery } from '#edge/outbox.flow.ts';
import { claimedOutboxStatement, outboxStatement } from '#edge/outbox.statements.ts';
import type { Scope } from '#edge/scope.ts';
import { listLog, TEST_NOW_MS, testScope } from '../support/scope.ts';

const NOW = TEST_NOW_MS / 1000;

beforeEach(async () => {
  await env.DB.exec('DELETE FROM outbox');
});

async function put(scope: Scope, subject: string, topic = 'client.changed') {
  await scope.database.batch([
    outboxStatement(scope.database, { topic, subject, payload: { version: 2 }, now: scope.now }),
  ]);
}

const rows = async () =>
  (
    await env.DB.prepare('SELECT subject, attempts, due_at - ?1 AS wait FROM outbox ORDER BY id')
      .bind(NOW)
      .all()
  ).results;

function at(seconds: number, log = listLog().log): Scope {
  return testScope({ nowMs: TEST_NOW_MS + seconds * 1000, log });
}

describe('a row', () => {
  it('is delivered once and gone', async () => {
    const scope = at(0);
    await put(scope, 'one');
    const seen: OutboxDelivery[] = [];
    const handlers = {
      'client.changed': async (_scope: Scope, delivery: OutboxDelivery) => void seen.push(delivery),
    };
    expect(await drainOutbox(scope, handlers)).toEqual({ delivered: 1, waiting: 0, failed: 0 });
    expect(seen).toEqual([
      { topic: 'client.changed', subject: 'one', payload: { version: 2 }, createdAt: NOW, attempts: 1 },
    ]);
    expect(await drainOutbox(scope, handlers)).toEqual({ delivered: 0, waiting: 0, failed: 0 });
    expect(await rows()).toEqual([]);
  });

  it('waits twice as long after each failure, up to about an hour', async () => {
    const { log, lines } = listLog();
    await put(at(0), 'one');
    const failing = { 'client.changed': () => Promise.reject(new Error('object away')) };
    const waits: number[] = [];
    let seconds = 0;
    for (let attempt = 1; attempt <= 9; attempt += 1) {
      expect(await drainOutbox(at(seconds, log), failing)).toEqual({ delivered: 0, waiting: 0, failed: 1 });
      const wait = Number((await rows())[0]?.['wait']) - seconds;
      waits.push(wait);
      expect(await drainOutbox(at(seconds + wait - 1, log), failing)).toEqual({
        delivered: 0,
        waiting: 0,
        failed: 0,
      });
      seconds += wait;
    }
    expect(waits).toEqual([60, 120, 240, 480, 960, 1920, 3840, 3840, 3840]);
    expect(lines.filter((line) => line.event === 'outbox_retry')).toHaveLength(8);
    expect(lines.filter((line) => line.event === 'outbox_stuck')).toHaveLength(1);
    expect(lines.at(-2)?.reason).toContain('client.changed of one, attempt 9: Error: object away');
  });

  it('that fails does not keep others back', async () => {
    const scope = at(0);
    for (const subject of ['one', 'two', 'three']) await put(scope, subject);
    const seen: string[] = [];
    const report = await drainOutbox(scope, {
      'client.changed': async (_scope, { subject }) => {
        seen.push(subject);
        if (subject === 'two') throw new Error('object away');
      },
    });
    expect(report).toEqual({ delivered: 2, waiting: 0, failed: 1 });
    expect(seen).toEqual(['one', 'two', 'three']);
    expect(await rows()).toEqual([{ subject: 'two', attempts: 1, wait: 60 }]);
  });

  it.each(['client.unheard_of', 'toString'])('of the unknown topic %s stays', async (topic) => {
    const { log, lines } = listLog();
    await put(at(0), 'one', topic);
    expect(await drainOutbox(at(0, log), {})).toEqual({ delivered: 0, waiting: 0, failed: 1 });
    expect(lines[0]?.reason).toContain('no handler');
    expect(await rows()).toHaveLength(1);
  });

  it('is not claimed by two at once', async () => {
    for (let index = 0; index < 30; index += 1) await put(at(0), `s${index}`);
    const seen: string[] = [];
    const handlers = {
      'client.changed': async (_scope: Scope, { subject }: OutboxDelivery) => {
        await scheduler.wait(1);
        seen.push(subject);
      },
    };
    await Promise.all([drainOutbox(at(0), handlers), drainOutbox(at(0), handlers)]);
    expect(seen).toHaveLength(30);
    expect(new Set(seen).size).toBe(30);
  });
});

describe('a drain', () => {
  it('takes 500 rows at most', async () => {
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 520)
       INSERT INTO outbox (topic, subject, payload, created_at, due_at, attempts)
       SELECT 'client.changed', 's' || i, '{}', ?1, ?1, 0 FROM n`,
    )
      .bind(NOW)
      .run();
    const handlers = { 'client.changed': () => Promise.resolve() };
    expect(await drainOutbox(at(0), handlers)).toEqual({ delivered: 500, waiting: 0, failed: 0 });
    expect(await drainOutbox(at(0), handlers)).toEqual({ delivered: 20, waiting: 0, failed: 0 });
  });

  it('finds what is due by the index', async () => {
    const plan = await env.DB.prepare(
      'EXPLAIN QUERY PLAN SELECT id FROM outbox WHERE due_at <= ? ORDER BY due_at LIMIT ?',
    )
      .bind(NOW, 50)
      .all();
    expect(plan.results.map((row) => row['detail']).join()).toMatch(/^SEARCH outbox USING (COVERING )?INDEX/);
  });
});

describe('a row that is not over yet', () => {
  it('comes again after the same pauses, and is no failure', async () => {
    const { log, lines } = listLog();
    await put(at(0), 'one');
    const answers: unknown[] = [LATER, LATER, undefined];
    const handlers = { 'client.changed': () => Promise.resolve(answers.shift()) };
    expect(await drainOutbox(at(0, log), handlers)).toEqual({ delivered: 0, waiting: 1, failed: 0 });
    expect(await rows()).toEqual([{ subject: 'one', attempts: 1, wait: 60 }]);
    expect(await drainOutbox(at(60, log), handlers)).toMatchObject({ waiting: 1 });
    expect(await rows()).toEqual([{ subject: 'one', attempts: 2, wait: 180 }]);
    expect(await drainOutbox(at(180, log), handlers)).toMatchObject({ delivered: 1 });
    expect(await rows()).toEqual([]);
    expect(lines.map(({ event, reason }) => [event, reason])).toEqual([
      ['outbox_drained', '0 delivered, 1 waiting, 0 put off'],
      ['outbox_drained', '0 delivered, 1 waiting, 0 put off'],
      ['outbox_drained', '1 delivered, 0 waiting, 0 put off'],
    ]);
  });
});

describe('a row that its request delivers itself', () => {
  async function putClaimed(scope: Scope, subject: string) {
    const [written] = await scope.database.batch([
      claimedOutboxStatement(scope.database, {
        topic: 'client.changed',
        subject,
        payload: {},
        now: scope.now,
      }),
    ]);
    return written;
  }

  it('is of nobody else for a minute, and gone once delivered', async () => {
    const written = await putClaimed(at(0), 'one');
    const seen: number[] = [];
    const handlers = {
      'client.changed': async (_scope: Scope, { attempts }: OutboxDelivery) => void seen.push(attempts),
    };
    expect(await drainOutbox(at(59), handlers)).toMatchObject({ delivered: 0 });
    expect(await deliverClaimed(at(0), handlers, written)).toMatchObject({ delivered: 1 });
    expect(await drainOutbox(at(60), handlers)).toMatchObject({ delivered: 0 });
    expect(seen).toEqual([1]);
  });

  it('is delivered by the schedule where the request died or failed', async () => {
    const written = await putClaimed(at(0), 'one');
    const failing = { 'client.changed': () => Promise.reject(new Error('object away')) };
    expect(await deliverClaimed(at(0), failing, written)).toMatchObject({ failed: 1 });
    const attempts: number[] = [];
    const handlers = {
      'client.changed': async (_scope: Scope, delivery: OutboxDelivery) =>
        void attempts.push(delivery.attempts),
    };
    expect(await drainOutbox(at(60), handlers)).toMatchObject({ delivered: 1 });
    expect(attempts).toEqual([2]);
  });
});
