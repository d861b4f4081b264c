/**
 * Everything at once in bad weather: D1 fails 5, 20 and 50 calls of 100, before what they do or after it; all objects are
 * aborted every 50 requests; what the outbox holds is delivered up to five times, in another order. Answers are what was
 * asked for, a refusal, or 503 with Retry-After; nothing acknowledged is lost and nothing happens twice.
 */
import { abortAllDurableObjects } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { FUNDS_PATH, keptChecks, makeAsker, question } from '../support/funds.ts';
import { ledgerFaults } from '../support/ledger.ts';
import { type LinkedTpp, linkTpp } from '../support/linked-tpp.ts';
import {
  balanceOf,
  newPayable,
  openPaying,
  PAYMENTS_PATH,
  type Payable,
  type Paying,
} from '../support/paying.ts';
import { TEST_NOW_MS } from '../support/scope.ts';
import { runTick } from '../support/tick.ts';
import { newTpp, type Tpp } from '../support/tpp.ts';
import { randomOf, type Weather, weatherOf } from '../support/weather.ts';

const SEEDS = env.TEST_LENGTH === 'long' ? 20 : 1;
const REQUESTS = env.TEST_LENGTH === 'long' ? 300 : 150;
/** Requests on their way at once. */
const TOGETHER = 5;
const ABORT_EVERY = 50;
const LONGEST_MS = 30_000;
const CONSENTS = '/open-banking/v1/consents';
const AMOUNT = 16_588;
const BEGIN_MINOR = 100_000_000;
const UNLIMITED = { RATE_LIMIT_PER_MINUTE: '1000000' };

/** An answer, read. */
interface Told {
  readonly what: string;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
  readonly ms: number;
}

/** One run: the app in the weather, one without, and what was acknowledged. */
interface Run {
  readonly app: TestApp;
  readonly calm: TestApp;
  readonly random: () => number;
  readonly tpp: LinkedTpp;
  readonly paying: Paying;
  readonly payables: readonly {
    readonly payable: Payable;
    readonly key: string;
    readonly answers: Set<string>;
  }[];
  readonly asker: Awaited<ReturnType<typeof makeAsker>>;
  readonly leaving: { readonly tpp: LinkedTpp; isGone: boolean }[];
  readonly newcomers: Tpp[];
  readonly consents: Map<string, 'awaiting_authorization' | 'revoked' | 'unknown'>;
  readonly checks: Set<string>;
  readonly told: Told[];
}

beforeAll(async () => {
  // What the outbox ever held, to be delivered again.
  await env.DB.batch([
    env.DB.prepare('CREATE TABLE outbox_seen (topic TEXT, subject TEXT, payload TEXT, created_at INTEGER)'),
    env.DB.prepare(
      `CREATE TRIGGER outbox_is_seen AFTER INSERT ON outbox WHEN new.payload NOT LIKE '% again' BEGIN
         INSERT INTO outbox_seen VALUES (new.topic, new.subject, new.payload, new.created_at); END`,
    ),
  ]);
});

async function openRun(seed: number, weather: Weather): Promise<Run> {
  const calm = testApp({ bindings: UNLIMITED });
  const paying = await openPaying({ bookedMinor: BEGIN_MINOR });
  const payables = await Promise.all(
    Array.from({ length: 12 }, async () => ({
      payable: await newPayable(paying),
      key: crypto.randomUUID(),
      answers: new Set<string>(),
    })),
  );
  const leaving = [];
  for (let n = 0; n < 3; n += 1) leaving.push({ tpp: await linkTpp(calm), isGone: false });
  return {
    app: testApp({ bindings: { ...UNLIMITED, DB: weather.binding } }),
    calm,
    random: randomOf(seed),
    tpp: await linkTpp(calm),
    paying,
    payables,
    asker: await makeAsker({ app: calm }),
    leaving,
    newcomers: [],
    consents: new Map(),
    checks: new Set(),
    told: [],
  };
}

/** Sends a request and notes what came of it. */
async function send(run: Run, what: string, path: string, init: RequestInit = {}): Promise<Told> {
  const begunMs = performance.now();
  const answer = await run.app.request(path, init);
  const told = {
    what,
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    text: await answer.text(),
    ms: performance.now() - begunMs,
  };
  run.told.push(told);
  return told;
}

