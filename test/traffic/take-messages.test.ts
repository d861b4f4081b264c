/** The consumer of the request log's queue: each call once, however often and in whatever order messages come. */
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestEntry, RequestMessage } from '#traffic/request-entry.ts';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import { testApp } from '../support/app.ts';
import { faultyDatabase } from '../support/faulty-database.ts';
import { deliver, entryOf, messageOf, rowsOf } from '../support/requests.ts';
import { TEST_NOW_MS } from '../support/scope.ts';
import { runTick } from '../support/tick.ts';
import { newTpp } from '../support/tpp.ts';

const HOUR = Math.floor(TEST_NOW_MS / 3_600_000);
const LONG = env.TEST_LENGTH === 'long';

async function organisationId(): Promise<string> {
  return (await insertOrganisationWithKey()).organisationId;
}

function sum(rows: readonly Record<string, unknown>[], column: string): number {
  return rows.reduce((total, row) => total + Number(row[column]), 0);
}

/** What of an organisation is counted, in all four places. */
async function countsOf(id: string) {
  const hours = await rowsOf('usage_hours', id);
  return {
    rows: (await rowsOf('request_log', id)).length,
    held: (await rowsOf('request_log_sizes', id))[0]?.['held'],
    hours: sum(hours, 'requests'),
    minutes: sum(await rowsOf('usage_minutes', id), 'requests'),
    peak: Math.max(...(await rowsOf('usage_peaks', id)).map((row) => Number(row['requests']))),
  };
}

describe('a message', () => {
  it('becomes rows and sums, its route as documents write it', async () => {
    const id = await organisationId();
    const own = { organisationId: id };
    const requestId = crypto.randomUUID();
    await deliver([
      messageOf([
        entryOf({ ...own, requestId, ms: 7 }),
        entryOf({ ...own, ms: 900 }),
        entryOf({ ...own, status: 404, code: 'account_not_found', ms: 3 }),
      ]),
    ]);
    const rows = await rowsOf('request_log', id);
    expect(rows.find((row) => row['request_id'] === requestId)).toMatchObject({
      at_ms: TEST_NOW_MS,
      method: 'GET',
      route: '/open-banking/v1/accounts/{account_id}',
      status: 200,
      code: null,
      duration_ms: 7,
      client_id: null,
      credential: 'token 1a2b3c4d',
    });
    const hours = await rowsOf('usage_hours', id);
    expect(hours.map((row) => [row['hour'], row['status'], row['code'], row['requests']])).toEqual([
      [HOUR, 200, '', 2],
      [HOUR, 404, 'account_not_found', 1],
    ]);
    // The refused call's time is in no bucket.
    const buckets = hours.map((row) =>
      Object.entries(row).filter(([name, value]) => /^b\d+$/.test(name) && value !== 0),
    );
    expect(buckets).toEqual([
      [
        ['b9', 1],
        ['b30', 1],
      ],
      [],
    ]);
    expect(await countsOf(id)).toEqual({ rows: 3, held: 3, hours: 3, minutes: 3, peak: 3 });
  });

  it('is the log of its client’s owner', async () => {
    const app = testApp();
    const tpp = await newTpp(app);
    await deliver([messageOf([entryOf({ clientId: tpp.clientId })])]);
    expect(await rowsOf('request_log', tpp.organisation.organisationId)).toMatchObject([
      { client_id: tpp.clientId },
    ]);
  });

  it('whose client nobody owns leaves nothing and is not asked for again', async () => {
    const before = await rowsOf('request_log');
    const { result } = await deliver([messageOf([entryOf({ clientId: crypto.randomUUID() })])]);
    expect(result).toMatchObject({ outcome: 'ok', retryMessages: [], retryBatch: { retry: false } });
    expect(await rowsOf('request_log')).toEqual(before);
  });

  it.each([
    ['text', 'x'],
    ['nothing', null],
    ['another id', { id: "'; DROP TABLE request_log", entries: [] }],
    ['no entries', { id: messageOf([]).id }],
    ['a strange entry', { ...messageOf([]), entries: [{}] }],
    ['an entry of nobody', messageOf([entryOf()])],
    ['too many entries', messageOf(Array.from({ length: 201 }, () => entryOf({ organisationId: 'x' })))],
  ])('that is %s is dropped, and told in the log', async (_name, body) => {
    const id = await organisationId();
    const { result, lines } = await deliver([body, messageOf([entryOf({ organisationId: id })])]);
    expect(result).toMatchObject({ outcome: 'ok', retryBatch: { retry: false } });
    expect(lines.map(({ event }) => event)).toEqual(['request_log_message']);
    expect((await countsOf(id)).rows).toBe(1);
  });
});

