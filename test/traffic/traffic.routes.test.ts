/** The request log and usage by API key: filters, pages, sums, and one organisation never another's. */
import { beforeAll, describe, expect, it } from 'vitest';
import { renderCursor } from '#kernel/cursor.ts';
import type { WireRequest, WireRequestList, WireUsage } from '#traffic/traffic-answer.schema.ts';
import { insertOrganisationWithKey, type TestOrganisation } from '../support/api-key.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { linkTpp } from '../support/linked-tpp.ts';
import { deliver, entryOf, messageOf } from '../support/requests.ts';
import { TEST_NOW_MS } from '../support/scope.ts';
import { newTpp, type Tpp } from '../support/tpp.ts';

const app: TestApp = testApp();

async function ask(path: string, apiKey: string): Promise<Response> {
  return app.request(`/developer/v1${path}`, { headers: { authorization: `Bearer ${apiKey}` } });
}

async function answered<T>(path: string, apiKey: string): Promise<T> {
  const answer = await ask(path, apiKey);
  expect(answer.status).toBe(200);
  return answer.json<T>();
}

/** An organisation of one client with calls of the client and of the key, in the hours before now. */
async function busyOrganisation() {
  const tpp: Tpp = await newTpp(app);
  const own = { clientId: tpp.clientId };
  const key = { organisationId: tpp.organisation.organisationId, credential: 'sk_sandbox_...abcd' };
  const repeated = crypto.randomUUID();
  await deliver([
    messageOf([
      ...Array.from({ length: 30 }, (_, index) =>
        entryOf({
          ...own,
          atMs: TEST_NOW_MS - index * 1_000,
          ms: 10 + index,
          requestId: crypto.randomUUID(),
        }),
      ),
      entryOf({ ...own, atMs: TEST_NOW_MS - 60_000, status: 429, code: 'rate_limit_exceeded' }),
      entryOf({
        ...own,
        atMs: TEST_NOW_MS - 61_000,
        status: 429,
        code: 'rate_limit_exceeded',
        requestId: repeated,
      }),
      entryOf({ ...own, atMs: TEST_NOW_MS - 7_200_000, route: 'POST /oauth/token', requestId: repeated }),
      entryOf({
        ...key,
        atMs: TEST_NOW_MS - 3 * 86_400_000,
        route: 'POST /sandbox/software-statements',
        status: 400,
        code: 'invalid_request',
      }),
    ]),
  ]);
  return { ...tpp, repeated };
}

let acorn: Awaited<ReturnType<typeof busyOrganisation>>;
let bramble: Awaited<ReturnType<typeof busyOrganisation>>;
let key: string;
beforeAll(async () => {
  acorn = await busyOrganisation();
  bramble = await busyOrganisation();
  key = acorn.organisation.apiKey;
});

const ACCOUNT = '/open-banking/v1/accounts/{account_id}';