function json(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

function pick<T>(run: Run, list: readonly T[]): T | undefined {
  return list[Math.floor(run.random() * list.length)];
}

async function form(parameters: Record<string, string>, tpp: Tpp): Promise<RequestInit> {
  return { method: 'POST', body: new URLSearchParams({ ...parameters, ...(await tpp.credentials()) }) };
}

/** What a TPP does; each notes what was acknowledged. */
const STEPS: Readonly<Record<string, (run: Run) => Promise<unknown>>> = {
  accounts: (run) => send(run, 'accounts', '/open-banking/v1/accounts', { headers: run.tpp.headers }),
  transactions: (run) =>
    send(run, 'transactions', '/open-banking/v1/transactions', { headers: run.tpp.headers }),
  token: async (run) =>
    send(run, 'token', '/oauth/token', await form({ grant_type: 'client_credentials' }, run.tpp)),
  refresh: async (run) =>
    send(
      run,
      'refresh',
      '/oauth/token',
      await form({ grant_type: 'refresh_token', refresh_token: run.tpp.refreshToken }, run.tpp),
    ),
  consent: async (run) => {
    const body = { consent_type: 'account-access', permissions: ['ReadAccounts'] };
    const { status, text } = await send(
      run,
      'consent',
      CONSENTS,
      json(body, { authorization: `Bearer ${run.tpp.ownToken}` }),
    );
    if (status === 201) {
      run.consents.set((JSON.parse(text) as { consent_id: string }).consent_id, 'awaiting_authorization');
    }
  },
  revocation: async (run) => {
    const consentId = pick(run, [...run.consents.keys()]);
    if (consentId === undefined) return;
    const before = run.consents.get(consentId) ?? 'unknown';
    run.consents.set(consentId, before === 'revoked' ? 'revoked' : 'unknown');
    const { status } = await send(run, 'revocation', `${CONSENTS}/${consentId}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${run.tpp.ownToken}` },
    });
    if (status === 204) run.consents.set(consentId, 'revoked');
  },
  list: (run) => send(run, 'list', CONSENTS, { headers: { authorization: `Bearer ${run.tpp.ownToken}` } }),
  payment: async (run) => {
    const chosen = pick(run, run.payables);
    if (chosen === undefined) return;
    const { payable, key, answers } = chosen;
    const { status, text } = await send(
      run,
      'payment',
      PAYMENTS_PATH,
      json({ payment: payable.payment }, { ...payable.headers, 'idempotency-key': key }),
    );
    if (status === 201) answers.add(text);
  },
  check: async (run) => {
    const { status, text } = await send(
      run,
      'check',
      FUNDS_PATH,
      json(question('1.00'), await run.asker.headers()),
    );
    if (status === 201)
      run.checks.add((JSON.parse(text) as { funds_confirmation_id: string }).funds_confirmation_id);
  },
  newcomer: async (run) => {
    if (run.newcomers.length >= 4) return;
    run.newcomers.push(await newTpp(run.calm));
  },
  leave: async (run) => {
    const one = pick(run, run.leaving);
    if (one === undefined || run.random() < 0.7) return;
    const { status } = await send(run, 'leave', `/register/${one.tpp.clientId}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${one.tpp.registrationToken}` },
    });
    if (status === 204) one.isGone = true;
  },
  status: (run) => send(run, 'status', '/status'),
};
const NAMES = Object.keys(STEPS);

async function endure(run: Run): Promise<void> {
  let aborts = 0;
  while (run.told.length < REQUESTS) {
    const names = Array.from({ length: TOGETHER }, () => pick(run, NAMES) ?? 'status');
    const steps = Promise.all(names.map(async (name) => STEPS[name]?.(run)));
    if (run.told.length >= (aborts + 1) * ABORT_EVERY) {
      aborts += 1;
      // In the middle of what is on its way.
      await scheduler.wait(1);
      await abortAllDurableObjects();
    }
    await steps;
  }
}