describe('messages delivered again', () => {
  it('count once, in one delivery and in several', async () => {
    const id = await organisationId();
    const message = messageOf([entryOf({ organisationId: id }), entryOf({ organisationId: id })]);
    await deliver([message, message]);
    await deliver([message]);
    await deliver([message], { nowMs: TEST_NOW_MS + 86_400_000 });
    expect(await countsOf(id)).toEqual({ rows: 2, held: 2, hours: 2, minutes: 2, peak: 2 });
  });

  it.each(['before commit', 'after commit'] as const)('because D1 was lost %s count once', async (fault) => {
    const id = await organisationId();
    const message = messageOf([entryOf({ organisationId: id })]);
    const database = faultyDatabase();
    database.plan([fault]);
    const first = await deliver([message], { bindings: { DB: database.binding } });
    expect(first.result.retryBatch).toMatchObject({ retry: true });
    expect(first.lines.map(({ event }) => event)).toEqual(['request_log_put_off']);
    await deliver([message]);
    expect(await countsOf(id)).toEqual({ rows: 1, held: 1, hours: 1, minutes: 1, peak: 1 });
  });

  it('1 to 5 times, in any order, cut into any deliveries, come to the same', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: 1, maxLength: 8 }), {
          minLength: 1,
          maxLength: LONG ? 20 : 6,
        }),
        fc.infiniteStream(fc.integer({ min: 0, max: 1_000_000 })),
        async (offsets, choices) => {
          const id = await organisationId();
          const pick = (below: number) => (choices.next().value ?? 0) % below;
          const messages: RequestMessage[] = offsets.map((each) =>
            messageOf(
              each.map((ms): RequestEntry => entryOf({ organisationId: id, atMs: TEST_NOW_MS + ms, ms })),
            ),
          );
          const sent = messages.flatMap((message) => Array.from({ length: 1 + pick(5) }, () => message));
          const shuffled = sent
            .map((message) => ({ message, at: pick(1_000_000) }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ message }) => message);
          while (shuffled.length > 0) await deliver(shuffled.splice(0, 1 + pick(5)));
          const total = offsets.flat().length;
          const minutes = Map.groupBy(offsets.flat(), (ms) => Math.floor((TEST_NOW_MS + ms) / 60_000));
          const peak = Math.max(...[...minutes.values()].map((each) => each.length));
          expect(await countsOf(id)).toEqual({
            rows: total,
            held: total,
            hours: total,
            minutes: total,
            peak,
          });
          const buckets = (await rowsOf('usage_hours', id)).flatMap((row) =>
            Object.entries(row).filter(([name]) => /^b\d+$/.test(name)),
          );
          expect(buckets.reduce((all, [, value]) => all + Number(value), 0)).toBe(total);
        },
      ),
      { numRuns: LONG ? 60 : 6 },
    );
  });
});

/** Fills an organisation's log by the consumer's own way: `count` calls a second apart, the last at `lastMs`. */
async function fill(id: string, count: number, lastMs = TEST_NOW_MS): Promise<void> {
  const entries = Array.from({ length: count }, (_, index) =>
    entryOf({ organisationId: id, atMs: lastMs - (count - 1 - index) * 1_000 }),
  );
  while (entries.length > 0) {
    const messages = Array.from({ length: 10 }, () => entries.splice(0, 200)).filter(
      (each) => each.length > 0,
    );
    await deliver(messages.map((each) => messageOf(each)));
  }
}

describe('an organisation’s log', () => {
  it('keeps its newest 10,000 rows, and nothing of another is touched', { timeout: 120_000 }, async () => {
    const [id, other] = [await organisationId(), await organisationId()];
    await fill(other, 5, TEST_NOW_MS - 86_400_000);
    await fill(id, 10_600);
    const { rows, held } = await countsOf(id);
    expect(rows).toBe(10_000);
    expect(held).toBe(10_000);
    const oldest = await env.DB.prepare('SELECT min(at_ms) FROM request_log WHERE organisation_id = ?1')
      .bind(id)
      .first('min(at_ms)');
    expect(oldest).toBe(TEST_NOW_MS - 9_999_000);
    // A few more stay until the next tick.
    await fill(id, 20, TEST_NOW_MS + 60_000);
    expect((await countsOf(id)).rows).toBe(10_020);
    await runTick(TEST_NOW_MS + 120_000);
    expect(await countsOf(id)).toMatchObject({ rows: 10_000, held: 10_000, hours: 10_620 });
    expect((await countsOf(other)).rows).toBe(5);
  });

  it('forgets rows after 30 days and sums after 31, minutes after 3, messages after 15', async () => {
    const id = await organisationId();
    const DAY = 86_400_000;
    await fill(id, 2);
    await fill(id, 3, TEST_NOW_MS + DAY);
    const at = async (days: number) => {
      await runTick(TEST_NOW_MS + days * DAY + 3_600_000);
      return {
        rows: (await rowsOf('request_log', id)).length,
        hours: (await rowsOf('usage_hours', id)).length,
        minutes: (await rowsOf('usage_minutes', id)).length,
        messages: (await rowsOf('request_messages')).length > 0,
      };
    };
    expect(await at(2)).toEqual({ rows: 5, hours: 4, minutes: 4, messages: true });
    expect(await at(5)).toEqual({ rows: 5, hours: 4, minutes: 0, messages: true });
    expect(await at(17)).toEqual({ rows: 5, hours: 4, minutes: 0, messages: false });
    expect(await at(30)).toEqual({ rows: 3, hours: 4, minutes: 0, messages: false });
    expect(await at(33)).toEqual({ rows: 0, hours: 0, minutes: 0, messages: false });
    expect((await rowsOf('request_log_sizes', id))[0]?.['held']).toBe(0);
  });
});