describe('the list of calls', () => {
  it('shows a call whole', async () => {
    const { data, links } = await answered<WireRequestList>('/requests?limit=1', key);
    expect(data).toEqual([
      {
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        at: new Date(TEST_NOW_MS).toISOString(),
        method: 'GET',
        route: ACCOUNT,
        status: 200,
        code: null,
        duration_ms: 10,
        client_id: acorn.clientId,
        credential: 'token 1a2b3c4d',
      },
    ]);
    expect(links).toEqual({ self: '/requests?limit=1', next: expect.stringMatching(/&cursor=/) as string });
  });

  it('is walked by its links, each call once, while new ones come, and back again', async () => {
    const seen: WireRequest[] = [];
    let path: string | undefined = '/requests?limit=7';
    let last: WireRequestList | undefined;
    while (path !== undefined) {
      last = await answered<WireRequestList>(path, key);
      seen.push(...last.data);
      path = last.links.next;
      if (seen.length === 7) {
        await deliver([messageOf([entryOf({ clientId: acorn.clientId, atMs: TEST_NOW_MS + 5_000 })])]);
      }
    }
    expect(seen).toHaveLength(34);
    expect(new Set(seen.map(({ request_id, at }) => `${request_id} ${at}`)).size).toBe(34);
    const times = seen.map(({ at }) => at);
    expect(times).toEqual(times.toSorted().toReversed());
    const back = await answered<WireRequestList>(last?.links.prev ?? '', key);
    expect(back.data).toEqual(seen.slice(21, 28));
    expect(back.links.next).toBeDefined();
  });

  it.each<[string, string, number]>([
    ['of a status', 'status=429', 2],
    ['of a class', 'status=4xx', 3],
    ['of a class without any', 'status=5xx', 0],
    ['of an error', 'code=invalid_request', 1],
    ['of a method', 'method=post', 2],
    ['of a route', `route=${encodeURIComponent('/oauth/token')}`, 1],
    ['of a day', 'to=2026-11-21', 1],
    ['since a moment', 'from=2026-11-22T11:59:50Z', 12],
    ['between two', 'from=2026-11-22T09:00:00Z&to=2026-11-22T10:00:00Z', 1],
    ['of a method and status', 'method=GET&status=429', 2],
    ['of a method that has none', 'method=HEAD', 0],
    ['since the millisecond that a call shows', 'from=2026-11-22T11:59:50.000Z', 12],
    ['since a later millisecond of that second', 'from=2026-11-22T11:59:50.001Z', 11],
    ['up to a second', 'from=2026-11-22T11:59:49Z&to=2026-11-22T11:59:50Z', 2],
    ['up to a millisecond', 'from=2026-11-22T11:59:49.001Z&to=2026-11-22T11:59:49.9Z', 0],
    ['with empty filters', 'status=&code=&method=POST&client_id=', 2],
  ])('is cut down to calls %s', async (_name, query, count) => {
    const { data } = await answered<WireRequestList>(`/requests?limit=100&${query}`, key);
    expect(data).toHaveLength(count);
  });

  it('is cut down to a client and to a request id', async () => {
    const ofClient = await answered<WireRequestList>(`/requests?limit=100&client_id=${acorn.clientId}`, key);
    expect(ofClient.data.every(({ client_id }) => client_id === acorn.clientId)).toBe(true);
    const ofId = await answered<WireRequestList>(`/requests?request_id=${acorn.repeated}`, key);
    expect(ofId.data.map(({ route }) => route)).toEqual([ACCOUNT, '/oauth/token']);
  });

  it.each([
    ['client_id', 'client_id=x'],
    ['status', 'status=7xx'],
    ['code', "code=x'--"],
    ['method', 'method=TRACE'],
    ['route', 'route=accounts'],
    ['request_id', 'request_id=1'],
    ['from', 'from=yesterday'],
    ['from', 'from=2026-11-22&to=2026-11-21'],
    ['to', 'to=2026-02-30'],
    ['limit', 'limit=101'],
    ['cursor', 'cursor=abc'],
  ])('refuses a wrong %s by its name', async (field, query) => {
    const answer = await ask(`/requests?${query}`, key);
    expect(answer.status).toBe(400);
    const body = await answer.json<{ code: string; errors: { field: string }[] }>();
    expect([body.code, body.errors.map((error) => error.field)]).toEqual(['invalid_request', [field]]);
  });

  it('takes a cursor for its own filters and organisation alone', async () => {
    const { links } = await answered<WireRequestList>('/requests?limit=0001', key);
    const cursor = new URL(links.next ?? '', 'http://x').searchParams.get('cursor') ?? '';
    expect((await ask(`/requests?limit=3&cursor=${cursor}`, key)).status).toBe(200);
    expect((await ask(`/requests?status=200&cursor=${cursor}`, key)).status).toBe(400);
    expect((await ask(`/requests?cursor=${cursor}`, bramble.organisation.apiKey)).status).toBe(400);
  });

  it.each([
    ['', ''],
    ['status=429&from=2026-11-21&', 'status=429\nfrom=2026-11-21'],
  ])('takes cursors of the version before, of "%s"', async (query, binding) => {
    const position = { createdAt: TEST_NOW_MS, id: 'x', direction: 'next' } as const;
    const list = `requests ${acorn.organisation.organisationId}\n${binding}`;
    const cursor = await renderCursor(position, list);
    expect((await ask(`/requests?${query}cursor=${cursor}`, key)).status).toBe(200);
  });
});

describe('one call', () => {
  it('is found by its id, the newest that has it', async () => {
    expect(await answered<WireRequest>(`/requests/${acorn.repeated}`, key)).toMatchObject({
      request_id: acorn.repeated,
      status: 429,
    });
  });

  it('is not there for another organisation, as one that never was', async () => {
    for (const id of [acorn.repeated, crypto.randomUUID(), 'x']) {
      expect((await ask(`/requests/${id}`, bramble.organisation.apiKey)).status).toBe(404);
    }
  });
});