/** Delivers everything the outbox ever held once to five times more, in another order. */
async function deliverAgain(run: Run): Promise<void> {
  const { results } =
    await env.DB.prepare('SELECT * FROM outbox_seen').all<Record<string, string | number>>();
  await env.DB.prepare('DELETE FROM outbox_seen').run();
  const again = results
    .flatMap((row) => Array.from({ length: 1 + Math.floor(run.random() * 5) }, () => row))
    .map((row) => ({ row, place: run.random() }))
    .toSorted((a, b) => a.place - b.place);
  if (again.length > 0) {
    await env.DB.batch(
      again.map(({ row }) =>
        env.DB.prepare(
          "INSERT INTO outbox (topic, subject, payload, created_at, due_at, attempts) VALUES (?1, ?2, ?3 || ' again', ?4, 0, 0)",
        ).bind(row['topic'], row['subject'], row['payload'], row['created_at']),
      ),
    );
    await env.DB.prepare("UPDATE outbox SET payload = replace(payload, ' again', '')").run();
  }
  // Rows that failed on the way are due again within the hour.
  for (let tick = 1; tick <= 3; tick += 1) await runTick(TEST_NOW_MS + tick * 3_900_000);
  const left = await env.DB.prepare('SELECT topic, subject FROM outbox').all();
  expect(left.results).toEqual([]);
}

function expectAnswers({ told }: Run): void {
  const odd = told.filter(
    // Of funds checks a consent has a handful a minute.
    ({ what, status, retryAfter }) =>
      !(status < 500 || (status === 503 && Number(retryAfter) > 0)) || (status === 429 && what !== 'check'),
  );
  expect(odd).toEqual([]);
  expect(told.filter(({ ms }) => ms > LONGEST_MS)).toEqual([]);
}

async function expectNothingLost(run: Run): Promise<void> {
  const { calm, tpp } = run;
  const own = { authorization: `Bearer ${tpp.ownToken}` };
  for (const [consentId, status] of run.consents) {
    const answer = await calm.request(`${CONSENTS}/${consentId}`, { headers: own });
    const body = await answer.json<{ status: string }>();
    const allowed = status === 'unknown' ? ['awaiting_authorization', 'revoked'] : [status];
    expect(allowed).toContain(body.status);
  }
  const listed = await calm.request(`${CONSENTS}?limit=100`, { headers: own });
  const { data } = await listed.json<{ data: { consent_id: string }[] }>();
  // All of them, and any whose answer was lost.
  expect(data.map(({ consent_id: id }) => id)).toEqual(expect.arrayContaining([...run.consents.keys()]));
  for (const { tpp: gone, isGone } of run.leaving) {
    const token = await calm.request('/oauth/token', await form({ grant_type: 'client_credentials' }, gone));
    const read = await calm.request('/open-banking/v1/accounts', { headers: gone.headers });
    if (isGone) expect([token.status, read.status]).toEqual([401, 401]);
    else expect([token.status, read.status].every((status) => status === 200 || status === 401)).toBe(true);
  }
  for (const newcomer of run.newcomers) {
    const answer = await calm.request(
      '/oauth/token',
      await form({ grant_type: 'client_credentials' }, newcomer),
    );
    expect(answer.status).toBe(200);
  }
}

async function expectNothingTwice(run: Run): Promise<void> {
  const { tenantId } = run.paying;
  for (const { payable, key, answers } of run.payables) {
    const again = await run.calm.request(
      PAYMENTS_PATH,
      json({ payment: payable.payment }, { ...payable.headers, 'idempotency-key': key }),
    );
    expect(again.status).toBe(201);
    answers.add(await again.text());
    expect(answers.size).toBe(1);
  }
  const payments = await env.DB.prepare('SELECT count(*) AS n FROM payments WHERE tenant_id = ?1')
    .bind(tenantId)
    .first<{ n: number }>();
  expect(payments?.n).toBe(run.payables.length);
  expect(await balanceOf(tenantId)).toEqual([BEGIN_MINOR - run.payables.length * AMOUNT, 0]);
  expect(await ledgerFaults(tenantId)).toEqual([]);
  const kept = (await keptChecks(run.asker.consentId)).map((row) => String(row['funds_confirmation_id']));
  expect(kept).toEqual(expect.arrayContaining([...run.checks]));
}

describe.each([0.05, 0.2, 0.5])('while D1 fails %d of its calls', (share) => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
    'seed %d: only honest answers, nothing lost, nothing twice',
    async (seed) => {
      const weather = weatherOf(seed * 1000 + share * 100);
      const run = await openRun(seed, weather);
      weather.share = share;
      await endure(run);
      weather.share = 0;
      expect(weather.failed()).toBeGreaterThan(0);
      expectAnswers(run);
      await deliverAgain(run);
      await expectNothingLost(run);
      await expectNothingTwice(run);
    },
    180_000,
  );
});
