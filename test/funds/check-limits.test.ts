/** Ten checks a minute and two hundred a day under one consent, whatever happens around them. */
import { abortAllDurableObjects } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { secondsUntilRoom } from '#funds/funds-confirmation.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { keptChecks, makeAsker, seededTenant } from '../support/funds.ts';

let tenantId: string;

beforeAll(async () => {
  tenantId = await seededTenant();
});

type Asker = Awaited<ReturnType<typeof makeAsker>>;

async function asks(asker: Asker, app: TestApp, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n += 1) statuses.push((await asker.ask('1.00', 'GBP', app)).status);
  return statuses;
}

const times = (count: number, status: number) => Array.from({ length: count }, () => status);

it('lets ten through in any minute, says when to come back, and keeps that', async () => {
  const app = testApp();
  const asker = await makeAsker({ app, tenantId });
  expect(await asks(asker, app, 4)).toEqual(times(4, 201));
  app.advance(20_000);
  expect(await asks(asker, app, 6)).toEqual(times(6, 201));
  const full = await asker.ask('1.00');
  expect(full.status).toBe(429);
  expect(full.headers.get('retry-after')).toBe('40');
  // The client itself is far from its own limit, and is told so.
  expect(full.headers.get('ratelimit')).toMatch(/^"default";r=[1-9]\d*;t=\d+$/);
  expect(await full.json()).toMatchObject({
    code: 'rate_limit_exceeded',
    message: 'A consent allows 10 checks a minute and 200 a day.',
  });
  app.advance(39_000);
  expect((await asker.ask('1.00')).headers.get('retry-after')).toBe('1');
  app.advance(1_000);
  expect(await asks(asker, app, 5)).toEqual([...times(4, 201), 429]);
  expect(await keptChecks(asker.consentId)).toHaveLength(14);
});

it('holds in another isolate and after every object was evicted', async () => {
  const app = testApp();
  const asker = await makeAsker({ app, tenantId });
  expect(await asks(asker, app, 10)).toEqual(times(10, 201));
  await abortAllDurableObjects();
  expect(await asks(asker, testApp(), 1)).toEqual([429]);
});

it('holds when many ask at once: ten of thirty', async () => {
  const app = testApp();
  const asker = await makeAsker({ app, tenantId });
  const answers = await Promise.all(Array.from({ length: 30 }, () => asker.ask('1.00')));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(20);
  expect(await keptChecks(asker.consentId)).toHaveLength(10);
});

it('is of one consent: another of the same account has its own', async () => {
  const app = testApp();
  const first = await makeAsker({ app, tenantId });
  const second = await makeAsker({ app, tenantId });
  expect(await asks(first, app, 11)).toEqual([...times(10, 201), 429]);
  expect(await asks(second, app, 1)).toEqual([201]);
});

it('does not count what was refused', async () => {
  const app = testApp();
  const asker = await makeAsker({ app, tenantId });
  for (let n = 0; n < 12; n += 1) expect((await asker.ask('1.00', 'EUR')).status).toBe(422);
  expect(await asks(asker, app, 11)).toEqual([...times(10, 201), 429]);
});

it('lets two hundred through in any day', async () => {
  const app = testApp();
  const asker = await makeAsker({ app, tenantId });
  for (let round = 0; round < 20; round += 1) {
    expect(await asks(asker, app, 10)).toEqual(times(10, 201));
    app.advance(60_000);
  }
  const full = await asker.ask('1.00');
  expect([full.status, full.headers.get('retry-after')]).toEqual([429, String(86_400 - 20 * 60)]);
  app.advance((86_400 - 20 * 60 - 1) * 1_000);
  expect(await asks(asker, app, 1)).toEqual([429]);
  app.advance(1_000);
  expect(await asks(asker, app, 11)).toEqual([...times(10, 201), 429]);
});

describe('the wait', () => {
  it.each([
    [null, null, undefined],
    [1_000, null, 60],
    [941, null, 1],
    [null, 1_000, 86_400],
    [1_000, 1_000, 86_400],
    [1_000, 1_000 - 86_399, 60],
  ])('minute full since %s, day since %s: %s s', (minuteFullSince, dayFullSince, expected) => {
    const facts = { fundsAvailable: null, accountCurrency: null, minuteFullSince, dayFullSince };
    expect(secondsUntilRoom(facts, 1_000)).toBe(expected);
  });
});
