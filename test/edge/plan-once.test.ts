/** Work planned once for many requests, and again where the request that planned it took the plan with it. */
import { expect, it } from 'vitest';
import { type Planned, planOnce } from '#edge/plan-once.ts';
import { testScope } from '../support/scope.ts';

it('is planned by the first request, and by a later one when that was 30 seconds ago', async () => {
  const works: Promise<unknown>[] = [];
  const scope = { ...testScope(), defer: (work: Promise<unknown>) => void works.push(work) };
  const planned: Planned = { plannedAtMs: undefined };
  let runs = 0;
  const askAt = (nowMs: number) =>
    planOnce(scope, planned, { nowMs, pauseMs: 5 }, async () => {
      runs += 1;
    });
  for (const nowMs of [0, 1, 29_999]) askAt(nowMs);
  expect(works).toHaveLength(1);
  askAt(30_000);
  expect(works).toHaveLength(2);
  await Promise.all(works);
  expect({ runs, planned }).toEqual({ runs: 2, planned: { plannedAtMs: undefined } });
  askAt(30_001);
  expect(works).toHaveLength(3);
  await Promise.all(works);
});