describe('usage', () => {
  it('adds up the running period', async () => {
    const usage = await answered<WireUsage>('/usage', bramble.organisation.apiKey);
    expect(usage).toMatchObject({
      period: '24h',
      from: '2026-11-21T13:00:00Z',
      to: '2026-11-22T13:00:00Z',
      total: { requests: 33, errors: 2, busiest_minute: 30 },
      errors: [{ status: 429, code: 'rate_limit_exceeded', requests: 2 }],
    });
    expect(usage.series).toHaveLength(24);
    expect(usage.series.map(({ requests }) => requests).slice(-3)).toEqual([1, 31, 1]);
    const within = (truth: number) => (found: number | null) =>
      found !== null && Math.abs(found - truth) <= truth * 0.13;
    expect(usage.total.p50_ms).toSatisfy(within(24));
    expect(usage.total.p95_ms).toSatisfy(within(38));
    expect(usage.routes.map(({ method, route, requests }) => [method, route, requests])).toEqual([
      ['GET', ACCOUNT, 32],
      ['POST', '/oauth/token', 1],
    ]);
    expect(usage.applications).toMatchObject([{ client_id: bramble.clientId, requests: 33 }]);
    expect(usage.rate_limit).toBeUndefined();
  });

  it.each([
    ['7d', 28, '2026-11-15T18:00:00Z'],
    ['30d', 30, '2026-10-24T00:00:00Z'],
  ])('of %s has %d stretches and the API key’s call', async (period, stretches, from) => {
    const usage = await answered<WireUsage>(`/usage?period=${period}`, bramble.organisation.apiKey);
    expect(usage).toMatchObject({ period, from, total: { requests: 34, errors: 3 } });
    expect(usage.series).toHaveLength(stretches);
    expect(usage.applications.map(({ client_id, requests }) => [client_id, requests])).toEqual([
      [bramble.clientId, 33],
      [null, 1],
    ]);
  });

  it('counts every client, where there are more routes of clients than it lists', async () => {
    const tpp = await newTpp(app);
    const { organisationId, apiKey } = tpp.organisation;
    const calls = Array.from({ length: 520 }, (_, index) =>
      entryOf({ clientId: tpp.clientId, organisationId, route: `GET /open-banking/v1/route-${index}` }),
    );
    await deliver([0, 200, 400].map((from) => messageOf(calls.slice(from, from + 200))));
    const { total, applications, routes } = await answered<WireUsage>('/usage', apiKey);
    expect(routes).toHaveLength(500);
    expect(applications).toMatchObject([{ client_id: tpp.clientId, requests: 520 }]);
    expect(total.requests).toBe(520);
  });

  it('leaves calls by API key, which have limits of their own, out of the busiest minute', async () => {
    const { organisationId, apiKey } = await insertOrganisationWithKey();
    const call = { organisationId, credential: 'sk_sandbox_...abcd', route: 'POST /sandbox/reset' };
    await deliver([messageOf([entryOf(call), entryOf(call)])]);
    const { total, series, applications } = await answered<WireUsage>('/usage', apiKey);
    expect([total.requests, total.busiest_minute, series.at(-1)?.busiest_minute]).toEqual([2, 0, 0]);
    expect(applications).toMatchObject([{ client_id: null, busiest_minute: 2 }]);
  });

  it('of a client says what is left of its window, without counting in it', async () => {
    const fresh = testApp();
    const tpp = await linkTpp(fresh);
    const before = await fresh.request('/open-banking/v1/accounts', { headers: tpp.headers });
    const remaining = Number(/r=(\d+)/.exec(before.headers.get('ratelimit') ?? '')?.[1]);
    for (let n = 0; n < 3; n += 1) {
      const answer = await fresh.request(`/developer/v1/usage?client_id=${tpp.clientId}`, {
        headers: { authorization: `Bearer ${tpp.organisation.apiKey}` },
      });
      expect((await answer.json<WireUsage>()).rate_limit).toEqual({
        requests_per_minute: 100,
        remaining,
        reset_seconds: 60,
      });
    }
  });

  it('refuses another period, and tells nothing of another’s client', async () => {
    expect((await ask('/usage?period=1y', key)).status).toBe(400);
    expect((await ask('/usage?client_id=x', key)).status).toBe(400);
    expect((await ask(`/usage?client_id=${bramble.clientId}`, key)).status).toBe(404);
    expect((await ask(`/usage?client_id=${crypto.randomUUID()}`, key)).status).toBe(404);
  });
});

describe('an API key', () => {
  it('opens the log and usage of its own organisation alone', async () => {
    const stranger: TestOrganisation = await insertOrganisationWithKey();
    expect((await answered<WireRequestList>('/requests', stranger.apiKey)).data).toEqual([]);
    const usage = await answered<WireUsage>('/usage?period=30d', stranger.apiKey);
    expect([usage.total.requests, usage.applications, usage.routes, usage.errors]).toEqual([0, [], [], []]);
  });

  it.each([
    ['usage', '/requests'],
    ['usage', '/requests/0b2f1f4e-8f5e-4f43-9f39-5f1a1b3c9d10'],
    ['requests', '/usage'],
  ] as const)('with the scope %s alone does not open %s', async (scope, path) => {
    const { apiKey } = await insertOrganisationWithKey({ scopes: [scope] });
    const answer = await ask(path, apiKey);
    expect(answer.status).toBe(403);
    expect((await answer.json<{ code: string }>()).code).toBe('insufficient_scope');
  });

  it('is limited with all keys of its organisation together', async () => {
    const { apiKey } = await insertOrganisationWithKey();
    const statuses: number[] = [];
    for (let n = 0; n < 101; n += 1) statuses.push((await ask('/requests?limit=1', apiKey)).status);
    expect(statuses.indexOf(429)).toBe(100);
  });
});
