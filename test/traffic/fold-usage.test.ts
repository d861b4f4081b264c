/** Usage of old hours is folded into longer stretches, and every period reads as before. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { foldOldUsage } from '#traffic/fold-usage.flow.ts';
import { LATENCY_BUCKETS } from '#traffic/latency.ts';
import { readUsage } from '#traffic/read-usage.flow.ts';
import { USAGE_PERIODS } from '#traffic/usage.ts';
import { rowsOf } from '../support/requests.ts';
import { TEST_NOW_MS, testScope } from '../support/scope.ts';

// A time of its own: other tests have usage too.
const NOW_MS = TEST_NOW_MS + 900 * 86_400_000;
const HOUR = Math.floor(NOW_MS / 3_600_000);
const DAYS = 31;

/** Calls of two clients by two routes in each hour of 31 days, each with its own number and its own times. */
async function insertUsage(organisationId: string): Promise<void> {
  const buckets = Array.from({ length: LATENCY_BUCKETS }, (_, bucket) =>
    bucket < 3 ? `1 + h.value % ${bucket + 2}` : '0',
  );
  await env.DB.prepare(
    `INSERT INTO usage_hours SELECT ?1, ?2 - h.value, 'client-' || c.value, 'GET /route-' || r.value,
       iif(h.value % 5 = 0, 404, 200), iif(h.value % 5 = 0, 'not_found', ''), 10 + h.value % 7, ${buckets.join(', ')}
     FROM json_each(?3) h, json_each('[0, 1]') c, json_each('[0, 1]') r`,
  )
    .bind(organisationId, HOUR, JSON.stringify(Array.from({ length: DAYS * 24 }, (_, hour) => hour)))
    .run();
}

async function hoursOf(organisationId: string): Promise<number[]> {
  return (await rowsOf('usage_hours', organisationId)).map((row) => HOUR - Number(row['hour']));
}

it('leaves a month as few rows, which say the same of every period', async () => {
  const organisationId = crypto.randomUUID();
  await insertUsage(organisationId);
  const read = () =>
    Promise.all(
      USAGE_PERIODS.map((period) => readUsage(testScope({ nowMs: NOW_MS }), organisationId, { period })),
    );
  const before = await read();
  // As the schedule would have come by each hour; each run looks back four days.
  for (let day = DAYS; day >= 0; day -= 1) {
    await foldOldUsage(testScope({ nowMs: NOW_MS - day * 86_400_000 }));
  }
  expect(await read()).toEqual(before);
  const ages = await hoursOf(organisationId);
  expect(ages.filter((age) => age < 30)).toHaveLength(30 * 4);
  // Four combinations, and the two that are errors or not: at most eight rows a stretch.
  expect(ages.filter((age) => age >= 36 && age < 8 * 24).length).toBeLessThanOrEqual((26 + 1) * 8);
  expect(ages.filter((age) => age >= 9 * 24).length).toBeLessThanOrEqual((22 + 1) * 8);
  await foldOldUsage(testScope({ nowMs: NOW_MS }));
  expect(await hoursOf(organisationId)).toEqual(ages);
});

it('adds what came late to the stretch that is folded already', async () => {
  const organisationId = crypto.randomUUID();
  const scope = testScope({ nowMs: NOW_MS });
  const insert = (hoursAgo: number) =>
    env.DB.prepare(
      `INSERT INTO usage_hours VALUES (?1, ?2, 'c', 'r', 200, '', 3, 3${', 0'.repeat(LATENCY_BUCKETS - 1)})`,
    )
      .bind(organisationId, Math.floor((HOUR - 48) / 6) * 6 + hoursAgo)
      .run();
  for (const hour of [0, 2, 5]) {
    await insert(hour);
    await foldOldUsage(scope);
  }
  expect(await rowsOf('usage_hours', organisationId)).toMatchObject([{ requests: 9, b0: 9, b1: 0 }]);
});
